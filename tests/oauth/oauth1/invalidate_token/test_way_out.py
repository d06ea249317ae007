"""The app ends the access token that it signs with, and no other (X facts 1.1)."""

import asyncio
import json

import pytest

from tests.oauth.oauth1.stage import FORM, ME, App, Pair, Sent, Stage, error
from volary.oauth.grants import live_grant
from volary.oauth.oauth1.errors import DeadToken

PATHS = ("/1.1/oauth/invalidate_token", "/1.1/oauth/invalidate_token.json")


def ending(stage: Stage, app: App, pair: Pair, path: str = PATHS[0]) -> Sent:
    return stage.signed(app, pair, "POST", path)


async def alive(stage: Stage, app: App, pair: Pair) -> bool:
    try:
        await stage.caller(stage.signed(app, pair, "GET", ME))
    except DeadToken:
        return False
    return True


@pytest.mark.parametrize("path", PATHS)
async def test_the_token_is_dead_at_once(stage: Stage, ann_rw1: Pair, path: str) -> None:
    assert await alive(stage, stage.rw1, ann_rw1)
    answer = await stage.door(ending(stage, stage.rw1, ann_rw1, path))
    assert answer.status == 200
    assert json.loads(answer.body) == {"access_token": ann_rw1.token}
    assert (b"x-access-level", b"read-write") in answer.headers
    assert not await alive(stage, stage.rw1, ann_rw1)
    assert error(await stage.door(ending(stage, stage.rw1, ann_rw1, path))) == (401, 89)


@pytest.mark.attack("SR-068")
async def test_nothing_else_is_touched(stage: Stage) -> None:
    ann, bob = stage.people.ann.id, stage.people.bob.id
    mine, other_device = await stage.connect(stage.r1, ann), await stage.connect(stage.r1, ann)
    other_app, other_person = await stage.connect(stage.rw1, ann), await stage.connect(stage.r1, bob)
    assert (await stage.door(ending(stage, stage.r1, mine))).status == 200
    assert not await alive(stage, stage.r1, mine)
    assert await alive(stage, stage.r1, other_device)
    assert await alive(stage, stage.rw1, other_app)
    assert await alive(stage, stage.r1, other_person)
    assert await live_grant(stage.db, ann, stage.r1.row.id) is not None


@pytest.mark.attack("SR-068")
async def test_a_token_that_is_named_in_the_body_is_not_looked_at(stage: Stage, ann_rw1: Pair) -> None:
    """Clients may repeat theirs there; somebody else's must not be ended by it."""
    bob = await stage.connect(stage.rw1, stage.people.bob.id)
    body = f"access_token={bob.token}&access_token_secret={bob.secret}"
    sent = stage.signed(stage.rw1, ann_rw1, "POST", PATHS[0], body=body, headers=FORM)
    assert json.loads((await stage.door(sent)).body) == {"access_token": ann_rw1.token}
    assert await alive(stage, stage.rw1, bob)


async def test_a_read_only_token_can_end_itself(stage: Stage) -> None:
    pair = await stage.connect(stage.r1, stage.people.ann.id)
    assert (await stage.door(ending(stage, stage.r1, pair))).status == 200


async def test_of_many_at_once_one_ends_it(stage: Stage, ann_rw1: Pair) -> None:
    sent = [ending(stage, stage.rw1, ann_rw1) for _ in range(10)]
    answers = await asyncio.gather(*(stage.door(one) for one in sent))
    assert [answer.status for answer in answers].count(200) == 1
    assert not await alive(stage, stage.rw1, ann_rw1)


async def test_connecting_again_gives_another_token(stage: Stage, ann_rw1: Pair) -> None:
    await stage.door(ending(stage, stage.rw1, ann_rw1))
    again = await stage.connect(stage.rw1, stage.people.ann.id)
    assert again.token != ann_rw1.token
    assert await alive(stage, stage.rw1, again)
    assert not await alive(stage, stage.rw1, ann_rw1)
