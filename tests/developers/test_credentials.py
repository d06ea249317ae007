"""Credentials: renewed with an overlap, revoked, told apart by a hint."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import pytest

from tests.cast import People
from tests.conftest import HeldDatabase
from tests.developers.making import EVERYTHING, new_app
from volary.developers import actions, queries
from volary.developers.errors import AppSuspended
from volary.developers.models import API_KEY, BEARER, CLIENT_SECRET
from volary.developers.rules.settings import Authentication
from volary.kit.clock import HOUR
from volary.kit.errors import Busy, Invalid
from volary.kit.secrets import digest

pytestmark = pytest.mark.anyio

Rotate = Callable[[HeldDatabase, int, int, int], Awaitable[str]]
Alive = Callable[[HeldDatabase, int, str], Awaitable[bool]]
Revoke = Callable[..., Coroutine[Any, Any, None]]


async def rotate_key(db: HeldDatabase, owner: int, app: int, overlap: int) -> str:
    return (await db.write(actions.rotate_api_key, owner, app, overlap=overlap)).key


async def rotate_secret(db: HeldDatabase, owner: int, app: int, overlap: int) -> str:
    return await db.write(actions.rotate_client_secret, owner, app, overlap=overlap)


async def rotate_bearer(db: HeldDatabase, owner: int, app: int, overlap: int) -> str:
    return await db.write(actions.rotate_bearer, owner, app, overlap=overlap)


async def key_lives(db: HeldDatabase, app: int, key: str) -> bool:
    return await queries.app_by_api_key(db, digest(key)) is not None


async def secret_lives(db: HeldDatabase, app: int, secret: str) -> bool:
    return await queries.client_secret_matches(db, app, digest(secret))


async def bearer_lives(db: HeldDatabase, app: int, token: str) -> bool:
    return await queries.app_by_bearer(db, digest(token)) is not None


KINDS = [
    pytest.param(rotate_key, key_lives, actions.revoke_api_keys, API_KEY, id="api key"),
    pytest.param(rotate_secret, secret_lives, actions.revoke_client_secrets, CLIENT_SECRET, id="client secret"),
    pytest.param(rotate_bearer, bearer_lives, actions.revoke_bearer, BEARER, id="bearer"),
]


@pytest.mark.claim("C181", "C182")
@pytest.mark.parametrize("rotate, alive, revoke, kind", KINDS)
async def test_regenerating_ends_the_old_one_at_once(
    db: HeldDatabase, cast: People, rotate: Rotate, alive: Alive, revoke: Revoke, kind: str
) -> None:
    app = (await new_app(db, cast.dev.id, authentication=EVERYTHING)).app.id
    first = await rotate(db, cast.dev.id, app, 0)
    second = await rotate(db, cast.dev.id, app, 0)
    assert first != second
    assert not await alive(db, app, first)
    assert await alive(db, app, second)
    kinds = [row.kind for row in await queries.credentials_of_app(db, app)]
    assert kinds.count(kind) == 1


@pytest.mark.claim("C181")
@pytest.mark.parametrize("rotate, alive, revoke, kind", KINDS)
async def test_the_old_one_may_live_on_for_a_while_and_no_longer(
    db: HeldDatabase, cast: People, rotate: Rotate, alive: Alive, revoke: Revoke, kind: str
) -> None:
    app = (await new_app(db, cast.dev.id, authentication=EVERYTHING)).app.id
    first = await rotate(db, cast.dev.id, app, 0)
    second = await rotate(db, cast.dev.id, app, HOUR)
    assert await alive(db, app, first)
    assert await alive(db, app, second)
    # A longer overlap later does not lengthen the life of one that already has an end.
    third = await rotate(db, cast.dev.id, app, 24 * HOUR)
    db.clock.advance(HOUR - 1)
    assert await alive(db, app, first)
    db.clock.advance(1)
    assert not await alive(db, app, first)
    assert await alive(db, app, second)
    assert await alive(db, app, third)
    ends = [row.expires_at for row in await queries.credentials_of_app(db, app) if row.kind == kind]
    assert ends.count(None) == 1
    await rotate(db, cast.dev.id, app, 0)
    assert not await alive(db, app, second)


@pytest.mark.claim("C184")
@pytest.mark.parametrize("rotate, alive, revoke, kind", KINDS)
async def test_revoking_ends_all_of_a_kind_and_nothing_else(
    db: HeldDatabase, cast: People, rotate: Rotate, alive: Alive, revoke: Revoke, kind: str
) -> None:
    app = (await new_app(db, cast.dev.id, authentication=EVERYTHING)).app.id
    before = {row.kind for row in await queries.credentials_of_app(db, app)}
    first = await rotate(db, cast.dev.id, app, 0)
    second = await rotate(db, cast.dev.id, app, HOUR)
    await db.write(revoke, cast.dev.id, app)
    assert not await alive(db, app, first)
    assert not await alive(db, app, second)
    assert {row.kind for row in await queries.credentials_of_app(db, app)} == before - {kind}


async def test_a_public_client_gets_no_secret(db: HeldDatabase, cast: People) -> None:
    app = (await new_app(db, cast.dev.id, authentication=Authentication(oauth2=True, type="native"))).app
    with pytest.raises(Invalid):
        await rotate_secret(db, cast.dev.id, app.id, 0)


@pytest.mark.parametrize("rotate, alive, revoke, kind", KINDS)
async def test_a_suspended_app_gets_no_new_credentials(
    db: HeldDatabase, cast: People, rotate: Rotate, alive: Alive, revoke: Revoke, kind: str
) -> None:
    app = (await new_app(db, cast.dev.id, authentication=EVERYTHING)).app.id
    await db.write(actions.suspend_app, app, reason="spam")
    with pytest.raises(AppSuspended):
        await rotate(db, cast.dev.id, app, 0)
    await db.write(revoke, cast.dev.id, app)


async def test_the_bearer_is_the_same_until_it_ends(db: HeldDatabase, cast: People) -> None:
    made = await new_app(db, cast.dev.id)
    app = made.app.id
    assert await db.write(actions.bearer_of_app, app) == made.bearer_token
    renewed = await rotate_bearer(db, cast.dev.id, app, HOUR)
    assert await db.write(actions.bearer_of_app, app) == renewed
    await db.write(actions.revoke_bearer, cast.dev.id, app)
    again = await db.write(actions.bearer_of_app, app)
    assert again not in (None, renewed, made.bearer_token)
    assert await bearer_lives(db, app, str(again))
    assert not await bearer_lives(db, app, renewed)
    assert await db.write(actions.bearer_of_app, 12345) is None


async def test_many_askers_get_one_bearer(db: HeldDatabase, cast: People) -> None:
    app = (await new_app(db, cast.dev.id)).app.id
    await db.write(actions.revoke_bearer, cast.dev.id, app)
    asked = (db.write(actions.bearer_of_app, app) for _ in range(8))
    answers = await asyncio.gather(*asked, return_exceptions=True)
    given = {answer for answer in answers if isinstance(answer, str)}
    assert len(given) == 1
    assert all(isinstance(answer, str | Busy) for answer in answers)
    assert await bearer_lives(db, app, given.pop())


@pytest.mark.claim("C185", "C186")
async def test_what_is_shown_later_is_a_hint_and_dates(db: HeldDatabase, cast: People) -> None:
    made = await new_app(db, cast.dev.id, authentication=EVERYTHING)
    rows = {row.kind: row for row in await queries.credentials_of_app(db, made.app.id)}
    assert made.client_secret is not None
    assert made.api_key.endswith(rows[API_KEY].hint)
    assert made.bearer_token.endswith(rows[BEARER].hint)
    assert made.client_secret.endswith(rows[CLIENT_SECRET].hint)
    for row in rows.values():
        assert len(row.hint) == 4
        assert (row.created_at, row.last_used_at, row.expires_at) == (db.now, None, None)
