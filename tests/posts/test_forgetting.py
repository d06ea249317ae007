"""What is left of deleted posts goes after thirty days, and nothing else with it."""

from typing import Any

import msgspec
from sqlalchemy import Table, select

from tests.cast import People
from tests.conftest import HeldDatabase
from tests.posts.making import calling, post, read
from volary.collections.actions.curating import Change, curate
from volary.collections.actions.writing import Draft, create_collection
from volary.db import statement
from volary.db.schema import every_table
from volary.kit.clock import DAY
from volary.posts.actions.bookmarks import bookmark
from volary.posts.actions.counting import count_views
from volary.posts.actions.forgetting import BATCH, forget_posts
from volary.posts.actions.likes import like
from volary.posts.actions.polls import vote
from volary.posts.actions.reposts import repost, take_back
from volary.posts.actions.writing import delete_post
from volary.posts.jobs.sweeping import sweep
from volary.posts.models import posts
from volary.posts.rules.counts import hour_of
from volary.posts.rules.polls import NewPoll
from volary.spaces.actions.joining import share_post
from volary.spaces.actions.running import announce_space

_IDS = statement(select(posts.c.id).order_by(posts.c.id), int)


def naming_posts() -> list[tuple[Table, str]]:
    """Every column that refers to the row of a post."""
    return [
        (one, key.parent.name)
        for one in every_table().sorted_tables
        for key in one.foreign_keys
        if key.column.table is posts
    ]


async def everything(db: HeldDatabase) -> dict[str, set[tuple[Any, ...]]]:
    """All rows of every table."""
    tables = [one for one in every_table().sorted_tables if one.name not in {"worker_leases", "search_documents"}]
    found = {}
    for one in tables:
        row = msgspec.defstruct("Row", [f"{column.name}" for column in one.c], frozen=True)
        found[one.name] = {msgspec.structs.astuple(got) for got in await db.all(statement(select(*one.c), row))}
    return found


async def fill(db: HeldDatabase, cast: People, about: int, quoted: int) -> None:
    """What people make of a post: they like, keep, collect, share, see, answer and quote it."""
    for person in (cast.carol, cast.dave):
        await db.write(like, calling(person), about)
    await db.write(bookmark, calling(cast.carol), about)
    await db.write(repost, calling(cast.dave), about)
    await db.write(count_views, [(about, 3)], hour_of(db.now))
    made = await db.write(create_collection, calling(cast.carol), Draft("Best"))
    await db.write(curate, calling(cast.carol), made.id, [Change("add", about), Change("add", quoted)])
    space = await db.write(announce_space, calling(cast.carol), "Talking about it")
    for one in (about, quoted):
        await db.write(share_post, calling(cast.carol), space.id, one)


async def test_after_thirty_days_a_deleted_post_goes_with_what_names_it_and_nothing_else_changes(
    db: HeldDatabase, cast: People
) -> None:
    root = await post(db, cast.carol, "What began it")
    first = await post(db, cast.ann, "Good mornign", reply_to_id=root.id)
    asking = await post(db, cast.ann, "Tea?", poll=NewPoll(("yes", "no"), 60))
    quoting = await post(db, cast.ann, "See", quote_of_id=root.id)
    own = await post(db, cast.ann, "Good mornnig")
    edited = await post(db, cast.ann, "Good morning", edits_id=own.id)
    answer = await post(db, cast.dave, "And to you", reply_to_id=first.id)
    quote = await post(db, cast.dave, "Nice", quote_of_id=edited.id)
    await db.write(vote, calling(cast.carol), asking.id, 1)
    await fill(db, cast, edited.id, answer.id)
    undone = (await db.write(repost, calling(cast.carol), quote.id)).post
    reposts = {one for one in await db.all(_IDS) if one > quote.id} - {undone.id}
    for one in (first, asking, quoting, edited):
        await db.write(delete_post, calling(cast.ann), one.id)
    await db.write(take_back, calling(cast.carol), quote.id)
    assert await db.all(_IDS) == sorted(
        {root.id, first.id, asking.id, quoting.id, own.id, edited.id, answer.id, quote.id, undone.id} | reposts
    )

    db.clock.advance(30 * DAY - 1)
    later = await post(db, cast.ann, "Too late for this sweep")
    await db.write(delete_post, calling(cast.ann), later.id)
    before = await everything(db)
    assert await sweep(db) == 0
    assert await everything(db) == before

    db.clock.advance(1)
    assert await sweep(db) == 6 + len(reposts) == 7
    assert await db.all(_IDS) == [root.id, answer.id, quote.id, later.id]
    after = await everything(db)
    gone = {first.id, asking.id, quoting.id, own.id, edited.id, undone.id} | reposts
    went = {name: before[name] - after[name] for name in before if before[name] != after[name]}
    assert set(went) == {"posts", "post_hours", "collection_entries", "space_posts"}
    for name, rows in went.items():
        assert after[name] < before[name]  # nothing is written anew
        assert all(gone & set(row) for row in rows), name
    assert (await read(db, answer.id)).conversation_id == root.id
    assert (await read(db, answer.id)).reply_to_id == first.id
    assert (await read(db, quote.id)).quote_of_id == edited.id
    assert await sweep(db) == 0
    assert (await post(db, cast.carol, "Still here", reply_to_id=answer.id)).conversation_id == root.id


async def test_it_is_done_in_portions_and_one_sweep_does_all(db: HeldDatabase, cast: People) -> None:
    for number in range(BATCH + 20):
        made = await post(db, cast.ann, f"Number {number}")
        await db.write(delete_post, calling(cast.ann), made.id)
        db.clock.advance(1)
    ids = await db.all(_IDS)
    db.clock.advance(30 * DAY)
    assert await db.write(forget_posts) == BATCH
    assert await db.all(_IDS) == ids[BATCH:]  # the oldest go first
    assert await sweep(db) == 20
    assert await db.all(_IDS) == []


def test_whatever_names_a_post_is_found_without_reading_its_whole_table() -> None:
    """Otherwise each post that goes would be looked for in every row there is, and everybody waits."""
    columns = naming_posts()
    assert len(columns) >= 6
    for table, name in columns:
        led = [index.columns[0].name for index in table.indexes] + [table.primary_key.columns[0].name]
        assert name in led, f"no index of {table.name} begins with {name}"
