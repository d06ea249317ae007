"""What people take back of an app's permissions, and the end that they set: from the next call on, for tokens that are out."""

from typing import Any

import pytest

from tests.cast import People
from tests.conftest import HeldDatabase
from tests.oauth.oauth1 import stage as signing
from tests.oauth.oauth2.stage import Stage, Tokens
from volary.access.levels import Level
from volary.access.scopes import OFFLINE
from volary.kit.clock import DAY, HOUR
from volary.oauth.connected import connected_app
from volary.oauth.errors import EndPassed, NothingLeft
from volary.oauth.grants import live_grant, narrow, record
from volary.oauth.jobs import sweep
from volary.oauth.oauth1.errors import DeadToken
from volary.oauth.oauth1.nonces.table import TableNonces
from volary.settings import Settings

WIDE = "tweet.read users.read tweet.write dm.read offline.access"


@pytest.fixture
async def sign(db: HeldDatabase, cast: People) -> signing.Stage:
    return await signing.set_up(db, TableNonces(db), cast, Settings(public_url=signing.HOST))


async def limited(stage: Stage, scopes: str, *, until: int | None = None) -> bool:
    """Ann leaves the App these scopes, until then."""
    return await stage.db.write(
        narrow,
        stage.cast.ann.id,
        stage.c1.app.id,
        level=None,
        email=False,
        scopes=scopes.split(),
        expires_at=until,
    )


async def wide(stage: Stage) -> Tokens:
    return await stage.connect(stage.c1, scope=WIDE)


@pytest.mark.attack("SR-131")
async def test_a_scope_that_is_taken_back_is_gone_from_the_next_call_on(stage: Stage) -> None:
    held = await wide(stage)
    assert (await stage.caller(held.access)).level is Level.DIRECT_MESSAGES
    assert await limited(stage, "tweet.read users.read offline.access")
    caller = await stage.caller(held.access)
    assert caller.scopes == {"tweet.read", "users.read", OFFLINE}
    assert caller.level is Level.READ


async def test_a_refresh_brings_back_nothing_that_was_taken(stage: Stage) -> None:
    held = await wide(stage)
    await limited(stage, "tweet.read users.read offline.access")
    got = await stage.refresh(stage.c1, held.refresh)
    assert got.json["scope"] == "tweet.read users.read offline.access"
    assert (await stage.caller(got.json["access_token"])).scopes == {"tweet.read", "users.read", OFFLINE}


async def test_a_code_that_is_on_its_way_brings_no_more_than_is_left(stage: Stage) -> None:
    code = await stage.code(stage.c1, scope=WIDE)
    await limited(stage, "tweet.read users.read offline.access")
    got = await stage.exchange(stage.c1, code)
    assert "tweet.write" not in (await stage.caller(got.json["access_token"])).scopes


async def test_without_staying_connected_there_is_no_refresh(stage: Stage) -> None:
    held = await wide(stage)
    await limited(stage, "tweet.read users.read")
    assert (await stage.refresh(stage.c1, held.refresh)).status == 400
    assert await stage.lives(held.access)


async def test_a_form_that_is_out_of_date_gives_nothing(stage: Stage) -> None:
    held = await stage.connect(stage.c1, scope="tweet.read users.read")
    assert await limited(stage, WIDE)
    assert (await stage.caller(held.access)).scopes == {"tweet.read", "users.read"}


async def test_agreeing_anew_gives_it_back(stage: Stage) -> None:
    held = await wide(stage)
    await limited(stage, "tweet.read users.read")
    await wide(stage)
    assert "tweet.write" in (await stage.caller(held.access)).scopes


@pytest.mark.parametrize("left", ["", OFFLINE])
async def test_an_app_without_any_permission_is_one_to_revoke(stage: Stage, left: str) -> None:
    held = await wide(stage)
    with pytest.raises(NothingLeft):
        await limited(stage, left)
    assert "tweet.write" in (await stage.caller(held.access)).scopes


async def test_nobody_narrows_what_is_not_theirs(stage: Stage) -> None:
    await wide(stage)
    nothing: dict[str, Any] = {"level": None, "email": False, "scopes": ["users.read"], "expires_at": None}
    assert not await stage.db.write(narrow, stage.cast.bob.id, stage.c1.app.id, **nothing)


async def test_an_end_ends_every_token_at_that_moment(stage: Stage) -> None:
    held = await wide(stage)
    await limited(stage, WIDE, until=stage.db.now + HOUR)
    stage.db.clock.advance(HOUR - 1)
    assert await stage.lives(held.access)
    stage.db.clock.advance(1)
    assert not await stage.lives(held.access)
    assert (await stage.refresh(stage.c1, held.refresh)).status == 400
    assert await connected_app(stage.db, stage.cast.ann.id, stage.c1.app.id) is None


async def test_a_token_says_no_longer_life_than_its_grant_has(stage: Stage) -> None:
    held = await wide(stage)
    await limited(stage, WIDE, until=stage.db.now + HOUR)
    got = await stage.refresh(stage.c1, held.refresh)
    assert got.json["expires_in"] == 3600


async def test_what_expired_stays_dead_when_the_person_agrees_anew(stage: Stage) -> None:
    held = await wide(stage)
    await limited(stage, WIDE, until=stage.db.now + 60_000)
    stage.db.clock.advance(60_000)
    again = await wide(stage)
    assert await stage.lives(again.access)
    assert not await stage.lives(held.access)


async def test_an_end_lies_ahead(stage: Stage) -> None:
    await wide(stage)
    with pytest.raises(EndPassed):
        await limited(stage, WIDE, until=stage.db.now)


async def test_sweeping_writes_the_end_down(stage: Stage) -> None:
    held = await wide(stage)
    caller = await stage.caller(held.access)
    await limited(stage, WIDE, until=stage.db.now + DAY)
    stage.db.clock.advance(DAY)
    await sweep(stage.db)
    stage.db.clock.advance(-1)  # whatever the clock says later, it has ended
    assert await live_grant(stage.db, stage.cast.ann.id, caller.app_id or 0) is None


async def test_signing_obeys_the_grant(sign: signing.Stage) -> None:
    ann = sign.people.ann.id
    pair = await sign.connect(sign.rwd1, ann)
    asked = sign.signed(sign.rwd1, pair, "GET", "/2/users/me")
    assert (await sign.caller(asked)).level is Level.DIRECT_MESSAGES
    app_id = sign.rwd1.row.id
    read_only: dict[str, Any] = {"level": Level.READ, "email": False, "scopes": (), "expires_at": sign.db.now + HOUR}
    assert await sign.db.write(narrow, ann, app_id, **read_only)
    caller = await sign.caller(sign.signed(sign.rwd1, pair, "GET", "/2/users/me"))
    assert (caller.level, "tweet.write" in caller.scopes) == (Level.READ, False)
    sign.db.clock.advance(HOUR)
    with pytest.raises(DeadToken):
        await sign.caller(sign.signed(sign.rwd1, pair, "GET", "/2/users/me"))


async def test_the_last_answer_says_for_how_long(stage: Stage) -> None:
    await wide(stage)
    ann, app_id = stage.cast.ann.id, stage.c1.app.id
    for lasting, end in ((HOUR, stage.db.now + HOUR), (None, stage.db.now + HOUR), (0, None)):
        await stage.db.write(record, ann, app_id, scopes=["users.read"], lasting=lasting)
        grant = await live_grant(stage.db, ann, app_id)
        assert grant is not None
        assert grant.expires_at == end
