"""`python -m tests.bench`: everything that the goals of docs/measurements.md are about, side by side in one run, as a table or JSON."""

import argparse
import contextlib
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from tests.bench import load, measures, peer
from tests.bench.measures import Bench, Row
from tests.db.server import PostgresServer
from tests.serving import serving
from volary.server.programs import free_port

_MEASURES = {
    "a": Bench.bearer_reads,
    "b": Bench.signed_reads,
    "c": Bench.posts,
    "d": Bench.exchanges,
    "e": Bench.refreshes,
    "f": Bench.sign_ins,
}
_TAKEN = 8_000
"""Refresh tokens for the peer, for each second."""


def main() -> None:
    """Measure what was asked for and print it."""
    options = argparse.ArgumentParser(prog="python -m tests.bench")
    options.add_argument("--seconds", type=int, default=3, help="for each line of the table; wrk takes whole ones")
    options.add_argument("--only", default="".join(_MEASURES), help="letters of the measurements, such as ac")
    options.add_argument("--postgres", action="store_true", help="PostgreSQL instead of SQLite")
    options.add_argument("--peer", action="store_true", help="oidc-provider beside it, from npm")
    options.add_argument("--tokens", type=int, nargs="*", default=[], help="bearer reads among so many tokens")
    options.add_argument("--json", action="store_true")
    chosen = options.parse_args()
    if shutil.which("wrk") is None:
        sys.exit("wrk is missing: apt-get install wrk")
    if chosen.peer and not peer.available():
        sys.exit("Node and npm are missing: apt-get install nodejs npm")
    rows, facts = measured(chosen)
    if chosen.json:
        print(json.dumps({**facts, "rows": msgspec.to_builtins(rows)}, indent=2))
    else:
        print("\n".join([_table(rows), "", *(f"- {name}: {value}" for name, value in facts.items())]))


def measured(chosen: argparse.Namespace) -> tuple[list[Row], dict[str, str]]:
    """The rows, the bare server's first, and what else was found."""
    seconds = chosen.seconds
    with tempfile.TemporaryDirectory(prefix="volary-bench-") as named, contextlib.ExitStack() as held:
        folder = Path(named)
        rows, rates = _bare_rows(held.enter_context(bare()), seconds)
        settings: dict[str, str] = {}
        if chosen.postgres:
            folder.chmod(0o755)  # PostgreSQL runs as another user
            (folder / "postgres").mkdir()
            database = PostgresServer(folder / "postgres")  # on the disk, not in memory
            held.callback(database.stop)
            settings = {"database": database.url(), "key": "A" * 43}
        server = held.enter_context(serving(**settings))
        idle = measures.footprint(server)
        bench = Bench(server, folder, seconds, rates)
        for letter in chosen.only:
            _MEASURES[letter](bench)
        if chosen.tokens:
            bench.many_tokens(chosen.tokens)
        rows += bench.rows
        if chosen.peer:
            with peer.running(int(_TAKEN * seconds)) as running:
                rows += measures.of_peer(running, folder, seconds, rates)
        facts = _facts(settings.get("database", "SQLite"))
        facts["supervisor and worker, idle"] = f"{idle:.0f} MB (PSS)"
        facts["first answer"] = f"{_first_answer(folder):.2f} s after the start"
    return rows, facts


@contextmanager
def bare() -> Iterator[str]:
    """The bare application on the same server software, with the same settings."""
    port = free_port(0)
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--port", str(port), "--loop", "uvloop"]
    process = subprocess.Popen([*command, "--no-ws", "--no-log", "tests.bench.bare:app"])
    try:
        url = f"http://127.0.0.1:{port}/"
        measures.wait_for(url)
        yield url
    finally:
        process.terminate()
        process.wait(10)


def _bare_rows(url: str, seconds: float) -> tuple[list[Row], dict[int, float]]:
    load.plain(url, 8, 1)
    results = {connections: load.plain(url, connections, seconds) for connections in measures.CONNECTIONS}
    rates = {connections: result.rate for connections, result in results.items()}
    return [measures.row_of("bare server", number, result, rates) for number, result in results.items()], rates


def _first_answer(folder: Path) -> float:
    """From the start of `volary serve` on a new database to its first answer."""
    port = free_port(0)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("VOLARY_")}
    environment |= {"VOLARY_DATABASE": f"sqlite:///{folder}/first.db", "VOLARY_PORT": str(port)}
    began = measures.now()
    with subprocess.Popen(
        [sys.executable, "-m", "volary", "serve"], env=environment, stderr=subprocess.DEVNULL
    ) as process:
        try:
            measures.wait_for(f"http://localhost:{port}/healthz")
            return measures.now() - began
        finally:
            process.terminate()


def _facts(database: str) -> dict[str, str]:
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False).stdout
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, {platform.system()}"
    engine = "PostgreSQL over a socket" if database.startswith("postgresql") else database
    return {"machine": machine, "commit": commit.strip(), "database": engine}


def _table(rows: list[Row]) -> str:
    lines = ["| | connections | a second | p50 ms | p99 ms | of the bare server |", "|---|--:|--:|--:|--:|--:|"]
    for row in rows:
        times = f"{row.p50_ms:.2f} | {row.p99_ms:.2f}" if row.p99_ms else " | "
        part = "" if row.of_bare is None else f"{row.of_bare:.0%}"
        lines.append(f"| {row.what} | {row.connections} | {row.rate:,.0f} | {times} | {part} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
