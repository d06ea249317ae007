"""`python -m tests.bench.inside [bearer|signed|post|followed|refresh|exchange] [--profile]`: µs of processor time of one request in the
application. `followed` is a post with all that follows it: its language, its place in the index, what the threads do.

No sockets, no server: what this shows is ours alone, and it hardly changes with what else the machine does. Use it to find what costs.
Recurring tasks rest meanwhile, so that no other kind has a part of them in it.
"""

import argparse
import asyncio
import base64
import cProfile
import pstats
import tempfile
import time
from collections.abc import Callable, MutableMapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import uvloop

from tests.bench import making, signing
from tests.cast import people
from volary.access.levels import Level
from volary.portal.actions.commands import AppOrder, create_app_for
from volary.search.jobs.indexing import Indexer
from volary.server.application import Application
from volary.server.database import opened
from volary.settings import load

Request = tuple[str, str, list[tuple[bytes, bytes]], bytes]
"""Method, path, headers, body."""

_HEADERS = [(b"host", b"localhost:8000"), (b"user-agent", b"bench"), (b"accept", b"*/*")]
_AT_ONCE = 128
_ROUNDS = 25
_TRIES = 8
"""The best of so many is told: whatever else the machine does only adds to it."""


def main() -> None:
    """Measure one kind of request, or all."""
    options = argparse.ArgumentParser(prog="python -m tests.bench.inside")
    options.add_argument(
        "kinds", nargs="*", default=["bearer", "signed", "post", "followed", "refresh"], metavar="kind"
    )
    options.add_argument("--profile", action="store_true")
    chosen = options.parse_args()
    for kind in chosen.kinds:
        uvloop.run(measure(kind, chosen.profile))


async def measure(kind: str, profile: bool) -> None:
    """Send requests of a kind through the application, as many at once as a busy server has."""
    with tempfile.TemporaryDirectory(prefix="volary-bench-") as folder:
        settings = load({"VOLARY_DATABASE": f"sqlite:///{folder}/bench.db", "VOLARY_RATE_LIMITS": "100000"}, None)
        async with opened(settings) as db:
            cast = await people(db)
            order = AppOrder(name="Bench", type="web", level=Level.READ_WRITE)
            app = await db.write(create_app_for, "dev", order)
            token = await making.access_token(db, cast.ann.id, int(app.app_id))
            taken: list[str] = []
            if kind in _TAKING:
                allowed = await making.allowed(db, int(app.app_id), 400)
                taken = await _TAKING[kind](db, allowed, (_TRIES + 1) * _AT_ONCE * _ROUNDS)
        application = Application(settings, counts_folder=Path(folder))
        await application.start()
        if (background := application._background) is not None:
            await background.stop()
        count = _AT_ONCE * _ROUNDS
        requests = iter(_KINDS[kind](app, token, (_TRIES + 1) * count) if kind in _KINDS else _forms(kind, app, taken))
        took = []
        for _ in range(_TRIES):
            began = time.process_time()
            await _send(application, requests, count)
            if kind == "followed":
                await application.resources[Indexer].run()
            took.append((time.process_time() - began) / count * 1e6)
        print(f"{kind}: {min(took):.1f} µs")
        if profile:
            profiler = cProfile.Profile()
            profiler.enable()
            await _send(application, requests, count)
            if kind == "followed":
                await application.resources[Indexer].run()
            profiler.disable()
            pstats.Stats(profiler).sort_stats("tottime").print_stats(40)
        await application.stop()


async def _send(application: Application, requests: Any, count: int) -> None:
    async def one(request: Request) -> None:
        method, path, headers, body = request

        async def receive() -> MutableMapping[str, Any]:
            return {"type": "http.request", "body": body}

        async def send(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start" and message["status"] >= 300:
                raise RuntimeError(message)

        scope = {"type": "http", "method": method, "path": path, "raw_path": path.encode(), "query_string": b""}
        scope |= {"headers": [*_HEADERS, *headers], "client": ("127.0.0.1", 5), "scheme": "http", "http_version": "1.1"}
        await application(scope, receive, send)

    async def some() -> None:
        for _ in range(count // _AT_ONCE):
            await one(next(requests))

    await asyncio.gather(*(some() for _ in range(_AT_ONCE)))


def _bearer(app: Any, token: str, count: int) -> list[Request]:
    return [("GET", "/2/users/me", [(b"authorization", f"Bearer {token}".encode())], b"")] * count


def _signed(app: Any, token: str, count: int) -> list[Request]:
    url = "http://localhost:8000/2/users/me"
    made = signing.authorizations(
        url, app.api_key, app.api_key_secret, app.access_token, app.access_token_secret, count
    )
    return [("GET", "/2/users/me", [(b"authorization", header.encode())], b"") for header in made]


def _post(app: Any, token: str, count: int) -> list[Request]:
    headers = [(b"authorization", f"Bearer {token}".encode()), (b"content-type", b"application/json")]
    text = '{"text":"run %d for @ann #bench https://example.org/%d"}'
    return [("POST", "/2/tweets", headers, (text % (number, number)).encode()) for number in range(count)]


def _forms(kind: str, app: Any, taken: list[str]) -> list[Request]:
    basic = base64.b64encode(f"{app.client_id}:{app.client_secret}".encode())
    headers = [(b"authorization", b"Basic " + basic), (b"content-type", b"application/x-www-form-urlencoded")]
    if kind == "refresh":
        bodies = [urlencode({"grant_type": "refresh_token", "refresh_token": token}) for token in taken]
    else:
        given = {"grant_type": "authorization_code", "redirect_uri": making.CALLBACK, "code_verifier": making.VERIFIER}
        bodies = [urlencode({**given, "code": code}) for code in taken]
    return [("POST", "/2/oauth2/token", headers, body.encode()) for body in bodies]


_TAKING = {"refresh": making.refresh_tokens, "exchange": making.codes}
_KINDS: dict[str, Callable[[Any, str, int], list[Request]]] = {"bearer": _bearer, "signed": _signed, "post": _post}
_KINDS["followed"] = _post


if __name__ == "__main__":
    main()
