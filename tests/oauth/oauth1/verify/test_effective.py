"""What a signed call may do at this moment, and when its token is dead: judged anew on every request (design: permissions)."""

from typing import Any

import pytest
from sqlalchemy import update

from tests.oauth.oauth1.stage import ME, App, Pair, Stage, make_app
from volary.access.errors import LevelTooLow
from volary.access.levels import Level
from volary.access.needs import Need
from volary.accounts.models import DEACTIVATED, LOCKED, SUSPENDED, accounts
from volary.db import Tx, statement
from volary.developers.actions import delete_app, edit_authentication, restore_app, rotate_api_key, suspend_app
from volary.developers.models import apps
from volary.developers.rules.settings import Authentication
from volary.kit.clock import HOUR
from volary.kit.errors import Refusal
from volary.oauth.oauth1.errors import AppRefused, DeadToken, NotAuthenticated
from volary.oauth.revoking import end_family, revoke

WRITE = Need(oauth1=Level.READ_WRITE, project=False)
MESSAGES = Need(oauth1=Level.DIRECT_MESSAGES, project=False)


async def change(stage: Stage, table: Any, row_id: int, **values: Any) -> None:
    wanted = statement(update(table).where(table.c.id == row_id).values(**values))

    async def act(tx: Tx) -> int:
        return await tx.run(wanted)

    assert await stage.db.write(act) == 1


async def set_level(stage: Stage, app: App, level: Level, **more: Any) -> None:
    await stage.db.write(edit_authentication, stage.people.dev.id, app.row.id, Authentication(level=level, **more))


async def level_of(stage: Stage, app: App, pair: Pair) -> Level:
    return (await stage.caller(stage.signed(app, pair, "GET", ME))).level


async def refusal_of(stage: Stage, app: App, pair: Pair) -> Refusal:
    with pytest.raises(Refusal) as caught:
        await stage.caller(stage.signed(app, pair, "GET", ME))
    return caught.value


@pytest.mark.claim("C191", "C192", "C200")
@pytest.mark.attack("SR-178")
async def test_a_raised_level_reaches_a_person_only_by_a_new_consent(stage: Stage) -> None:
    old = await stage.connect(stage.r1, stage.people.ann.id)
    await set_level(stage, stage.r1, Level.DIRECT_MESSAGES)
    assert await level_of(stage, stage.r1, old) == Level.READ
    new = await stage.connect(stage.r1, stage.people.ann.id)
    assert await level_of(stage, stage.r1, new) == Level.DIRECT_MESSAGES
    assert await level_of(stage, stage.r1, old) == Level.READ


@pytest.mark.claim("C191", "C192", "C202", "C204")
@pytest.mark.attack("SR-178")
async def test_a_lowered_level_bites_on_the_next_request(stage: Stage) -> None:
    pair = await stage.connect(stage.rwd1, stage.people.ann.id)
    caller = await stage.caller(stage.signed(stage.rwd1, pair, "GET", ME))
    MESSAGES.check(caller)
    await set_level(stage, stage.rwd1, Level.READ_WRITE)
    caller = await stage.caller(stage.signed(stage.rwd1, pair, "GET", ME))
    WRITE.check(caller)
    with pytest.raises(LevelTooLow):
        MESSAGES.check(caller)
    assert not {"dm.read", "dm.write"} & caller.scopes
    await set_level(stage, stage.rwd1, Level.READ)
    caller = await stage.caller(stage.signed(stage.rwd1, pair, "GET", ME))
    with pytest.raises(LevelTooLow):
        WRITE.check(caller)
    assert not [scope for scope in caller.scopes if scope.endswith(".write")]


async def test_the_email_switch_works_the_same_way(stage: Stage) -> None:
    app = await make_app(stage.db, stage.people.dev.id, "Mailer", Level.READ, email=True)
    pair = await stage.connect(app, stage.people.ann.id)

    async def email() -> bool:
        return (await stage.caller(stage.signed(app, pair, "GET", ME))).email

    assert await email()
    await change(stage, apps, app.row.id, email_permission=0)
    assert not await email()
    without = await stage.connect(app, stage.people.bob.id)
    await change(stage, apps, app.row.id, email_permission=1)
    assert await email()
    assert not (await stage.caller(stage.signed(app, without, "GET", ME))).email
    await change(stage, apps, app.row.id, terms_url="")
    assert not await email()


@pytest.mark.attack("SR-223")
async def test_revoking_ends_every_token_of_that_app_and_person_alone(stage: Stage) -> None:
    ann, bob = stage.people.ann.id, stage.people.bob.id
    dead = [await stage.connect(stage.rw1, ann), await stage.connect(stage.rw1, ann)]
    other_app, other_person = await stage.connect(stage.r1, ann), await stage.connect(stage.rw1, bob)
    assert await stage.db.write(revoke, ann, app_id=stage.rw1.row.id)
    for pair in dead:
        refusal = await refusal_of(stage, stage.rw1, pair)
        assert isinstance(refusal, DeadToken)
        assert (refusal.status, refusal.code) == (401, 89)
    assert await level_of(stage, stage.r1, other_app)
    assert await level_of(stage, stage.rw1, other_person)
    again = await stage.connect(stage.rw1, ann)
    assert await level_of(stage, stage.rw1, again)
    assert isinstance(await refusal_of(stage, stage.rw1, dead[0]), DeadToken)


async def test_a_family_ends_alone(stage: Stage) -> None:
    one, other = [await stage.connect(stage.rw1, stage.people.ann.id) for _ in range(2)]
    caller = await stage.caller(stage.signed(stage.rw1, one, "GET", ME))
    await stage.db.write(end_family, caller.family_id or 0, "test")
    assert isinstance(await refusal_of(stage, stage.rw1, one), DeadToken)
    assert await level_of(stage, stage.rw1, other)


@pytest.mark.attack("SR-218")
async def test_a_suspended_app_is_refused_and_restored(stage: Stage, ann_rw1: Pair) -> None:
    assert await level_of(stage, stage.rw1, ann_rw1)
    asked = await stage.request_token(stage.rw1)
    verifier = await stage.approve(asked.token, stage.people.bob.id)
    await stage.db.write(suspend_app, stage.rw1.row.id, reason="test")
    refusal = await refusal_of(stage, stage.rw1, ann_rw1)
    assert isinstance(refusal, AppRefused)
    assert (refusal.status, refusal.code) == (401, 416)
    assert (await stage.door(stage.asking(stage.rw1))).status == 401
    assert (await stage.door(stage.exchanging(stage.rw1, asked, verifier))).status == 401
    await stage.db.write(restore_app, stage.rw1.row.id)
    assert await level_of(stage, stage.rw1, ann_rw1)


@pytest.mark.attack("SR-220")
async def test_a_deleted_app_is_nobody(stage: Stage, ann_rw1: Pair) -> None:
    assert await level_of(stage, stage.rw1, ann_rw1)
    await stage.db.write(delete_app, stage.people.dev.id, stage.rw1.row.id)
    assert isinstance(await refusal_of(stage, stage.rw1, ann_rw1), NotAuthenticated)
    assert (await stage.door(stage.asking(stage.rw1))).status == 401


@pytest.mark.claim("C187")
async def test_oauth_1_0a_switched_off(stage: Stage, ann_rw1: Pair) -> None:
    assert await level_of(stage, stage.rw1, ann_rw1)
    await set_level(stage, stage.rw1, Level.READ_WRITE, oauth1=False)
    refusal = await refusal_of(stage, stage.rw1, ann_rw1)
    assert isinstance(refusal, AppRefused)
    await set_level(stage, stage.rw1, Level.READ_WRITE)
    assert await level_of(stage, stage.rw1, ann_rw1)


@pytest.mark.attack("SR-221")
@pytest.mark.parametrize("state", [SUSPENDED, LOCKED, DEACTIVATED])
async def test_an_account_that_is_not_active(stage: Stage, ann_rw1: Pair, state: str) -> None:
    await change(stage, accounts, stage.people.ann.id, state=state)
    assert isinstance(await refusal_of(stage, stage.rw1, ann_rw1), DeadToken)
    await change(stage, accounts, stage.people.ann.id, state="active")
    assert await level_of(stage, stage.rw1, ann_rw1)


@pytest.mark.parametrize("which", ["app", "account"])
async def test_a_raised_epoch_ends_every_token_for_good(stage: Stage, ann_rw1: Pair, which: str) -> None:
    if which == "app":
        await change(stage, apps, stage.rw1.row.id, epoch=apps.c.epoch + 1)
    else:
        await change(stage, accounts, stage.people.ann.id, epoch=accounts.c.epoch + 1)
    assert isinstance(await refusal_of(stage, stage.rw1, ann_rw1), DeadToken)
    again = await stage.connect(stage.rw1, stage.people.ann.id)
    assert await level_of(stage, stage.rw1, again)


@pytest.mark.attack("SR-117")
async def test_a_renewed_api_key(stage: Stage, ann_rw1: Pair) -> None:
    """At once, or with an overlap; the tokens live on under the new key."""
    assert await level_of(stage, stage.rw1, ann_rw1)
    made = await stage.db.write(rotate_api_key, stage.people.dev.id, stage.rw1.row.id, overlap=HOUR)
    second = App(stage.rw1.row, made.key, made.secret)
    assert await level_of(stage, stage.rw1, ann_rw1)
    assert await level_of(stage, second, ann_rw1)
    stage.db.clock.advance(HOUR)
    assert isinstance(await refusal_of(stage, stage.rw1, ann_rw1), NotAuthenticated)
    made = await stage.db.write(rotate_api_key, stage.people.dev.id, stage.rw1.row.id)
    third = App(stage.rw1.row, made.key, made.secret)
    assert isinstance(await refusal_of(stage, second, ann_rw1), NotAuthenticated)
    assert await level_of(stage, third, ann_rw1)


async def test_a_standalone_app_is_not_enrolled(stage: Stage, ann_rw1: Pair) -> None:
    assert not (await stage.caller(stage.signed(stage.rw1, ann_rw1, "GET", ME))).enrolled
