"""What a page costs does not follow how many posts there are: the same pages among a thousand and among twenty thousand.

Nothing is timed; what is counted is the work of the database (`costs`). Each page is as full among few posts as among many.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from tests.bench import crowd
from tests.db.databases import emptied_postgres, new_sqlite
from tests.search.costs import Cost, costing
from volary.accounts.actions import create_account
from volary.db import Database
from volary.db.paging import Bounds
from volary.kit.clock import DAY, HOUR, SystemClock
from volary.kit.secrets import Keyring
from volary.posts.queries.reading import posts_by_ids
from volary.search.queries.counting import bounds_of, countable, counted
from volary.search.queries.searching import looked_up, newest_found
from volary.search.rules.buckets import Span
from volary.search.rules.parsing import RECENT, parsed
from volary.timelines.queries.home import home

FEW, MANY = 1_000, 20_000
PAGE, COUNTED = 100, 500
GROWTH = 1.2
Act = Callable[[Cost, int], Awaitable[int]]
"""Something that somebody reads, and how much of it there was."""


async def _home(reader: Cost, me: int) -> int:
    return len((await home(reader, me, Bounds(), PAGE)).rows)


async def _second_page(reader: Cost, me: int) -> int:
    first = await home(reader, me, Bounds(), PAGE)
    reader.cost = 0
    return len((await home(reader, me, Bounds(0, first.rows[-1].id), PAGE)).rows)


async def _look_up(reader: Cost, me: int) -> int:
    ids = [row.id for row in (await home(reader, me, Bounds(), PAGE)).rows]
    reader.cost = 0
    return len(await posts_by_ids(reader, me, ids))


def _search(text: str) -> Act:
    async def read(reader: Cost, me: int) -> int:
        query = await looked_up(reader, me, parsed(text, RECENT))
        return len(await newest_found(reader, me, query, Bounds(), PAGE))

    return read


async def _counts(reader: Cost, me: int) -> int:
    query = await looked_up(reader, me, parsed(crowd.COMMON, RECENT))
    week = Span(reader.now - 8 * DAY, reader.now)
    span = await countable(reader, query, week, Bounds(), 1, COUNTED)
    assert span.start > week.start
    return sum((await counted(reader, me, query, bounds_of(span, Bounds(), reader.now), HOUR)).values())


ACTS: dict[str, tuple[Act, int]] = {
    "home": (_home, PAGE),
    "the second page of home": (_second_page, PAGE),
    "a look-up of a hundred": (_look_up, PAGE),
    "a common word": (_search(crowd.COMMON), PAGE),
    "a rare word": (_search(crowd.RARE), PAGE),
    "a common and a rare word": (_search(f"{crowd.COMMON} {crowd.RARE}"), PAGE),
    "somebody's posts": (_search(f"from:{crowd.PROLIFIC}"), PAGE),
    "counts of a common word": (_counts, COUNTED - 1),
}


async def filled(url: str, size: int) -> int:
    """Write a crowd of this size into a database; who reads there."""
    database = await Database.open(url, SystemClock(), Keyring(bytes(range(32))), worker_id=0)
    me = (await database.write(create_account, "ann")).id
    await database.close()
    fill = crowd.fill_sqlite if url.startswith("sqlite") else crowd.fill_postgres
    await asyncio.to_thread(fill, url, crowd.Crowd(size, me, time.time_ns() // 1_000_000))
    return me


async def costs(url: str, size: int) -> dict[str, int]:
    """What each act costs in a crowd of this size."""
    me = await filled(url, size)
    found = {}
    for name, (act, full) in ACTS.items():
        async with costing(url) as reader:
            assert await act(reader, me) == full, (name, size)
            found[name] = reader.cost
    return found


@pytest.mark.parametrize("engine", ["sqlite", "postgres"])
async def test_a_page_costs_the_same_among_twenty_times_as_many_posts(engine: str, tmp_path: Path) -> None:
    found = []
    for size in (FEW, MANY):
        place = tmp_path / str(size)
        place.mkdir()
        url = await asyncio.to_thread(*((new_sqlite, place) if engine == "sqlite" else (emptied_postgres,)))
        found.append(await costs(url, size))
    few, many = found
    assert all(few.values())
    grown = {name: round(many[name] / few[name], 2) for name in ACTS}
    assert all(times <= GROWTH for times in grown.values()), grown


async def test_the_comparison_would_notice_a_look_at_every_post(tmp_path: Path) -> None:
    """The control: counting all of a common word, which follows how many posts there are."""
    found = []
    for size in (FEW, MANY):
        place = tmp_path / str(size)
        place.mkdir()
        url = await asyncio.to_thread(new_sqlite, place)
        me = await filled(url, size)
        async with costing(url) as reader:
            query = await looked_up(reader, me, parsed(crowd.COMMON, RECENT))
            await counted(reader, me, query, Bounds(), HOUR)
            found.append(reader.cost)
    assert found[1] > 10 * found[0]
