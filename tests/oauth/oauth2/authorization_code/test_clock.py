"""Clocks that step, and two nodes whose clocks differ: nothing is used early, and nothing lives twice as long (SR-349)."""

import pytest

from tests.conftest import HeldDatabase
from tests.oauth.oauth2.stage import Stage
from volary.kit.clock import HOUR, SECOND, HeldClock
from volary.oauth.oauth2.grant_types.authorization_code import SKEW
from volary.oauth.tokens import ACCESS_LIFETIME, CODE_LIFETIME, REFRESH_LIFETIME

pytestmark = [pytest.mark.anyio, pytest.mark.attack("SR-349")]

STEPS = [
    (0, 200),
    (CODE_LIFETIME - 1, 200),
    (CODE_LIFETIME, 400),
    (HOUR, 400),
    (-5 * SECOND, 200),
    (-SKEW, 200),
    (-SKEW - 1, 400),
    (-HOUR, 400),
]


@pytest.mark.parametrize(("step", "status"), STEPS)
async def test_the_clock_steps_while_a_code_is_on_its_way(stage: Stage, step: int, status: int) -> None:
    code = await stage.code(stage.c1)
    stage.db.clock.advance(step)
    assert (await stage.exchange(stage.c1, code)).status == status
    assert await stage.live_families() == (1 if status == 200 else 0)


@pytest.mark.parametrize("back", [5 * SECOND, HOUR])
async def test_a_code_that_was_refused_is_not_alive_again_after_a_step_back(stage: Stage, back: int) -> None:
    code = await stage.code(stage.c1)
    stage.db.clock.advance(CODE_LIFETIME + back)
    assert (await stage.exchange(stage.c1, code)).status == 400
    stage.db.clock.advance(-back - HOUR)
    assert (await stage.exchange(stage.c1, code)).status == 400
    assert await stage.live_families() == 0


@pytest.mark.parametrize("skew", [5 * SECOND, -5 * SECOND])
async def test_what_one_node_gave_is_good_at_the_other_whose_clock_differs(
    db: HeldDatabase, database_url: str, stage: Stage, skew: int
) -> None:
    """The code, the access token and the refresh token of the one node at the other, to the ends of their lives on its clock."""
    if database_url.startswith("sqlite"):
        pytest.skip("one server on one SQLite file")
    other_db = await HeldDatabase.open(database_url, HeldClock(db.now + skew), db.keys, worker_id=1)
    try:
        other = stage_with(other_db, stage)
        got = await other.exchange(stage.c1, await stage.code(stage.c1))
        assert got.status == 200
        for node in (stage, other):
            assert await node.lives(got.json["access_token"])
        for clock in (db.clock, other_db.clock):
            clock.advance(ACCESS_LIFETIME - 6 * SECOND)
        for node in (stage, other):
            assert await node.lives(got.json["access_token"])
        again = await stage.refresh(stage.c1, got.json["refresh_token"])
        assert again.status == 200
        for clock in (db.clock, other_db.clock):
            clock.advance(12 * SECOND)
        for node in (stage, other):
            assert not await node.lives(got.json["access_token"])
            assert await node.lives(again.json["access_token"])
    finally:
        await other_db.close()


def stage_with(db: HeldDatabase, like: Stage) -> Stage:
    """The same doors and Apps at another node."""
    return Stage(db, like.cast, like.settings, like.resources, like.api, like.c1, like.c2, like.p1, like.s1)


@pytest.mark.parametrize("step", [HOUR, -HOUR])
async def test_a_step_moves_tokens_by_no_more_than_itself(stage: Stage, step: int) -> None:
    held = await stage.connect(stage.c1)
    stage.db.clock.advance(step)
    assert await stage.lives(held.access)
    assert (await stage.refresh(stage.c1, held.refresh)).status == 200
    stage.db.clock.advance(-step + ACCESS_LIFETIME)
    assert not await stage.lives(held.access)
    stage.db.clock.advance(REFRESH_LIFETIME)
    assert (await stage.refresh(stage.c1, held.refresh)).status == 400
