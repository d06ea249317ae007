"""What holds at every door, whatever room it belongs to: each rule is tried at every operation, every machine's door and every page.

A door that a later room adds is tried without a line here.
"""

import contextlib
import logging
import re
import sqlite3
from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest

from tests.cast import ANN
from tests.server.house import HOST, NOBODY, Bearer, Got, House, opened
from tests.server.houses import sqlite_place
from tests.sessions.arriving import signed_in
from volary.accounts.rules.hashing import PasswordHasher
from volary.api.machine import machines_of
from volary.api.operation import operations_of
from volary.server.registry import MACHINES, OPERATIONS, PAGES
from volary.web import doors_of

WATCHED = ("/healthz", "/readyz", "/metrics")
FORM = "application/x-www-form-urlencoded"


class Way(msgspec.Struct, frozen=True):
    """A method and a path with something in its open parts."""

    method: str
    path: str
    page: bool


def _ways() -> list[Way]:
    machines = [(one.method, one.path) for module in OPERATIONS for one in operations_of(module.__name__)]
    machines += [(one.method, one.path) for module in MACHINES for one in machines_of(module.__name__)]
    pages = [(one.method, one.path) for module in PAGES for one in doors_of(module)]
    every = [(one, False) for one in machines] + [(one, True) for one in pages]
    return [
        Way(method, re.sub(r"\{\w+\}", "1", path.replace("{username}", "ann")), page) for (method, path), page in every
    ]


WAYS = _ways()
READS = [way for way in WAYS if way.method == "GET"]


@pytest.fixture(scope="module")
async def cookie(house: House) -> str:
    """A session of ann's."""
    opened_one = await signed_in(house.db, PasswordHasher(1), ANN)
    return f"session={opened_one.token}"


@pytest.fixture(scope="module")
async def bearer(house: House) -> Bearer:
    return await house.bearer(house.cast.ann)


async def knock(house: House, way: Way, who: Bearer, cookie: str, *headers: tuple[str, str], path: str = "") -> Got:
    """Come to a door as ann: with her session where it is a page, with her token elsewhere."""
    brought = [("cookie", cookie), *headers] if way.page else list(headers)
    return await house.send(way.method, path or way.path, NOBODY if way.page else who, headers=brought)


def whole(got: Got) -> str:
    """Everything that an answer says, as a text to look for something in."""
    return "\n".join(f"{name}: {value}" for name, value in got.headers) + "\n" + got.body.decode("utf-8", "replace")


def test_there_are_many_doors() -> None:
    """A control: were there none, every test below would pass."""
    assert len([way for way in WAYS if way.page]) > 80
    assert len([way for way in WAYS if not way.page]) > 150


async def test_ann_comes_in(house: House, bearer: Bearer, cookie: str) -> None:
    """A control: as a stranger she would be turned away at most doors, whatever else was wrong with them."""
    for way in (Way("GET", "/settings/account", True), Way("GET", "/portal", True), Way("GET", "/2/users/me", False)):
        got = await knock(house, way, bearer, cookie)
        assert got.status in {200, 303}, way
        assert "/login" not in (got.header("location") or "")


# --------------------------------------------------------------------------------------------------------------- names

LIES = [
    ("x-forwarded-host", "evil.example"),
    ("x-forwarded-server", "evil.example"),
    ("x-forwarded-prefix", "/evil.example"),
    ("x-forwarded-port", "6666"),
    ("x-host", "evil.example"),
    ("x-original-host", "evil.example"),
    ("x-original-url", "//evil.example/"),
    ("x-rewrite-url", "//evil.example/"),
    ("forwarded", "for=192.0.2.1;host=evil.example;proto=https"),
    ("referer", "https://evil.example/"),
]


@pytest.mark.attack("SR-297")
async def test_no_header_of_the_client_names_the_server(house: House, bearer: Bearer, cookie: str) -> None:
    """Nor one that a proxy of ours passes on without a thought: the name comes from the settings alone."""
    for way in WAYS:
        got = await knock(house, way, bearer, cookie, *LIES)
        assert "evil.example" not in whole(got), way
        assert "6666" not in whole(got), way
    with sqlite_place() as url:
        async with opened(url, trusted_proxies="10.0.0.0/8") as behind:
            who = await behind.bearer(behind.cast.ann)
            for way in READS:
                brought = [*LIES, ("x-forwarded-for", "198.51.100.7")]
                got = await behind.send("GET", way.path, who, headers=brought, peer="10.0.0.1")
                assert "evil.example" not in whole(got), way
                assert "6666" not in whole(got), way


@pytest.mark.attack("SR-297")
async def test_whoever_comes_by_another_name_gets_nothing_at_all(house: House, bearer: Bearer, cookie: str) -> None:
    for way in WAYS:
        got = await house.send(
            way.method, way.path, bearer, host="evil.example", headers=[("x-forwarded-host", HOST), ("cookie", cookie)]
        )
        assert got.status == 421, way
        assert "evil.example" not in whole(got), way
        assert not got.told("set-cookie"), way


# -------------------------------------------------------------------------------------------------------------- caches

SAME_FOR_ALL = {"/2/openapi.json", "/.well-known/oauth-authorization-server"}
"""What is no answer to somebody, and the same for everybody."""
TAILS = ("/x.css", "/a.js", ".css", ";a.js", "%2fa.css", "%3fa.css", "%00.css", "/..%2fa.css", "%23.png")


@pytest.mark.attack("SR-298")
async def test_no_answer_to_somebody_is_kept_for_anybody_else(house: House, bearer: Bearer, cookie: str) -> None:
    for way in WAYS:
        got = await knock(house, way, bearer, cookie)
        if way.path in SAME_FOR_ALL:
            stranger = await house.send(way.method, way.path)
            assert (got.body, got.told("set-cookie")) == (stranger.body, {})
            continue
        kept = got.header("cache-control") or ""
        assert "no-store" in kept or ("private" in kept and got.status == 200), (way, kept)
        assert "public" not in kept, way


@pytest.mark.attack("SR-298")
async def test_what_ends_like_a_picture_shows_nothing_of_anybody(house: House, bearer: Bearer, cookie: str) -> None:
    """A cache that keeps whatever is called so must find nothing to keep."""
    for way in READS:
        for tail in TAILS:
            got = await knock(house, way, bearer, cookie, path=way.path + tail)
            assert got.status >= 400, (way, tail)
            assert "no-store" in (got.header("cache-control") or ""), (way, tail)
            assert ANN.email not in whole(got), (way, tail)


# ------------------------------------------------------------------------------------------------------- other origins


@pytest.mark.attack("SR-300")
@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1.evil.example"])
async def test_no_door_is_open_to_scripts_of_other_sites(
    house: House, bearer: Bearer, cookie: str, origin: str
) -> None:
    for way in WAYS:
        for method in (way.method, "OPTIONS"):
            asking = [("origin", origin), ("cookie", cookie), ("access-control-request-method", way.method)]
            got = await house.send(method, way.path, bearer, headers=asking)
            assert not got.told("access-control"), (way, method)


# --------------------------------------------------------------------------------------------------------------- https


@pytest.fixture(scope="module")
async def secure() -> AsyncIterator[House]:
    with sqlite_place() as url:
        async with opened(url, public_url="https://volary.example", trusted_proxies="10.0.0.0/8") as started:
            yield started


def over(scheme: str, **more: str) -> dict[str, Any]:
    told = [("x-forwarded-for", "198.51.100.7"), ("x-forwarded-proto", scheme), *more.items()]
    return {"host": "volary.example", "peer": "10.0.0.1", "headers": told}


@pytest.mark.attack("SR-305")
async def test_over_plain_http_no_door_looks_at_credentials(secure: House) -> None:
    """Pages are sent on, nothing else is; whatever was right with the credentials, nothing is done and nothing is counted."""
    who = await secure.bearer(secure.cast.ann)
    session = await signed_in(secure.db, PasswordHasher(1), ANN)
    before = secure.rows()
    for way in WAYS:
        if way.path in WATCHED:
            continue
        how = over("http", cookie=f"__Host-session={session.token}")
        got = await secure.send(way.method, way.path, who, body=b"a=b" * (way.method == "POST"), **how)
        if way.page and way.method == "GET":
            assert (got.status, got.header("location")) == (308, f"https://volary.example{way.path}"), way
        elif way.page:
            assert (got.status, got.header("location")) == (403, None), way
        else:
            assert (got.status, got.json) == (403, {"errors": [{"code": 92, "message": "SSL is required"}]}), way
        assert not got.told("set-cookie"), way
    assert secure.rows() == before


@pytest.mark.attack("SR-305")
async def test_over_https_every_door_says_to_stay_there(secure: House) -> None:
    who = await secure.bearer(secure.cast.ann)
    for way in WAYS:
        got = await secure.send(way.method, way.path, who, **over("https"))
        found = re.fullmatch(r"max-age=(\d+)", got.header("strict-transport-security") or "")
        assert found, way
        assert int(found[1]) >= 31_536_000


# ------------------------------------------------------------------------------------------------------------ failures

INSIDE = re.compile(
    r"Traceback|SELECT |INSERT |no such table|(?i:sqlite|asyncpg|site-packages|granian|starlette|uvloop|cpython|python/|msgspec|jinja)"
    r"|/volary/|volary\.[a-z]+\.[a-z]+\.|\.py\b"
)
"""What belongs to the inside of the server and stands in no answer."""


def test_what_the_inside_looks_like() -> None:
    """The control of the two tests below."""
    for said in ('File "/opt/volary/posts/api.py"', "no such table: posts", "server: granian", "SELECT posts.id"):
        assert INSIDE.search(said), said


def tells_nothing(way: Way, got: Got) -> None:
    assert not INSIDE.search(whole(got)), (way, got.status)
    assert got.header("server") is None, way
    assert got.header("x-powered-by") is None, way
    assert got.header("x-request-id" if got.header("x-request-id") else "x-transaction-id"), way


@pytest.mark.attack("SR-303")
async def test_whatever_is_wrong_no_door_tells_of_its_inside(house: House, bearer: Bearer, cookie: str) -> None:
    """Each of the refusals at each door: no credentials, wrong ones, a wrong method, a body that is none, one that is too large."""
    seen: set[int] = set()
    for way in WAYS:
        tries = [
            await house.send(way.method, way.path),
            await house.send(way.method, way.path, Bearer("nobody's")),
            await house.send("PATCH", way.path, bearer, headers=[("cookie", cookie)]),
            await house.send(way.method, f"{way.path}/nothing/here", bearer, headers=[("cookie", cookie)]),
            await house.send(way.method, f"{way.path}?x=%ff&x=1&id=%00", bearer, headers=[("cookie", cookie)]),
        ]
        for kind in ("application/json", FORM, "multipart/form-data; boundary=x", "text/odd") * (way.method != "GET"):
            brought: dict[str, Any] = {"kind": kind, "headers": [("cookie", cookie)]}
            tries.append(await house.send(way.method, way.path, bearer, body=b"\xff{", **brought))
            tries.append(await house.send(way.method, way.path, bearer, body=b"a" * 70_000, **brought))
        for got in tries:
            tells_nothing(way, got)
            assert got.status < 500 or got.status in {501, 503}, (way, got.status, got.body[:200])
            seen.add(got.status)
    assert {400, 401, 403, 404, 405, 413} <= seen


@pytest.mark.attack("SR-303")
async def test_where_everything_fails_no_door_tells_what(caplog: pytest.LogCaptureFixture) -> None:
    """Somebody takes every table away under a running server."""
    caplog.set_level(logging.ERROR)
    with sqlite_place() as url:
        async with opened(url) as broken:
            who = await broken.bearer(broken.cast.ann)
            session = await signed_in(broken.db, PasswordHasher(1), ANN)
            with contextlib.closing(sqlite3.connect(str(broken.file))) as other:
                for (name,) in other.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
                    if not name.startswith(("sqlite_", "search_")):
                        other.execute(f'ALTER TABLE "{name}" RENAME TO "gone_{name}"')
            failed = 0
            for way in WAYS:
                got = await knock(broken, way, who, f"session={session.token}")
                tells_nothing(way, got)
                if got.status == 500:
                    failed += 1
                    told = got.header("x-transaction-id") or got.header("x-request-id")
                    assert told in {record.__dict__.get("request_id") for record in caplog.records}, way
                    caplog.clear()
            assert failed > 150
