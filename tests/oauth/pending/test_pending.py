"""Requests that wait for a decision: taken once, in time, in the browser that was shown them."""

import asyncio

import pytest

from tests.conftest import HeldDatabase
from volary.kit.secrets import Keyring
from volary.oauth import pending
from volary.oauth.asking import Request
from volary.oauth.models import OAUTH2
from volary.oauth.pending import LIFETIME

HERE, ELSEWHERE = b"this browser", b"another browser"
REQUEST = Request(
    protocol=OAUTH2,
    app_id=2**62,
    target="https://app.example/cb",
    scopes=("tweet.read", "offline.access"),
    email=True,
    screen_name="ann",
    extra={"state": "\0 \u00e9 \U0001f426"},
)


async def test_it_is_shown_as_often_as_wanted_and_taken_once(db: HeldDatabase) -> None:
    token = await db.write(pending.save, REQUEST, HERE)
    assert await pending.look(db, token, HERE) == REQUEST
    assert await pending.look(db, token, HERE) == REQUEST
    assert await db.write(pending.take, token, HERE) == REQUEST
    assert await pending.look(db, token, HERE) is None
    assert await db.write(pending.take, token, HERE) is None


@pytest.mark.attack("SR-122", "SR-137")
async def test_another_browser_does_not_get_it(db: HeldDatabase) -> None:
    token = await db.write(pending.save, REQUEST, HERE)
    assert await pending.look(db, token, ELSEWHERE) is None
    assert await db.write(pending.take, token, ELSEWHERE) is None
    assert await db.write(pending.rebind, token, ELSEWHERE, ELSEWHERE) is False
    for wrong in ("", "x", token[:-1], token.swapcase(), "\ud800"):
        assert await db.write(pending.take, wrong, HERE) is None
    assert await db.write(pending.take, token, HERE) == REQUEST


async def test_it_waits_ten_minutes(db: HeldDatabase) -> None:
    token = await db.write(pending.save, REQUEST, HERE)
    db.clock.advance(LIFETIME - 1)
    assert await pending.look(db, token, HERE) == REQUEST
    assert not await pending.expired(db, token, HERE)
    db.clock.advance(1)
    assert await pending.look(db, token, HERE) is None
    assert await db.write(pending.take, token, HERE) is None
    assert await pending.expired(db, token, HERE)
    assert not await pending.expired(db, token, ELSEWHERE)


@pytest.mark.attack("SR-137", "SR-143")
async def test_signing_in_takes_one_request_along_and_leaves_the_others(db: HeldDatabase) -> None:
    mine, other = await db.write(pending.save, REQUEST, HERE), await db.write(pending.save, REQUEST, HERE)
    assert await db.write(pending.rebind, mine, HERE, ELSEWHERE)
    assert await pending.look(db, mine, HERE) is None
    assert await pending.look(db, mine, ELSEWHERE) == REQUEST
    assert await pending.look(db, other, ELSEWHERE) is None
    assert await pending.look(db, other, HERE) == REQUEST


@pytest.mark.attack("SR-126", "SR-314")
async def test_of_twenty_presses_at_once_one_gets_it(db: HeldDatabase) -> None:
    for _ in range(5):
        token = await db.write(pending.save, REQUEST, HERE)
        taken = await asyncio.gather(*(db.write(pending.take, token, HERE) for _ in range(20)), return_exceptions=True)
        assert [request for request in taken if request == REQUEST] == [REQUEST]
        assert await pending.look(db, token, HERE) is None


async def test_a_request_of_another_key_is_nothing(db: HeldDatabase) -> None:
    token = await db.write(pending.save, REQUEST, HERE)
    db.keys, old = Keyring(bytes(32)), db.keys
    assert await pending.look(db, token, HERE) is None
    db.keys = old
    assert await pending.look(db, token, HERE) == REQUEST
