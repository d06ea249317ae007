"""`python -m tests.bench.portal`: how long pages of the developer portal take among many Apps and logged calls, while Apps go on calling.

Goal: under 50 ms for ninety-nine in a hundred, with ten thousand Apps and ten million calls. `--apps 200 --calls 20000` is a quick look.
"""

import argparse
import asyncio
import contextlib
import http.client
import sqlite3
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import asyncpg

from tests.bench import making
from tests.db.server import PostgresServer
from tests.serving import Server, serving
from volary.db import Database
from volary.db.sqlite.connections import path_of
from volary.developers.models import apps
from volary.kit.clock import DAY, MINUTE
from volary.kit.ids import EPOCH
from volary.usage.actions.storing import encode
from volary.usage.models import LoggedCall, app_calls, app_usage
from volary.usage.rules.days import today

_OWN = 10
"""Apps of the developer who looks; all others are other people's."""
_BATCH = 40
"""Calls in a row of the log: what an App of twenty calls a second leaves in two seconds."""
_ENDPOINTS = tuple(f"GET /2/bench/{number}" for number in range(12))
_PACE, _CALLERS = 20, 4
Rows = list[tuple[Any, ...]]


def main() -> None:
    """Measure and print a table."""
    options = argparse.ArgumentParser(prog="python -m tests.bench.portal")
    options.add_argument("--apps", type=int, default=10_000)
    options.add_argument("--calls", type=int, default=10_000_000)
    options.add_argument("--seconds", type=int, default=10)
    options.add_argument("--postgres", action="store_true")
    chosen = options.parse_args()
    with contextlib.ExitStack() as held:
        settings = _postgres(held) if chosen.postgres else {}
        server = held.enter_context(serving(**settings))
        made = [server.app(f"Bench {number}", type="web", callbacks=(making.CALLBACK,)) for number in range(_OWN)]
        began = time.perf_counter()
        fill(server.settings.database, [int(app.app_id) for app in made], chosen.apps, chosen.calls)
        print(f"<!-- written in {time.perf_counter() - began:.0f} s -->", file=sys.stderr)
        print("| page | p50 ms | p99 ms | worst ms |\n|---|--:|--:|--:|")
        here = f"/portal/apps/{made[0].app_id}"
        cookie = _signed_in(server)
        with calling(server, int(made[0].app_id)):
            for path in ("/portal", here, f"{here}/keys", f"{here}/usage", f"{here}/usage?days=90", f"{here}/log"):
                _print(server, path, cookie, chosen.seconds)
            for query in ("?page=20", "?status=4", "?request=nothing", "?who=strangers"):
                _print(server, f"{here}/log{query}", cookie, chosen.seconds)


def fill(url: str, own: Sequence[int], count: int, calls: int) -> None:
    """Write Apps like the first one, counters of ninety days, and so many calls, evenly over all Apps."""
    if url.startswith("sqlite"):
        _fill_sqlite(url, own, count, calls)
    else:
        asyncio.run(_fill_postgres(url, own, count, calls))


def _rows(own: Sequence[int], template: Sequence[Any], count: int, calls: int) -> Iterator[tuple[str, Rows]]:
    """Rows by tables, a hundred Apps at a time."""
    now = time.time_ns() // 1_000_000
    columns = [column.name for column in apps.c]
    begin = (now - EPOCH - 20 * DAY) << 22
    each, last = max(1, calls // count // _BATCH), today(now)
    for start in range(0, count, 100):
        ids = [own[number] if number < len(own) else begin + number for number in range(start, min(count, start + 100))]
        for number, id in enumerate(ids, start):
            if number < len(own):
                continue
            given = dict(zip(columns, template, strict=True)) | {"id": id, "name": f"Crowd {number}"}
            given |= {"name_key": f"crowd {number}", "name_shape": f"crowd {number}", "client_id": f"crowd-{number}"}
            yield "apps", [tuple(given.values())]
        yield (
            "app_usage",
            [
                (id, last - day, endpoint, 1000, 30, 5, 1, 4_000_000)
                for id in ids
                for day in range(90)
                for endpoint in _ENDPOINTS[: 12 if id in own else 3]
            ],
        )
        yield (
            "app_calls",
            [
                (
                    id,
                    proven,
                    (now - EPOCH - 6 * 60 * MINUTE + number) << 22 | place % 4096,
                    _BATCH,
                    now - 60_000,
                    _packed(now),
                )
                for place, id in enumerate(ids)
                for proven, rows in ((1, each), (0, 100 // _BATCH))
                for number in range(rows)
            ],
        )


def _packed(now: int) -> bytes:
    facts: dict[str, str | int] = {"missing": "tweet.write", "has": "tweet.read users.read"}
    return encode(
        [
            LoggedCall(
                now - 60_000 + number,
                _ENDPOINTS[number % 12],
                403 if number % 5 == 0 else 200,
                1234,
                f"{number:012x}",
                "oauth2",
                2**60 + number,
                "scope" if number % 5 == 0 else "",
                facts if number % 5 == 0 else {},
            )
            for number in range(_BATCH)
        ]
    )


def _fill_sqlite(url: str, own: Sequence[int], count: int, calls: int) -> None:
    with closing(sqlite3.connect(path_of(url), isolation_level=None, timeout=60)) as connection:
        names = ", ".join(column.name for column in apps.c)
        template = connection.execute(f"SELECT {names} FROM apps WHERE id = ?", (own[0],)).fetchone()  # noqa: S608 - names from models.py
        for table, rows in _rows(own, template, count, calls):
            marks = ", ".join("?" * len(rows[0]))
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(f"INSERT INTO {table} ({_names(table)}) VALUES ({marks})", rows)  # noqa: S608 - the same
            connection.execute("COMMIT")
        connection.execute("ANALYZE")


async def _fill_postgres(url: str, own: Sequence[int], count: int, calls: int) -> None:
    connection = await asyncpg.connect(url)
    try:
        names = ", ".join(column.name for column in apps.c)
        template = await connection.fetchrow(f"SELECT {names} FROM apps WHERE id = $1", own[0])  # noqa: S608 - names from models.py
        for table, rows in _rows(own, tuple(template), count, calls):
            await connection.copy_records_to_table(table, columns=_names(table).split(", "), records=rows)
        await connection.execute("VACUUM ANALYZE")
    finally:
        await connection.close()


def _names(table: str) -> str:
    return ", ".join(column.name for column in {"apps": apps, "app_usage": app_usage, "app_calls": app_calls}[table].c)


def _postgres(held: contextlib.ExitStack) -> dict[str, str]:
    folder = Path(held.enter_context(tempfile.TemporaryDirectory(prefix="volary-bench-")))
    folder.chmod(0o755)  # PostgreSQL runs as another user
    (folder / "postgres").mkdir()
    database = PostgresServer(folder / "postgres")
    held.callback(database.stop)
    return {"database": database.url(), "key": "A" * 43}


def _signed_in(server: Server) -> str:
    """The cookies of a browser in which the developer signed in."""
    browser = server.browser("dev")
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in browser._session.cookies)


@contextmanager
def calling(server: Server, app_id: int) -> Iterator[None]:
    """Somebody calls the API through the App meanwhile, so that calls are written down."""

    async def make(db: Database) -> str:
        return await making.access_token(db, server.cast.ann.id, app_id)

    token, over = server.in_database(make), threading.Event()

    def call() -> None:
        connection = http.client.HTTPConnection("localhost", server.port, timeout=30)
        while not over.wait(1 / 50):
            connection.request("GET", "/2/users/me", headers={"Authorization": f"Bearer {token}"})
            connection.getresponse().read()

    threads = [threading.Thread(target=call, daemon=True) for _ in range(_CALLERS)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join(30)


def _print(server: Server, path: str, cookie: str, seconds: int) -> None:
    connection = http.client.HTTPConnection("localhost", server.port, timeout=60)
    took = []
    for number in range(_PACE * seconds + 2):
        time.sleep(1 / _PACE)
        began = time.perf_counter()
        connection.request("GET", path, headers={"Cookie": cookie, "Accept-Language": "en"})
        answer = connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status} {body[:200]!r}")
        if number >= 2:  # the first ones compile the template
            took.append((time.perf_counter() - began) * 1000)
    took.sort()
    shown = path.replace(path.split("/")[3], "…", 1) if path.count("/") > 2 else path
    print(f"| {shown} | {took[len(took) // 2]:.1f} | {took[int(len(took) * 0.99)]:.1f} | {took[-1]:.1f} |", flush=True)


if __name__ == "__main__":
    main()
