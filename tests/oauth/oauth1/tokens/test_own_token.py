"""The access token that an App's owner makes in the portal or on the command line (C140)."""

import pytest
from sqlalchemy import update

from tests.oauth.oauth1.stage import ME, App, Pair, Stage, make_app
from volary.access.caller import Caller
from volary.access.levels import Level
from volary.accounts.models import SUSPENDED, accounts
from volary.db import Tx, statement
from volary.developers.actions import edit_authentication, suspend_app
from volary.developers.errors import AppSuspended
from volary.developers.queries import app_by_id
from volary.developers.rules.settings import Authentication
from volary.kit.errors import Forbidden, Refusal
from volary.oauth.oauth1.errors import DeadToken
from volary.oauth.oauth1.tokens import make_own_token, own_token, revoke_own_token

_SUSPEND = statement(update(accounts).where(accounts.c.username == "dev").values(state=SUSPENDED))


async def made(stage: Stage, app: App) -> Pair:
    row = await app_by_id(stage.db, app.row.id)
    assert row is not None
    pair = await stage.db.write(make_own_token, row)
    return Pair(pair.token, pair.secret)


async def calling(stage: Stage, app: App, pair: Pair) -> Caller:
    return await stage.caller(stage.signed(app, pair, "GET", ME))


@pytest.mark.claim("C140", "C141")
async def test_it_stands_for_the_owner_at_the_apps_level(stage: Stage) -> None:
    pair = await made(stage, stage.rw1)
    caller = await calling(stage, stage.rw1, pair)
    assert (caller.username, caller.account_id, caller.level) == ("dev", stage.people.dev.id, Level.READ_WRITE)
    shown = await own_token(stage.db, stage.rw1.row)
    assert shown is not None
    assert (shown.hint, shown.level, shown.created_at) == (pair.token[-4:], "read-write", stage.db.now)


async def test_a_new_one_ends_the_one_before_and_nobody_elses(stage: Stage) -> None:
    ann = await stage.connect(stage.rw1, stage.people.ann.id)
    connected = await stage.connect(stage.rw1, stage.people.dev.id)
    first, second = await made(stage, stage.rw1), await made(stage, stage.rw1)
    with pytest.raises(DeadToken):
        await calling(stage, stage.rw1, first)
    for pair, name in ((second, "dev"), (ann, "ann"), (connected, "dev")):
        assert (await calling(stage, stage.rw1, pair)).username == name


@pytest.mark.attack("SR-178")
async def test_it_must_be_made_again_after_the_level_was_raised(stage: Stage) -> None:
    pair = await made(stage, stage.r1)
    wanted = Authentication(level=Level.DIRECT_MESSAGES)
    await stage.db.write(edit_authentication, stage.people.dev.id, stage.r1.row.id, wanted)
    assert (await calling(stage, stage.r1, pair)).level == Level.READ
    assert (await calling(stage, stage.r1, await made(stage, stage.r1))).level == Level.DIRECT_MESSAGES


async def test_it_can_be_revoked(stage: Stage) -> None:
    pair = await made(stage, stage.rw1)
    assert await stage.db.write(revoke_own_token, stage.rw1.row)
    assert not await stage.db.write(revoke_own_token, stage.rw1.row)
    assert await own_token(stage.db, stage.rw1.row) is None
    with pytest.raises(DeadToken):
        await calling(stage, stage.rw1, pair)


async def test_it_reads_the_email_address_where_the_app_may(stage: Stage) -> None:
    app = await make_app(stage.db, stage.people.dev.id, "Mailer", Level.READ, email=True)
    assert (await calling(stage, app, await made(stage, app))).email


@pytest.mark.attack("SR-182")
async def test_a_suspended_app_or_owner_gets_none(stage: Stage) -> None:
    assert await made(stage, stage.rw1) is not None

    async def suspend_dev(tx: Tx) -> None:
        await tx.run(_SUSPEND)

    await stage.db.write(suspend_app, stage.rw1.row.id, reason="test")
    with pytest.raises(AppSuspended):
        await made(stage, stage.rw1)
    await stage.db.write(suspend_dev)
    with pytest.raises(Forbidden):
        await made(stage, stage.r1)
    with pytest.raises(Refusal):
        await calling(stage, stage.r1, Pair("1-x", "y"))
