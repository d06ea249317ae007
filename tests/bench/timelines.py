"""`python -m tests.bench.timelines`: what a page of home, a look-up of a hundred posts and a search cost, among more and more posts.

Goals (docs/measurements.md): the cost of a page grows by no more than a fifth from ten thousand to a million posts; home stays under 25 ms
for ninety-nine in a hundred requests, at fifty a second.
"""

import argparse
import contextlib
import http.client
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from tests.bench import crowd, load, making, measures
from tests.bench.__main__ import bare
from tests.db.server import PostgresServer
from tests.serving import Server, serving
from volary.db import Database

_EXPANDED = (
    "max_results=100&tweet.fields=created_at,public_metrics,referenced_tweets,attachments,entities"
    "&expansions=author_id,attachments.media_keys,referenced_tweets.id,referenced_tweets.id.author_id"
    "&user.fields=public_metrics,verified&media.fields=url,width,height"
)
_PACE = 50


class Line(msgspec.Struct, frozen=True):
    """One measurement: at fifty requests a second, and as many as there can be."""

    what: str
    posts: int
    p50: float
    p99: float
    rate: float
    of_bare: float


def main() -> None:
    """Measure and print a table."""
    options = argparse.ArgumentParser(prog="python -m tests.bench.timelines")
    options.add_argument("--sizes", type=int, nargs="*", default=[10_000, 100_000, 1_000_000])
    options.add_argument("--seconds", type=int, default=5)
    options.add_argument("--postgres", action="store_true")
    chosen = options.parse_args()
    if shutil.which("wrk") is None:
        sys.exit("wrk is missing: apt-get install wrk")
    with bare() as url:
        load.plain(url, 8, 1)
        rate = load.plain(url, 32, chosen.seconds).rate
    print("| | posts | p50 ms | p99 ms | a second | of the bare server |\n|---|--:|--:|--:|--:|--:|", flush=True)
    for size in chosen.sizes:
        for line in _measured(size, chosen.seconds, rate, postgres=chosen.postgres):
            cells = (
                line.what,
                f"{line.posts:,}",
                f"{line.p50:.2f}",
                f"{line.p99:.2f}",
                f"{line.rate:,.0f}",
                f"{line.of_bare:.1%}",
            )
            print(f"| {' | '.join(cells)} |", flush=True)


def _measured(size: int, seconds: int, bare_rate: float, *, postgres: bool) -> list[Line]:
    with contextlib.ExitStack() as held:
        settings: dict[str, str] = {}
        if postgres:
            folder = Path(held.enter_context(tempfile.TemporaryDirectory(prefix="volary-bench-")))
            folder.chmod(0o755)  # PostgreSQL runs as another user
            (folder / "postgres").mkdir()
            database = PostgresServer(folder / "postgres")
            held.callback(database.stop)
            settings = {"database": database.url(), "key": "A" * 43}
        server = held.enter_context(serving(**settings))
        began = time.perf_counter()
        fill: Callable[[str, crowd.Crowd], None] = crowd.fill_postgres if postgres else crowd.fill_sqlite
        fill(server.settings.database, crowd.Crowd(size, server.cast.ann.id, time.time_ns() // 1_000_000))
        print(f"<!-- {size:,} posts written in {time.perf_counter() - began:.0f} s -->", file=sys.stderr)
        authorization = f"Bearer {_token(server)}"
        lines = []
        for what, target in _targets(server, authorization).items():
            _refuse_half_a_page(server, target, authorization)
            times = sorted(_paced(server.port, target, authorization, seconds))
            most = load.plain(f"{server.base}{target}", 32, seconds, [f"Authorization: {authorization}"])
            p99 = times[int(len(times) * 0.99)]
            lines.append(Line(what, size, times[len(times) // 2], p99, most.rate, most.rate / bare_rate))
        return lines


def _token(server: Server) -> str:
    app = server.app("Bench", type="web", callbacks=(making.CALLBACK,))

    async def make(db: Database) -> str:
        return await making.access_token(db, server.cast.ann.id, int(app.app_id))

    token: str = server.in_database(make)
    return token


def _targets(server: Server, authorization: str) -> dict[str, str]:
    home = f"/2/users/{server.cast.ann.id}/timelines/reverse_chronological?{_EXPANDED}"
    connection = http.client.HTTPConnection("127.0.0.1", server.port)
    page = msgspec.json.decode(_asked(connection, home, authorization))
    ids = ",".join(one["id"] for one in page["data"])
    assert len(page["data"]) == 100
    recent = "/2/tweets/search/recent?max_results=100&query="
    return {
        "(g) home, 100 posts with expansions": home,
        "(g) home, its second page": f"{home}&pagination_token={page['meta']['next_token']}",
        "(h) look-up of 100 posts": f"/2/tweets?ids={ids}",
        "(i) search, a common word": recent + crowd.COMMON,
        "(i) search, a common and a rare word": f"{recent}{crowd.COMMON}%20{crowd.RARE}",
        "(i) search, of a person": f"{recent}from:{crowd.PROLIFIC}",
        "(i) counts by the hour, a common word": f"/2/tweets/counts/recent?query={crowd.COMMON}",
    }


def _refuse_half_a_page(server: Server, target: str, authorization: str) -> None:
    """A page that is emptier among few posts than among many would show a growth that is none."""
    answer = msgspec.json.decode(_asked(http.client.HTTPConnection("127.0.0.1", server.port), target, authorization))
    if len(answer["data"]) < 100:
        raise RuntimeError(f"{target}: {len(answer['data'])} posts on the page")


def _asked(connection: http.client.HTTPConnection, target: str, authorization: str) -> bytes:
    connection.request("GET", target, headers={"Authorization": authorization})
    answer = connection.getresponse()
    body = answer.read()
    if answer.status != 200:
        raise RuntimeError(f"{target}: {answer.status} {body[:300]!r}")
    return body


def _paced(port: int, target: str, authorization: str, seconds: int) -> list[float]:
    """The times of requests that begin every fiftieth of a second, in milliseconds."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    for _ in range(20):
        _asked(connection, target, authorization)
    found, begin = [], measures.now()
    for number in range(_PACE * seconds):
        time.sleep(max(0.0, begin + number / _PACE - measures.now()))
        start = measures.now()
        _asked(connection, target, authorization)
        found.append((measures.now() - start) * 1000)
    return found


if __name__ == "__main__":
    main()
