"""Whatever comes in, through the whole application: an answer that is no fault of ours, of the right kind, and nothing kept of what was
refused. `tests/server/test_bodies.py` has the odd values that were thought of; here chance thinks.
"""

import asyncio
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import parse_qs

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text

from tests.server.anything import SENT, Desk, Sent, desk_of
from tests.server.house import CALLBACK, Got, asked, opened
from volary.db import Database, statement
from volary.db.schema import every_table
from volary.developers.queries import callback_urls
from volary.developers.rules.callbacks import fault_of

FORGOTTEN = {"oauth1_nonces", "sign_in_failures", "worker_leases"}
FORGOTTEN |= {"app_calls", "app_usage", "search_documents", "trends"}
"""What is kept of those who were refused: that a signed request was seen, and that a password was wrong (that is an event as well). And
what a task writes a moment later.
"""
_COUNTS = {
    table.name: statement(select(func.count(text("1"))).select_from(table), int)
    for table in every_table().sorted_tables
    if table.name not in FORGOTTEN
}
MACHINES = ("/2/", "/1.1/", "/oauth2/", "/oauth/request_token", "/oauth/access_token")
LEAKS = (b"Traceback", b"sqlite3", b"asyncpg", b"SELECT ", b'.py"')


class Place(NamedTuple):
    """A server, and the loop on which it lives: Hypothesis calls plain functions."""

    loop: asyncio.Runner
    desk: Desk


@pytest.fixture(scope="module")
def place(each_url: str) -> Iterator[Place]:
    with asyncio.Runner() as loop:
        server = opened(each_url)
        house = loop.run(server.__aenter__())
        yield Place(loop, loop.run(desk_of(house)))
        loop.run(server.__aexit__(None, None, None))


async def rows(db: Database) -> dict[str, int]:
    return {name: await db.one(count) or 0 for name, count in _COUNTS.items()}


def right_kind(sent: Sent, got: Got) -> None:
    """Machines get JSON, people get pages, and neither a word of what went on inside."""
    kind, path = got.header("content-type") or "", sent.target.partition("?")[0]
    if got.status == 404 and not kind:
        assert not got.body  # a path that leads nowhere, as X answers it
    elif got.status >= 400 and path.startswith(MACHINES) and not path.endswith("authorize"):
        assert kind.startswith(("application/json", "application/problem+json")), kind
        assert sent.method == "HEAD" or isinstance(got.json, dict)
    elif got.status >= 400:
        assert kind.startswith("text/html"), kind
    assert not [leak for leak in LEAKS if leak in got.body]
    assert not [value for _, value in got.headers if "\r" in value or "\n" in value]


async def sent_nowhere_else(desk: Desk, sent: Sent, got: Got) -> None:
    """An authorization request is shown, or goes back, for a listed callback alone; and only such are listed."""
    listed = await callback_urls(desk.house.db, desk.app.app.id)
    assert not [url for url in listed if fault_of(url) is not None]
    if "authorize" not in sent.target or sent.method != "GET":
        return
    wanted = parse_qs(sent.target.partition("?")[2], keep_blank_values=True).get("redirect_uri", [])
    location = got.header("location")
    if got.status == 200 or location is not None:
        assert wanted in ([url] for url in listed)
    if location is not None:
        assert location.startswith(
            (CALLBACK + "?error=", *(url + "&error=" for url in listed), *(url + "?error=" for url in listed))
        )


async def calm(desk: Desk, sent: Sent) -> None:
    db = desk.house.db
    before = await rows(db)
    got = await asked(
        desk.house.application, sent.method, sent.target, [("host", "localhost:8000"), *sent.headers], sent.body
    )
    assert got.status < 500, (sent, got.status, got.body[:500])
    right_kind(sent, got)
    if got.status >= 400:
        after = await rows(db)
        if sent.target == "/login":
            after["events"] = before["events"]
        assert after == before
    await sent_nowhere_else(desk, sent, got)


async def one(desk: Desk, what: str, data: st.DataObject) -> None:
    await calm(desk, await SENT[what](desk, data.draw))


@pytest.mark.attack("SR-246", "SR-275")
@pytest.mark.parametrize("what", SENT)
@settings(max_examples=25, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_input_gets_a_calm_answer(place: Place, what: str, data: st.DataObject) -> None:
    place.loop.run(one(place.desk, what, data))


@pytest.mark.slow
@pytest.mark.attack("SR-246", "SR-275", "SR-372")
@pytest.mark.parametrize("what", SENT)
@settings(max_examples=1_000, database=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_very_much_of_it_too(place: Place, what: str, data: st.DataObject) -> None:
    place.loop.run(one(place.desk, what, data))


JSON_KIND, HTML_KIND = [("content-type", "application/json")], [("content-type", "text/html; charset=utf-8")]


@pytest.mark.parametrize(
    ("path", "got"),
    [
        ("/2/users/me", Got(400, HTML_KIND, b"<p>no</p>")),
        ("/2/users/me", Got(400, JSON_KIND, b"[]")),
        ("/2/oauth2/token", Got(400, JSON_KIND, b'{"error":"Traceback (most recent call last)"}')),
        ("/2/oauth2/token", Got(404, [], b"not here")),
        ("/login", Got(400, JSON_KIND, b"{}")),
        ("/login", Got(400, [*HTML_KIND, ("x-a", "b\r\nset-cookie: c")], b"<p>no</p>")),
        ("/login", Got(200, HTML_KIND, b"SELECT digest FROM access_tokens")),
    ],
)
def test_an_answer_of_the_wrong_kind_is_seen(path: str, got: Got) -> None:
    """The control."""
    right_kind(Sent("GET", "/2/users/me"), Got(400, JSON_KIND, b'{"errors":[]}'))
    right_kind(Sent("GET", "/login"), Got(400, HTML_KIND, b"<p>no</p>"))
    with pytest.raises(AssertionError):
        right_kind(Sent("GET", path), got)
