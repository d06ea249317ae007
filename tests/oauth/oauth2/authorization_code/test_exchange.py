"""A code becomes tokens: thirty seconds, once, for its own client, redirect URI and verifier."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import select, update

from tests.oauth.oauth2.stage import CALLBACK, LOOPBACK, SCOPE, VERIFIER, Stage
from volary.accounts.models import LOCKED, SUSPENDED, accounts
from volary.activity.models import events
from volary.db import Tx, statement
from volary.developers.actions import delete_app, suspend_app
from volary.developers.models import apps
from volary.oauth.oauth2.grant_types.authorization_code import MOST_TRIES
from volary.oauth.revoking import drop_pending, revoke

BAD_CODE = {"error": "invalid_request", "error_description": "Value passed for the authorization code was invalid."}
BAD_REDIRECT = {
    "error": "invalid_request",
    "error_description": "Value passed for the redirect uri did not match the uri of the authorization code.",
}
BAD_VERIFIER = {
    "error": "invalid_request",
    "error_description": "Value passed for the code verifier did not match the code challenge.",
}

_KINDS = statement(select(events.c.kind).order_by(events.c.id), str)


@pytest.mark.claim("C142", "C211")
@pytest.mark.parametrize("app", ["c1", "p1"])
async def test_an_honest_exchange_gives_what_was_granted(stage: Stage, app: str) -> None:
    chosen = getattr(stage, app)
    got = await stage.exchange(chosen, await stage.code(chosen))
    assert got.status == 200
    assert (got.json["scope"], got.json["expires_in"], got.json["token_type"]) == (SCOPE, 7200, "bearer")
    assert (await stage.caller(got.json["access_token"])).scopes == frozenset(SCOPE.split())


@pytest.mark.claim("C073")
async def test_a_refresh_token_is_given_only_to_stay_connected(stage: Stage) -> None:
    got = await stage.exchange(stage.c1, await stage.code(stage.c1, scope="tweet.read users.read"))
    assert got.json["scope"] == "tweet.read users.read"
    assert "refresh_token" not in got.json


@pytest.mark.attack("SR-072")
@pytest.mark.parametrize(("age", "status"), [(0, 200), (29_000, 200), (29_999, 200), (30_000, 400), (31_000, 400)])
async def test_a_code_lives_thirty_seconds(stage: Stage, age: int, status: int) -> None:
    code = await stage.code(stage.c1)
    stage.db.clock.advance(age)
    got = await stage.exchange(stage.c1, code)
    assert got.status == status
    assert status == 200 or got.json == BAD_CODE


@pytest.mark.attack("SR-072")
@pytest.mark.parametrize(
    ("step", "status"),
    [(5_000, 200), (-5_000, 200), (-10_000, 200), (-10_001, 400), (-3_600_000, 400), (3_600_000, 400)],
)
async def test_a_clock_that_steps_in_its_life_does_not_prolong_a_code(stage: Stage, step: int, status: int) -> None:
    """Or two processes whose clocks differ: by some seconds it works, and never long after its thirty."""
    code = await stage.code(stage.c1)
    stage.db.clock.advance(step)
    assert (await stage.exchange(stage.c1, code)).status == status


@pytest.mark.attack("SR-070")
@pytest.mark.parametrize("later", [0, 31_000, 3_600_000])
async def test_a_code_that_comes_again_ends_what_it_began(stage: Stage, later: int) -> None:
    code = await stage.code(stage.c1)
    got = await stage.exchange(stage.c1, code)
    other = await stage.connect(stage.c1)
    assert await stage.lives(got.json["access_token"])
    stage.db.clock.advance(later)
    again = await stage.exchange(stage.c1, code)
    assert (again.status, again.json) == (400, BAD_CODE)
    assert not await stage.lives(got.json["access_token"])
    assert (await stage.refresh(stage.c1, got.json["refresh_token"])).status == 400
    assert await stage.lives(other.access)  # another device of the same person stays
    assert "family.ended" in await stage.db.all(_KINDS)


@pytest.mark.attack("SR-070", "SR-161")
async def test_a_new_password_does_not_hide_that_a_code_came_again(stage: Stage) -> None:
    """What was on its way ends with the old password; what shows that a code leaked stays."""
    code, unused = await stage.code(stage.c1), await stage.code(stage.c1)
    got = await stage.exchange(stage.c1, code)
    await stage.db.write(drop_pending, stage.cast.ann.id)
    assert (await stage.exchange(stage.c1, unused)).json == BAD_CODE
    assert await stage.lives(got.json["access_token"])
    assert (await stage.exchange(stage.c1, code)).json == BAD_CODE
    assert not await stage.lives(got.json["access_token"])


@pytest.mark.attack("SR-073")
@pytest.mark.parametrize("thief", ["c2", "p1", "s1"])
async def test_another_client_gets_nothing_and_burns_nothing(stage: Stage, thief: str) -> None:
    code = await stage.code(stage.c1)
    before = await stage.rows()
    for _ in range(MOST_TRIES + 3):
        got = await stage.exchange(getattr(stage, thief), code)
        assert (got.status, got.json) == (400, BAD_CODE)
    assert await stage.rows() == before
    right = await stage.exchange(stage.c1, code)
    assert right.status == 200
    assert (await stage.exchange(getattr(stage, thief), code)).status == 400
    assert await stage.lives(right.json["access_token"])  # nor can a stranger end what a used code began


@pytest.mark.attack("SR-075")
@pytest.mark.parametrize(
    "sent", [CALLBACK + "/", CALLBACK.upper(), "https://app.example/CB", LOOPBACK, "https://evil.example/cb", "x"]
)
async def test_the_redirect_uri_must_be_that_of_the_request(stage: Stage, sent: str) -> None:
    code = await stage.code(stage.c1)
    got = await stage.exchange(stage.c1, code, redirect_uri=sent)
    assert (got.status, got.json) == (400, BAD_REDIRECT)
    assert (await stage.exchange(stage.c1, code, redirect_uri=None)).status == 400
    assert (await stage.exchange(stage.c1, code)).status == 200


@pytest.mark.attack("SR-076", "SR-080")
@pytest.mark.claim("C211")
@pytest.mark.parametrize(
    "verifier", [VERIFIER[:-1] + "X", VERIFIER.upper(), "x", "v" * 42, "v" * 129, "v" * 42 + "=", " "]
)
async def test_the_verifier_must_belong_to_the_challenge(stage: Stage, verifier: str) -> None:
    code = await stage.code(stage.c1)
    got = await stage.exchange(stage.c1, code, code_verifier=verifier)
    assert (got.status, got.json) == (400, BAD_VERIFIER)
    assert (await stage.exchange(stage.c1, code, code_verifier=None)).status == 400
    assert (await stage.exchange(stage.c1, code)).status == 200


@pytest.mark.attack("SR-076")
async def test_five_wrong_tries_end_a_code(stage: Stage) -> None:
    code = await stage.code(stage.c1)
    for number in range(MOST_TRIES - 1):
        assert (await stage.exchange(stage.c1, code, code_verifier=f"{number}" * 43)).json == BAD_VERIFIER
    still = await stage.code(stage.c1)
    assert (await stage.exchange(stage.c1, still)).status == 200
    assert (await stage.exchange(stage.c1, code, redirect_uri=LOOPBACK)).json == BAD_REDIRECT
    got = await stage.exchange(stage.c1, code)
    assert (got.status, got.json) == (400, BAD_CODE)


@pytest.mark.attack("SR-083", "SR-101", "SR-275")
@pytest.mark.parametrize("code", ["x", "", " ", "x" * 10_000, "\u00e9", "' OR '1'='1", "../../etc/passwd", "a" * 88])
async def test_what_is_no_code_is_told_like_an_unknown_one(stage: Stage, code: str) -> None:
    got = await stage.exchange(stage.c1, code or " ")
    assert (got.status, got.json) == (400, BAD_CODE)


@pytest.mark.attack("SR-101")
async def test_no_other_token_stands_in_for_a_code(stage: Stage) -> None:
    held = await stage.connect(stage.c1)
    for token in (held.access, held.refresh, stage.c1.bearer_token, stage.c1.api_key):
        got = await stage.exchange(stage.c1, token)
        assert (got.status, got.json) == (400, BAD_CODE)
    assert await stage.lives(held.access)


_STATE = {
    name: statement(update(accounts).where(accounts.c.username == "ann").values(state=name))
    for name in (SUSPENDED, LOCKED)
}
_EPOCH = statement(update(accounts).where(accounts.c.username == "ann").values(epoch=accounts.c.epoch + 1))
_APP_EPOCH = statement(update(apps).values(epoch=apps.c.epoch + 1))
_PASSWORD = statement(
    update(accounts).where(accounts.c.username == "ann").values(password_changed_at=1_790_000_000_001)
)


async def suspended(stage: Stage) -> None:
    await stage.db.write(_run, "suspended")


async def locked(stage: Stage) -> None:
    await stage.db.write(_run, "locked")


async def ended_everywhere(stage: Stage) -> None:
    await stage.db.write(_run, "epoch")


async def app_epoch(stage: Stage) -> None:
    await stage.db.write(_run, "app epoch")


async def password_changed(stage: Stage) -> None:
    await stage.db.write(_run, "password")


async def revoked(stage: Stage) -> None:
    assert await stage.db.write(revoke, stage.cast.ann.id, app_id=stage.c1.app.id)


async def _run(tx: Tx, what: str) -> None:
    changes = {"epoch": _EPOCH, "app epoch": _APP_EPOCH, "password": _PASSWORD}
    await tx.run(changes.get(what) or _STATE[what])


@pytest.mark.attack("SR-085", "SR-221", "SR-223")
@pytest.mark.claim("C019")
@pytest.mark.parametrize("event", [suspended, locked, ended_everywhere, app_epoch, password_changed, revoked])
async def test_what_happens_between_consent_and_exchange_counts(
    stage: Stage, event: Callable[[Stage], Awaitable[None]]
) -> None:
    code, other = await stage.code(stage.c1), await stage.code(stage.c1, stage.cast.bob.id)
    await event(stage)
    before = await stage.rows()
    got = await stage.exchange(stage.c1, code)
    assert (got.status, got.json) == (400, BAD_CODE)
    assert await stage.rows() == before
    assert (await stage.exchange(stage.c1, other)).status == (400 if event is app_epoch else 200)


@pytest.mark.attack("SR-085")
@pytest.mark.parametrize("ended", ["suspend", "delete"])
async def test_an_app_that_ended_exchanges_nothing(stage: Stage, ended: str) -> None:
    code = await stage.code(stage.c1)
    if ended == "suspend":
        await stage.db.write(suspend_app, stage.c1.app.id, reason="spam")
    else:
        await stage.db.write(delete_app, stage.cast.dev.id, stage.c1.app.id)
    assert (await stage.exchange(stage.c1, code)).status == 401
    assert await stage.live_families() == 0


@pytest.mark.attack("SR-310")
@pytest.mark.parametrize("app", ["c1", "p1"])
async def test_of_fifty_exchanges_at_once_one_gets_tokens(stage: Stage, app: str) -> None:
    chosen = getattr(stage, app)
    for _ in range(3):
        code = await stage.code(chosen)
        answers = await asyncio.gather(*(stage.exchange(chosen, code) for _ in range(50)))
        assert sorted(got.status for got in answers) == [200] + [400] * 49
        assert all(got.json == BAD_CODE for got in answers if got.status == 400)
        assert await stage.live_families() == 0  # a code that came again ended it
    assert (await stage.rows())["families"] == 3


@pytest.mark.attack("SR-317")
async def test_an_app_that_is_deleted_amid_exchanges_keeps_no_token(stage: Stage) -> None:
    codes = [await stage.code(stage.c1) for _ in range(50)]
    exchanges = [stage.exchange(stage.c1, code) for code in codes]
    answers = await asyncio.gather(
        *exchanges[:25], stage.db.write(delete_app, stage.cast.dev.id, stage.c1.app.id), *exchanges[25:]
    )
    given = [got.json["access_token"] for got in answers if got is not None and got.status == 200]
    assert not [token for token in given if await stage.lives(token)]
    assert {got.status for got in answers if got is not None} <= {200, 400, 401}


@pytest.mark.claim("C210")
async def test_many_people_connect_one_app_and_each_token_is_theirs(stage: Stage) -> None:
    people = (stage.cast.ann, stage.cast.bob, stage.cast.carol)
    tokens = [(await stage.connect(stage.c1, person.id)).access for person in people]
    assert [(await stage.caller(token)).account_id for token in tokens] == [person.id for person in people]
