"""`python -m tests.bench [--seconds 3] [--json]`: (a) bearer read, (b) OAuth 1.0a signed read, (c) durable posts, and the bare server."""

import argparse
import contextlib
import json
import platform
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.bench import load, signing
from tests.serving import serving
from volary.access.levels import Level
from volary.db import Tx
from volary.oauth import grants, tokens
from volary.server.demo.running import free_port

CONNECTIONS = (1, 32, 128)
SCOPES = frozenset({"tweet.read", "users.read", "tweet.write"})
MOST_SIGNED = 30_000
"""Signed requests a second that no run reaches; so many are made for each second."""


def main() -> None:
    """Measure everything once and print a table."""
    options = argparse.ArgumentParser(prog="python -m tests.bench")
    options.add_argument("--seconds", type=float, default=3.0)
    options.add_argument("--json", action="store_true")
    chosen = options.parse_args()
    if shutil.which("wrk") is None:
        sys.exit("wrk is missing: apt-get install wrk")
    rows = measured(chosen.seconds)
    print(json.dumps({"machine": _machine(), "rows": rows}, indent=2) if chosen.json else _table(rows))


def measured(seconds: float) -> list[dict[str, Any]]:
    """One row for each measurement and number of connections, the bare server's first."""
    rows: list[dict[str, Any]] = []
    bare_rate: dict[int, float] = {}
    with tempfile.TemporaryDirectory(prefix="volary-bench-") as named, bare() as bare_url, serving() as server:
        folder = Path(named)
        app = server.app("Bench", level=Level.READ_WRITE, type="web")
        bearer = f"Bearer {server.in_database(_token(server.cast.ann.id, int(app.app_id)))}"
        me, posts = f"{server.base}/2/users/me", f"{server.base}/2/tweets"
        load.plain(me, 8, 1, [f"Authorization: {bearer}"])  # warm up: statements compile at their first use
        for connections in CONNECTIONS:
            result = load.plain(bare_url, connections, seconds)
            bare_rate[connections] = result.rate
            _add(rows, "bare server", connections, result, bare_rate)
        for connections in CONNECTIONS:
            result = load.plain(me, connections, seconds, [f"Authorization: {bearer}"])
            _add(rows, "(a) bearer read", connections, result, bare_rate)
        for connections in CONNECTIONS:
            count = int(MOST_SIGNED * (seconds + 1))
            headers = signing.authorizations(
                me,
                _known(app.api_key),
                _known(app.api_key_secret),
                _known(app.access_token),
                _known(app.access_token_secret),
                count,
            )
            result = load.signed(me, connections, seconds, folder, headers)
            _add(rows, "(b) OAuth 1.0a signed read", connections, result, bare_rate)
            time.sleep(1)  # the next run's nonces belong to another second
        for connections in CONNECTIONS:
            result = load.posting(posts, connections, seconds, folder, bearer, f"run {connections}")
            _add(rows, "(c) durable post", connections, result, bare_rate)
    return rows


def _add(
    rows: list[dict[str, Any]], what: str, connections: int, result: load.Result, bare_rate: dict[int, float]
) -> None:
    if result.failed:
        raise RuntimeError(f"{what} at {connections} connections: {result.failed} answers were not 2xx")
    share = result.rate / bare_rate[connections]
    rows.append(
        {
            "what": what,
            "connections": connections,
            "rate": round(result.rate),
            "p99_ms": round(result.p99, 2),
            "of_bare": round(share, 3),
        }
    )


@contextmanager
def bare() -> Iterator[str]:
    """The bare application on the same server software, with the same settings."""
    port = free_port(0)
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--port", str(port), "--loop", "uvloop"]
    quiet = ["--no-ws", "--no-log", "tests.bench.bare:app"]
    process = subprocess.Popen([*command, *quiet])
    try:
        url = f"http://127.0.0.1:{port}/"
        for _ in range(200):
            with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=1):
                break
            time.sleep(0.05)
        yield url
    finally:
        process.terminate()
        process.wait(10)


def _token(account_id: int, app_id: int) -> Any:
    """An access token of ann's for the App, made by the same actions as the flow's last step."""

    async def make(tx: Tx) -> str:
        grant_id = await grants.record(tx, account_id, app_id, scopes=SCOPES)
        family_id = await grants.start_family(tx, grant_id, "oauth2")
        holder = tokens.Holder(family_id, app_epoch=0, account_epoch=0)
        return (await tokens.issue_first(tx, holder, " ".join(sorted(SCOPES)))).access

    async def work(db: Any) -> str:
        made: str = await db.write(make)
        return made

    return work


def _known(text: str | None) -> str:
    assert text is not None
    return text


def _machine() -> str:
    return f"{platform.machine()}, Python {platform.python_version()}, {platform.system()} {platform.release()}"


def _table(rows: list[dict[str, Any]]) -> str:
    lines = ["| | connections | requests/s | p99 ms | of the bare server |", "|---|---|---|---|---|"]
    lines += [
        f"| {row['what']} | {row['connections']} | {row['rate']:,} | {row['p99_ms']} | {row['of_bare']:.0%} |"
        for row in rows
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
