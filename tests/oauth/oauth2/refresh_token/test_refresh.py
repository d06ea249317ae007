"""Refresh tokens: rotated once each; what comes again ends the family, or is an honest retry of a confidential client."""

import asyncio

import msgspec
import pytest
from sqlalchemy import select

from tests.oauth.oauth2.stage import SCOPE, Stage, Tokens
from volary.activity.models import events
from volary.db import statement
from volary.developers.actions import edit_authentication
from volary.developers.models import AppRow
from volary.developers.rules.settings import Authentication
from volary.kit.clock import DAY, HOUR
from volary.oauth.oauth2.grant_types.refresh_token import GRACE
from volary.oauth.revoking import revoke
from volary.oauth.tokens import REFRESH_LIFETIME

REFUSED = {"error": "invalid_request", "error_description": "Value passed for the token was invalid."}
_DETAILS = statement(select(events.c.detail).where(events.c.kind == "family.ended"), str)


@pytest.mark.claim("C195", "C196")
@pytest.mark.parametrize("app", ["c1", "p1"])
async def test_each_refresh_gives_a_new_pair_and_the_old_access_token_lives_on(stage: Stage, app: str) -> None:
    chosen = getattr(stage, app)
    held = await stage.connect(chosen)
    seen = {held.access, held.refresh}
    for _ in range(4):
        stage.db.clock.advance(HOUR)
        got = await stage.refresh(chosen, held.refresh)
        assert (got.status, got.json["scope"], got.json["expires_in"]) == (200, SCOPE, 7200)
        before, held = held, Tokens(got.json["access_token"], got.json["refresh_token"])
        seen |= {held.access, held.refresh}
        assert [await stage.lives(token) for token in (before.access, held.access)] == [True, True]
    assert len(seen) == 10
    assert await stage.live_families() == 1
    stage.db.clock.advance(2 * HOUR)
    assert not await stage.lives(held.access)
    assert (await stage.refresh(chosen, held.refresh)).status == 200


async def test_an_access_token_lives_two_hours(stage: Stage) -> None:
    held = await stage.connect(stage.c1)
    stage.db.clock.advance(2 * HOUR - 1)
    assert await stage.lives(held.access)
    stage.db.clock.advance(1)
    assert not await stage.lives(held.access)


async def test_a_refresh_token_lives_half_a_year_from_its_own_beginning(stage: Stage) -> None:
    held = await stage.connect(stage.c1)
    stage.db.clock.advance(REFRESH_LIFETIME - 1)
    got = await stage.refresh(stage.c1, held.refresh)
    assert got.status == 200
    stage.db.clock.advance(REFRESH_LIFETIME)
    got = await stage.refresh(stage.c1, got.json["refresh_token"])
    assert (got.status, got.json) == (400, REFUSED)
    assert await stage.live_families() == 1  # it expired; nobody replayed anything


@pytest.mark.attack("SR-097")
@pytest.mark.parametrize("app", ["c1", "p1"])
@pytest.mark.parametrize("later", [30_000, DAY])
async def test_a_token_that_comes_again_ends_the_family(stage: Stage, app: str, later: int) -> None:
    chosen = getattr(stage, app)
    held, other = await stage.connect(chosen), await stage.connect(chosen)
    got = await stage.refresh(chosen, held.refresh)
    assert await stage.lives(got.json["access_token"])
    stage.db.clock.advance(later)
    replayed = await stage.refresh(chosen, held.refresh)
    assert (replayed.status, replayed.json) == (400, REFUSED)
    assert not await stage.lives(got.json["access_token"])
    assert not await stage.lives(held.access)
    after = await stage.refresh(chosen, got.json["refresh_token"])
    assert (after.status, after.json) == (400, REFUSED)
    assert await stage.db.all(_DETAILS) == ['{"why":"refresh token replayed"}']
    assert (await stage.refresh(chosen, other.refresh)).status == 200  # another device stays


@pytest.mark.attack("SR-099")
@pytest.mark.parametrize("wait", [0, 1_000, GRACE])
async def test_an_honest_retry_gets_the_same_answer_again(stage: Stage, wait: int) -> None:
    held = await stage.connect(stage.c1)
    got = await stage.refresh(stage.c1, held.refresh)
    before = await stage.rows()
    stage.db.clock.advance(wait)
    again = await stage.refresh(stage.c1, held.refresh)
    if wait == GRACE:  # the watch over the successor ends with the grace
        assert (again.status, again.json) == (400, REFUSED)
        return
    assert again.status == 200
    assert again.json == got.json | {"expires_in": 7200 - wait // 1000}
    assert await stage.rows() == before  # no second head
    assert await stage.lives(got.json["access_token"])
    assert (await stage.refresh(stage.c1, got.json["refresh_token"])).status == 200


@pytest.mark.attack("SR-099")
@pytest.mark.parametrize("used", ["access", "refresh"])
async def test_no_retry_once_the_successor_was_used(stage: Stage, used: str) -> None:
    held = await stage.connect(stage.c1)
    got = await stage.refresh(stage.c1, held.refresh)
    if used == "access":
        assert await stage.lives(got.json["access_token"])
    else:
        assert (await stage.refresh(stage.c1, got.json["refresh_token"])).status == 200
    again = await stage.refresh(stage.c1, held.refresh)
    assert (again.status, again.json) == (400, REFUSED)
    assert await stage.live_families() == 0


@pytest.mark.attack("SR-099")
async def test_no_retry_two_generations_back(stage: Stage) -> None:
    held = await stage.connect(stage.c1)
    second = await stage.refresh(stage.c1, held.refresh)
    third = await stage.refresh(stage.c1, second.json["refresh_token"])
    assert third.status == 200
    assert (await stage.refresh(stage.c1, held.refresh)).status == 400
    assert not await stage.lives(third.json["access_token"])


@pytest.mark.attack("SR-099")
async def test_no_retry_for_a_public_client(stage: Stage) -> None:
    held = await stage.connect(stage.p1)
    assert (await stage.refresh(stage.p1, held.refresh)).status == 200
    assert (await stage.refresh(stage.p1, held.refresh)).status == 400
    assert await stage.live_families() == 0


@pytest.mark.attack("SR-099")
@pytest.mark.parametrize("ended", ["by the person", "by the app"])
async def test_no_retry_after_revoking(stage: Stage, ended: str) -> None:
    held = await stage.connect(stage.c1)
    got = await stage.refresh(stage.c1, held.refresh)
    if ended == "by the person":
        await stage.db.write(revoke, stage.cast.ann.id, app_id=stage.c1.app.id)
    else:
        await stage.post("/2/oauth2/revoke", {"token": got.json["refresh_token"]}, stage.c1)
    before = await stage.rows()
    again = await stage.refresh(stage.c1, held.refresh)
    assert (again.status, again.json) == (400, REFUSED)
    assert await stage.rows() == before


@pytest.mark.attack("SR-095", "SR-097", "SR-099")
@pytest.mark.parametrize("scope", ["tweet.read", "dm.write", "nonsense", " "])
@pytest.mark.parametrize("later", [0, GRACE + 1])
async def test_another_request_is_no_retry(stage: Stage, scope: str, later: int) -> None:
    """Also one that asks for more than was granted: whoever replays a token ends its family, whatever else is wrong."""
    held = await stage.connect(stage.c1)
    assert (await stage.refresh(stage.c1, held.refresh)).status == 200
    stage.db.clock.advance(later)
    again = await stage.refresh(stage.c1, held.refresh, scope=scope)
    assert (again.status, again.json) == (400, REFUSED)
    assert await stage.live_families() == 0


@pytest.mark.attack("SR-100")
@pytest.mark.parametrize("thief", ["c2", "p1", "s1"])
async def test_another_client_gets_nothing_and_ends_nothing(stage: Stage, thief: str) -> None:
    held = await stage.connect(stage.c1)
    got = await stage.refresh(getattr(stage, thief), held.refresh)
    assert (got.status, got.json) == (400, REFUSED)
    right = await stage.refresh(stage.c1, held.refresh)
    assert right.status == 200
    stage.db.clock.advance(GRACE + 1)
    assert (await stage.refresh(getattr(stage, thief), held.refresh)).status == 400  # a rotated one neither
    assert await stage.lives(right.json["access_token"])


@pytest.mark.attack("SR-101", "SR-275")
async def test_no_other_token_stands_in_for_it(stage: Stage) -> None:
    held = await stage.connect(stage.c1)
    code = await stage.code(stage.c1)
    for token in (held.access, code, stage.c1.bearer_token, "x", " ", "\u00e9", "' OR 1=1 --", "x" * 9_000):
        got = await stage.refresh(stage.c1, token)
        assert (got.status, got.json) == (400, REFUSED)
    assert await stage.lives(held.access)


@pytest.mark.attack("SR-095")
async def test_less_may_be_asked_for_and_never_more(stage: Stage) -> None:
    held = await stage.connect(stage.c1, scope="tweet.read users.read offline.access")
    wide = (
        "tweet.read users.read offline.access dm.write",
        "tweet.write",
        "users.email",
        "nonsense",
        "tweet.read,users.read",
        " ",
    )
    for scope in wide:
        got = await stage.refresh(stage.c1, held.refresh, scope=scope)
        assert (got.status, got.json["error"]) == (400, "invalid_scope")
    narrow = await stage.refresh(stage.c1, held.refresh, scope="tweet.read")
    assert narrow.json["scope"] == "tweet.read"
    assert (await stage.caller(narrow.json["access_token"])).scopes == {"tweet.read"}
    back = await stage.refresh(stage.c1, narrow.json["refresh_token"])
    assert back.json["scope"] == "tweet.read users.read offline.access"  # RFC 6749 §6: what was granted
    more = await stage.refresh(stage.c1, back.json["refresh_token"], scope="tweet.read dm.read")
    assert more.status == 400


@pytest.mark.attack("SR-095")
async def test_staying_connected_cannot_be_added(stage: Stage) -> None:
    got = await stage.exchange(stage.c1, await stage.code(stage.c1, scope="tweet.read users.read"))
    assert "refresh_token" not in got.json
    again = await stage.refresh(stage.c1, got.json["access_token"], scope="tweet.read offline.access")
    assert (again.status, again.json) == (400, REFUSED)


@pytest.mark.attack("SR-112")
@pytest.mark.parametrize("scope", ["s " * 5_000, "x" * 15_000, "tweet.read\ttweet.write", '"'])
async def test_strange_scopes_are_refused_calmly(stage: Stage, scope: str) -> None:
    held = await stage.connect(stage.c1)
    got = await stage.refresh(stage.c1, held.refresh, scope=scope)
    assert (got.status, got.json["error"]) == (400, "invalid_scope")


@pytest.mark.attack("SR-225")
async def test_a_new_consent_without_staying_connected_ends_old_refresh_tokens(stage: Stage) -> None:
    held = await stage.connect(stage.c1)
    got = await stage.refresh(stage.c1, held.refresh)
    await stage.connect(stage.c1, scope="tweet.read users.read")
    after = await stage.refresh(stage.c1, got.json["refresh_token"])
    assert (after.status, after.json) == (400, REFUSED)


@pytest.mark.attack("SR-311")
async def test_of_fifty_refreshes_at_once_a_confidential_client_gets_one_answer(stage: Stage) -> None:
    for _ in range(3):
        held = await stage.connect(stage.c1)
        before = await stage.rows()
        answers = await asyncio.gather(*(stage.refresh(stage.c1, held.refresh) for _ in range(50)))
        assert {got.status for got in answers} == {200}
        assert len({got.body for got in answers}) == 1
        after = await stage.rows()
        assert (after["access"] - before["access"], after["refresh"] - before["refresh"]) == (1, 1)


@pytest.mark.attack("SR-311")
async def test_of_fifty_refreshes_at_once_a_public_client_gets_at_most_one_answer(stage: Stage) -> None:
    held = await stage.connect(stage.p1)
    answers = await asyncio.gather(*(stage.refresh(stage.p1, held.refresh) for _ in range(50)))
    assert sorted(got.status for got in answers) == [200] + [400] * 49
    assert await stage.live_families() == 0


@pytest.mark.attack("SR-328")
async def test_a_retry_after_a_lost_answer_finds_what_the_first_one_did(stage: Stage) -> None:
    """The answer is lost after the commit: the derived successor is what the retry gets, and it works."""
    held = await stage.connect(stage.c1)
    await stage.refresh(stage.c1, held.refresh)
    again = await stage.refresh(stage.c1, held.refresh)
    assert (await stage.refresh(stage.c1, again.json["refresh_token"])).status == 200


@pytest.mark.claim("C187")
async def test_oauth2_that_was_switched_off_ends_every_token_until_it_is_on_again(stage: Stage) -> None:
    held = await stage.connect(stage.c1)
    app: AppRow = stage.c1.app
    on = Authentication(oauth2=True, type="web", email=True)
    await stage.db.write(edit_authentication, stage.cast.dev.id, app.id, msgspec.structs.replace(on, oauth2=False))
    assert not await stage.lives(held.access)
    assert (await stage.refresh(stage.c1, held.refresh)).status == 401
