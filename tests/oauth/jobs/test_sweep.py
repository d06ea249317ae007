"""Clearing away what is dead, in small steps, and nothing else."""

import pytest
from sqlalchemy import bindparam, insert

from tests.oauth.oauth2.stage import Stage
from volary.db import Tx, statement
from volary.kit.clock import DAY, HOUR
from volary.oauth import jobs, pending
from volary.oauth.models import OAUTH2, pending_authorizations
from volary.oauth.oauth2.grant_types.refresh_token import GRACE
from volary.oauth.revoking import revoke

NAMES = ("codes", "access", "refresh", "pending")


async def left(stage: Stage) -> tuple[int, ...]:
    rows = await stage.rows()
    return tuple(rows[name] for name in NAMES)


@pytest.mark.attack("SR-366")
async def test_what_has_been_dead_for_a_day_goes_and_what_lives_stays(stage: Stage) -> None:
    held = await stage.connect(stage.c1)
    await stage.db.write(pending.save, await stage.asked(stage.c1), b"browser")
    assert await left(stage) == (1, 1, 1, 1)
    stage.db.clock.advance(pending.LIFETIME + jobs.KEPT_REQUEST)
    assert await jobs.sweep(stage.db) == 0  # dead, but not for long enough
    stage.db.clock.advance(1)
    assert await jobs.sweep(stage.db) == 1  # anybody may ask; nobody may fill the disk by it (SR-367)
    assert await left(stage) == (1, 1, 1, 0)
    stage.db.clock.advance(2 * HOUR)
    assert await jobs.sweep(stage.db) == 0
    stage.db.clock.advance(DAY + 1)
    assert await jobs.sweep(stage.db) == 2
    assert await left(stage) == (0, 0, 1, 0)
    assert (await stage.refresh(stage.c1, held.refresh)).status == 200


@pytest.mark.attack("SR-097", "SR-366")
async def test_a_rotated_token_stays_until_it_expires_so_that_its_replay_is_seen(stage: Stage) -> None:
    held = await stage.connect(stage.c1)
    got = await stage.refresh(stage.c1, held.refresh)
    stage.db.clock.advance(30 * DAY + GRACE)
    await jobs.sweep(stage.db)
    assert (await stage.refresh(stage.c1, held.refresh)).status == 400
    assert (await stage.refresh(stage.c1, got.json["refresh_token"])).status == 400


async def test_tokens_of_a_family_that_ended_go_after_a_day(stage: Stage) -> None:
    await stage.connect(stage.c1)
    bob = await stage.connect(stage.c1, stage.cast.bob.id)
    await stage.db.write(revoke, stage.cast.ann.id, app_id=stage.c1.app.id)
    stage.db.clock.advance(DAY + 1)
    await jobs.sweep(stage.db)
    assert await left(stage) == (1, 1, 1, 0)
    assert (await stage.refresh(stage.c1, bob.refresh)).status == 200


_OLD = statement(
    insert(pending_authorizations).values(
        digest=bindparam("digest"), protocol=OAUTH2, request="", bound_to=b"", created_at=0, expires_at=1
    )
)


async def many(tx: Tx, count: int) -> None:
    for number in range(count):
        await tx.run(_OLD, digest=number.to_bytes(8))


@pytest.mark.attack("SR-366")
async def test_more_than_one_batch_goes_in_one_run(stage: Stage) -> None:
    await stage.db.write(many, 2 * jobs.BATCH + 1)
    assert await jobs.sweep(stage.db) == 2 * jobs.BATCH + 1
    assert await left(stage) == (0, 0, 0, 0)
