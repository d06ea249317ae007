"""Two processes on one database: what one of them ends, the other refuses with its very next call, whatever it had looked up before."""

from collections.abc import AsyncIterator, Awaitable, Callable

import msgspec
import pytest

from tests.cast import People
from tests.conftest import HeldDatabase
from tests.oauth.identify.test_both_protocols import connected, signed
from tests.oauth.oauth2.app_only.test_app_only import asked
from tests.oauth.oauth2.stage import Stage, resources_of, stage_of
from volary.developers.actions import (
    delete_app,
    rotate_api_key,
    rotate_bearer,
    rotate_client_secret,
    suspend_app,
)
from volary.kit.clock import HeldClock
from volary.kit.secrets import Keyring
from volary.oauth.identify import identify
from volary.oauth.oauth1.nonces.table import TableNonces
from volary.oauth.oauth1.tokens import TokenPair
from volary.oauth.oauth1.verify import Verifier
from volary.oauth.revoking import revoke
from volary.settings import Settings

ME = "/2/users/me"


class Pair(msgspec.Struct):
    """Two processes: the same Apps and people, each with its own connection and its own memory."""

    one: Stage
    other: Stage


@pytest.fixture
async def pair(
    db: HeldDatabase, cast: People, settings: Settings, database_url: str, clock: HeldClock, keys: Keyring
) -> AsyncIterator[Pair]:
    one = await stage_of(db, cast, settings)
    second = await HeldDatabase.open(database_url, clock, keys, worker_id=1)
    other = msgspec.structs.replace(one, db=second, resources=resources_of(settings))
    for stage in (one, other):
        stage.resources.put(Verifier, Verifier(settings, TableNonces(stage.db)))
    yield Pair(one, other)
    await second.close()


async def signs(stage: Stage, token: TokenPair) -> int:
    return await stage.status(ME, signed(stage, stage.c1, token, "GET", ME))


@pytest.mark.attack("SR-070")
async def test_a_code_that_comes_again_at_the_other_one(pair: Pair) -> None:
    code = await pair.one.code(pair.one.c1)
    got = await pair.one.exchange(pair.one.c1, code)
    assert await pair.other.lives(got.json["access_token"])
    assert (await pair.other.exchange(pair.other.c1, code)).status == 400
    for stage in (pair.one, pair.other):
        assert not await stage.lives(got.json["access_token"])
        assert (await stage.refresh(stage.c1, got.json["refresh_token"])).status == 400


@pytest.mark.attack("SR-097", "SR-099")
async def test_a_refresh_token_that_comes_again_at_the_other_one(pair: Pair) -> None:
    held = await pair.one.connect(pair.one.c1)
    got = await pair.one.refresh(pair.one.c1, held.refresh)
    retried = await pair.other.refresh(pair.other.c1, held.refresh)  # its answer was lost
    assert (retried.status, retried.json["refresh_token"]) == (200, got.json["refresh_token"])
    assert await pair.other.lives(got.json["access_token"])
    assert (await pair.one.refresh(pair.one.c1, held.refresh)).status == 400  # and now it is a thief's
    assert not await pair.other.lives(got.json["access_token"])


@pytest.mark.attack("SR-102", "SR-103")
@pytest.mark.parametrize("which", ["access", "refresh"])
async def test_a_token_that_the_app_gives_back(pair: Pair, which: str) -> None:
    held = await pair.one.connect(pair.one.c1)
    for stage in (pair.one, pair.other):
        assert await stage.lives(held.access)
    got = await pair.one.post("/2/oauth2/revoke", {"token": getattr(held, which)}, pair.one.c1)
    assert got.status == 200
    for stage in (pair.one, pair.other):
        assert not await stage.lives(held.access)
        assert (await stage.refresh(stage.c1, held.refresh)).status == 400


async def revoked(stage: Stage) -> None:
    assert await stage.db.write(revoke, stage.cast.ann.id, app_id=stage.c1.app.id)


async def suspended(stage: Stage) -> None:
    await stage.db.write(suspend_app, stage.c1.app.id, reason="spam")


async def deleted(stage: Stage) -> None:
    await stage.db.write(delete_app, stage.cast.dev.id, stage.c1.app.id)


@pytest.mark.attack("SR-117", "SR-218", "SR-223")
@pytest.mark.parametrize("end", [revoked, suspended, deleted])
async def test_what_ends_every_token(pair: Pair, end: Callable[[Stage], Awaitable[None]]) -> None:
    bearer = await pair.one.connect(pair.one.c1)
    token = await connected(pair.one, pair.one.c1, pair.one.cast.ann.id)
    for stage in (pair.one, pair.other):
        assert (await stage.lives(bearer.access), await signs(stage, token)) == (True, 200)
    await end(pair.one)
    for stage in (pair.one, pair.other):
        assert (await stage.lives(bearer.access), await signs(stage, token)) == (False, 401)


@pytest.mark.attack("SR-117")
async def test_credentials_that_were_renewed(pair: Pair) -> None:
    """The other process has unsealed the old key already, and knows the old secret and the old bearer token."""
    one, other, dev = pair.one, pair.other, pair.one.cast.dev.id
    token = await connected(one, one.c1, one.cast.ann.id)
    old = {"authorization": f"Bearer {one.c1.bearer_token}"}
    assert await signs(other, token) == 200
    assert await other.status(headers=old) == 200
    assert (await asked(other)).status == 200
    assert (await other.exchange(other.c1, await one.code(one.c1))).status == 200
    await one.db.write(rotate_bearer, dev, one.c1.app.id)
    secret = await one.db.write(rotate_client_secret, dev, one.c1.app.id)
    await one.db.write(rotate_api_key, dev, one.c1.app.id)
    assert await other.status(headers=old) == 401
    code = await one.code(one.c1)
    assert (await other.exchange(other.c1, code)).status == 401
    assert (await asked(other)).status == 403
    assert await signs(other, token) == 401
    assert (await other.exchange(msgspec.structs.replace(other.c1, client_secret=secret), code)).status == 200


@pytest.mark.attack("SR-048")
async def test_a_signed_request_is_taken_by_one_of_them(pair: Pair) -> None:
    token = await connected(pair.one, pair.one.c1, pair.one.cast.ann.id)
    sent = signed(pair.one, pair.one.c1, token, "GET", ME)
    assert await pair.one.status(ME, sent) == 200
    assert await pair.other.status(ME, sent) == 401
    caller = await identify(pair.other.raw("GET", ME, signed(pair.other, pair.other.c1, token, "GET", ME), ""))
    assert caller.username == "ann"
