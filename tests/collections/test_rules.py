"""Limits and races of collections, without HTTP."""

import asyncio

import pytest
from sqlalchemy import bindparam, insert

from tests.graph.people import calling, newcomer, post
from volary.access.caller import Caller
from volary.collections.actions.curating import Change, Undone, curate
from volary.collections.actions.writing import Draft, create_collection
from volary.collections.errors import TooManyCollections
from volary.collections.models import collection_entries
from volary.collections.queries.entries import entries_of
from volary.collections.rules import MOST_COLLECTIONS, MOST_ENTRIES
from volary.db import Database, Tx, statement
from volary.kit.errors import Busy
from volary.kit.ids import LARGEST_ID
from volary.posts.models import posts


async def _make_many(tx: Tx, caller: Caller, count: int) -> None:
    for _ in range(count):
        await create_collection(tx, caller, Draft("Best"))


async def test_nobody_owns_more_than_a_thousand(db: Database) -> None:
    ann = calling(await newcomer(db))
    await db.write(_make_many, ann, MOST_COLLECTIONS)
    with pytest.raises(TooManyCollections):
        await db.write(create_collection, ann, Draft("One more"))


_POST = statement(
    insert(posts).values(
        {name: bindparam(name) for name in ("id", "author_id", "text", "text_key", "conversation_id", "created_at")}
    )
)
_ENTRY = statement(
    insert(collection_entries).values({name: bindparam(name) for name in ("collection_id", "post_id", "place")})
)


async def _fill(tx: Tx, author: int, made: int, count: int) -> None:
    for place in range(1, count + 1):
        new = tx.new_id()
        await tx.run(
            _POST, id=new, author_id=author, text="x", text_key=str(new), conversation_id=new, created_at=tx.now
        )
        await tx.run(_ENTRY, collection_id=made, post_id=new, place=place)


async def test_a_collection_that_is_full_takes_no_more(sqlite_db: Database) -> None:
    db, person = sqlite_db, await newcomer(sqlite_db)
    made = (await db.write(create_collection, calling(person), Draft("Best"))).id
    await db.write(_fill, person.id, made, MOST_ENTRIES - 1)
    changes = [Change("add", await post(db, person)) for _ in range(2)]
    assert await db.write(curate, calling(person), made, changes) == [Undone(changes[1], "too_many")]
    assert await db.write(curate, calling(person), made, [Change("remove", changes[0].post_id), changes[1]]) == []


@pytest.mark.attack("SR-318")
async def test_one_post_goes_in_once_and_everything_keeps_a_place_of_its_own(db: Database) -> None:
    person = await newcomer(db)
    caller = calling(person)
    made = (await db.write(create_collection, caller, Draft("Best"))).id
    written = [await post(db, person) for _ in range(8)]
    acts = [db.write(curate, caller, made, [Change("add", one)]) for one in written for _ in range(3)]
    ends = await asyncio.gather(*acts, return_exceptions=True)
    added = sum(end == [] for end in ends)
    said = [end for end in ends if not isinstance(end, BaseException)]
    assert all(isinstance(end, Busy | list) for end in ends), ends
    assert {undone.reason for end in said for undone in end} <= {"duplicate"}
    rows = await entries_of(db, person.id, made, after=0, before=LARGEST_ID, count=100)
    assert len(rows) == added == len({row.place for row in rows})
