"""Two nodes do all their recurring work at the same moments, for five minutes: each thing is done once, and neither stands in the other's
way (SR-324). Work that a later room adds is tried here without a line.
"""

import asyncio

import pytest
from sqlalchemy import func, select

from tests.media.making import begun
from tests.oauth.jobs.test_two_nodes import _LEFT, _PENDING, fill
from tests.server.calls.asking import post_of
from tests.server.house import House, opened
from volary.db import Database, Tx, in_list, statement
from volary.kit.clock import HOUR, SECOND, HeldClock
from volary.media.models import media
from volary.posts.models import posts
from volary.search.models import search_documents
from volary.server.application import Application
from volary.server.owned import recurring

ROUNDS, STEP = 30, 10 * SECOND
_SEEN = statement(select(posts.c.impression_count).where(in_list(posts.c.id, "ids")), int)
_INDEXED = statement(select(search_documents.c.post_id).where(in_list(search_documents.c.post_id, "ids")), int)
_UPLOADS = statement(select(func.count(media.c.id)), int)


@pytest.mark.attack("SR-324")
async def test_five_minutes_of_two_nodes(postgres_url: str) -> None:
    async with opened(postgres_url) as house:
        second = Application(house.application.settings, HeldClock(house.clock.now()))
        await second.start()
        try:
            made = [await one_round(house, second, number) for number in range(ROUNDS)]
            await settled(house, second)
            db = house.db
            ids = [post for post, _ in made]
            assert sorted(await db.all(_INDEXED, ids=ids)) == sorted(ids)
            assert await db.all(_SEEN, ids=ids) == [2] * ROUNDS  # once by each node
            assert await db.one(_LEFT) == 1  # the one that is young
            assert await db.one(_UPLOADS) == 0
        finally:
            await second.stop()


async def one_round(house: House, second: Application, number: int) -> tuple[int, int]:
    """Something for every task, and then every task of both nodes at once; the ids of what was made."""
    post = await post_of(house, house.cast.ann)
    who = await house.bearer(house.cast.carol)
    other = House(second, house.clock, house.cast, house.apps, None)
    for node in (house, other):
        assert (await node.get(f"/2/tweets/{post}", who)).status == 200
    upload = await begun(house, house.cast.ann, b"x")
    await work(house, second)
    for clock in clocks(house, second):
        clock.advance(STEP)
    return post, upload


async def settled(house: House, second: Application) -> None:
    """All that was begun becomes due, and is done by whichever comes first."""
    await house.db.write(fill, 600)
    for clock in clocks(house, second):
        clock.advance(25 * HOUR)
    await house.db.write(fill_young)
    for _ in range(2):
        await work(house, second)


async def fill_young(tx: Tx) -> None:
    """A request that still has an hour."""
    key, at = b"y" * 32, tx.now
    await tx.run(_PENDING, digest=key, protocol="oauth2", request="", bound_to=key, created_at=at, expires_at=at + HOUR)


def clocks(house: House, second: Application) -> list[HeldClock]:
    other = second.resources[Database].clock
    assert isinstance(other, HeldClock)
    return [house.clock, other]


async def work(house: House, second: Application) -> None:
    """Every task of both nodes at once; one that fails, or waits for the other for ever, ends the test."""
    async with asyncio.timeout(60):
        tasks = [
            one
            for node in (house.application, second)
            for one in recurring(node.resources)
            if one.name != "closing silent connections"  # it would look at this process's own
        ]
        assert len(tasks) > 25
        await asyncio.gather(*(one.task() for one in tasks))
