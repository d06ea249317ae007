"""Nothing of a person is left when their account was erased: every column that can name an account says what becomes of it."""

import os
from collections.abc import Mapping
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import BigInteger, Column, LargeBinary, Table, Text, bindparam, func, insert, select, update

from tests.cast import ANN, People
from tests.conftest import HeldDatabase
from tests.developers.making import join, new_app
from tests.developers.making import own_team as own_team_of
from volary.access.caller import in_person
from volary.accounts.actions import create_account, update_profile
from volary.accounts.actions.leaving import come_back
from volary.accounts.queries import account_by_id
from volary.accounts.rules.leaving import RETURN_WITHIN
from volary.accounts.rules.profiles import Profile
from volary.collections.actions.writing import Draft as NewCollection
from volary.collections.actions.writing import create_collection
from volary.db import Tx, Value, statement
from volary.db.paging import Bounds
from volary.db.schema import every_table
from volary.developers.actions import own_team
from volary.developers.models import apps
from volary.developers.queries import app_by_id, members_of_team
from volary.developers.rules.roles import DEVELOPER
from volary.graph.actions.follows import follow
from volary.jobs.declaring import Work
from volary.kit.resources import Resources
from volary.lists.actions.following import follow_list
from volary.lists.actions.members import add_member
from volary.lists.actions.writing import create_list
from volary.lists.queries.reading import list_by_id
from volary.media import jobs as media_jobs
from volary.media.rules.folder import Folder
from volary.messages.actions.sending import MessageDraft, delete_message, send_message
from volary.messages.models import message_events
from volary.person.actions import go_away
from volary.person.actions.erasing import BATCH
from volary.person.jobs.erasing import erase
from volary.portal.queries import history_of_team
from volary.posts.actions.bookmarks import bookmark
from volary.posts.actions.likes import like
from volary.posts.actions.reposts import repost
from volary.posts.actions.writing import Draft, create_post
from volary.posts.models import posts
from volary.posts.queries.reading import post_by_id
from volary.posts.rules.polls import NewPoll

STAYS: Mapping[tuple[str, str], str] = {
    (
        "posts",
        "author_id",
    ): "thirty days without its text, so that conversations hold together; then the sweep takes it",
    ("posts", "reply_to_author_id"): "somebody else's reply; a number that leads to an empty row",
    ("apps", "owner_id"): "a deleted App keeps its client id for good, since nobody else may get it (SR-220)",
    ("conversations", "created_by"): "as long as somebody else holds a message of it",
    ("message_events", "sender_id"): "as long as somebody else holds a copy (decision 0044)",
    ("media", "owner_id"): "as long as somebody else holds a message that shows it",
    ("events", "account_id"): "the record is append-only; operators purge it by its age",
    ("events", "actor_id"): "the record is append-only; operators purge it by its age",
    ("events", "subject_id"): "the record is append-only; operators purge it by its age",
    ("event_purges", "actor_id"): "which operator purged the record",
    ("teams", "founder_id"): "teams are never deleted; the name goes with the last member",
    ("appeal_messages", "account_id"): "the operator's file on an App; what was written goes",
}
"""What may be left, each with its reason."""
LOOSE = {key for key in STAYS if key[0] in {"events", "event_purges", "teams", "appeal_messages"}} | {
    ("posts", "reply_to_author_id")
}
"""Columns that name an account without a foreign key."""
NAMES = ("account_id", "actor_id", "owner_id", "sender_id", "creator_id", "founder_id", "author_id")

METADATA = every_table()
WITHOUT_KEY = [("app_reads", "account_id")]
"""Columns without a foreign key, whose rows go nevertheless."""
COLUMNS = WITHOUT_KEY + sorted(
    (table.name, column.name)
    for table in METADATA.sorted_tables
    for column in table.columns
    if any(key.target_fullname == "accounts.id" for key in column.foreign_keys)
)


def test_every_column_that_can_name_an_account_is_thought_of() -> None:
    named = {
        (table.name, column.name)
        for table in METADATA.sorted_tables
        for column in table.columns
        if column.name.endswith(NAMES) and not any(key.column.table.name != "accounts" for key in column.foreign_keys)
    }
    assert named <= set(COLUMNS) | LOOSE
    assert set(STAYS) <= set(COLUMNS) | LOOSE


class Planter:
    """Makes rows that name somebody, with what they refer to; whatever else a row needs is made up."""

    def __init__(self, db: HeldDatabase, other: int, team: int) -> None:
        self.db, self.other, self.team = db, other, team
        self._next = count(7_000_000)

    async def plant(self, table: Table, **given: Value) -> dict[str, Value]:
        values: dict[str, Value] = dict(given)
        for column in table.columns:
            if column.name not in values and (needed := await self._made_up(table, column)) is not None:
                values[column.name] = needed
        written = statement(insert(table).values({name: bindparam(f"p_{name}") for name in values}))

        async def act(tx: Tx) -> None:
            await tx.run(written, **{f"p_{name}": value for name, value in values.items()})

        await self.db.write(act)
        return values

    async def _made_up(self, table: Table, column: Column[object]) -> Value:
        if table.name in {"apps", "projects"} and column.name == "team_id":
            return self.team
        if column.nullable or (column.server_default is not None and not column.foreign_keys):
            return None
        for key in column.foreign_keys:
            if key.column.table.name == "accounts":
                return self.other
            return (await self.plant(key.column.table))[key.column.name]
        if isinstance(column.type, LargeBinary):
            return os.urandom(32)
        number = next(self._next)
        return number if isinstance(column.type, BigInteger) else f"planted{number:019}"


async def rows_of(db: HeldDatabase, table: Table, column: str, account: int) -> int:
    asked = statement(select(func.count()).select_from(table).where(table.c[column] == bindparam("account")), int)
    return await db.one(asked, account=account) or 0


@pytest.fixture
def work(db: HeldDatabase, tmp_path: Path) -> Work:
    resources = Resources()
    resources.put(Folder, Folder(tmp_path))
    return Work(db, resources, 1, 1)


async def erased(work: Work, db: HeldDatabase, account: int) -> None:
    """Let an account go away, its time pass, and the job do its work, with what is swept afterwards."""
    since = db.now
    await db.write(go_away, account)
    db.clock.advance(RETURN_WITHIN)
    await erase(work, {"account_id": account, "since": since})
    await media_jobs.sweep(db, work.resources[Folder])


async def test_what_names_the_person_goes_or_has_a_reason(db: HeldDatabase, cast: People, work: Work) -> None:
    ann = cast.ann.id
    planter = Planter(db, cast.bob.id, (await db.write(own_team, ann)).id)
    for table, column in COLUMNS:
        await planter.plant(METADATA.tables[table], **{column: ann})
    before = {names: await rows_of(db, METADATA.tables[names[0]], names[1], ann) for names in COLUMNS}
    assert [names for names, rows in before.items() if not rows] == []
    await erased(work, db, ann)
    left = {names for names in COLUMNS if await rows_of(db, METADATA.tables[names[0]], names[1], ann)}
    assert left <= set(STAYS), left - set(STAYS)
    assert left == {
        ("posts", "author_id"),
        ("apps", "owner_id"),
        ("conversations", "created_by"),
        ("message_events", "sender_id"),
    }


SECRET = "heliotrope"
"""A word of hers that stands in everything that she wrote."""


async def texts_with(db: HeldDatabase, *words: str) -> set[tuple[str, str]]:
    """The columns of text in which any of these words stands."""
    found = set()
    for table in METADATA.sorted_tables:
        for column in table.columns:
            texts = await db.all(statement(select(column), str)) if isinstance(column.type, Text) else []
            if any(word in text for text in texts if text for word in words):
                found.add((table.name, column.name))
    return found


async def test_no_word_of_hers_stands_anywhere_but_where_others_hold_it(
    db: HeldDatabase, cast: People, work: Work
) -> None:
    ann, bob = in_person(cast.ann.id, "ann"), in_person(cast.bob.id, "bob")
    profile = Profile(f"Ann {SECRET}", f"{SECRET} lover", SECRET, f"https://{SECRET}.example")
    await db.write(update_profile, ann.me, profile)
    post = await db.write(create_post, ann, Draft(f"{SECRET} in bloom", poll=NewPoll((SECRET, "no"), 60)))
    await db.write(create_list, ann, SECRET)
    await db.write(create_collection, ann, NewCollection(SECRET))
    own = await db.write(send_message, ann, cast.bob.id, MessageDraft(f"{SECRET}: a secret"))
    await db.write(delete_message, bob, own.id)
    kept = await db.write(send_message, ann, cast.bob.id, MessageDraft(f"{SECRET} for bob"))
    await db.write(create_post, bob, Draft("what is that?", reply_to_id=post.id))
    assert {("posts", "text"), ("lists", "name"), ("accounts", "name")} <= await texts_with(db, SECRET, ANN.email)
    await erased(work, db, ann.me)
    assert await texts_with(db, SECRET, ANN.email, "Ameland") == {("message_events", "text")}
    assert await db.all(statement(select(message_events.c.id), int)) == [kept.id]


async def test_what_others_count_is_counted_down(db: HeldDatabase, cast: People, work: Work) -> None:
    ann, carol, dave = (in_person(person.id, person.username) for person in (cast.ann, cast.carol, cast.dave))
    theirs = await db.write(create_post, carol, Draft("a post of Carol's"))
    hers = await db.write(create_post, ann, Draft("a post of Ann's"))
    await db.write(create_post, ann, Draft("an answer", reply_to_id=theirs.id))
    await db.write(create_post, ann, Draft("quoted", quote_of_id=theirs.id))
    for act in (like, bookmark, repost):
        await db.write(act, ann, theirs.id)
    await db.write(like, dave, hers.id)
    await db.write(repost, dave, hers.id)
    for one, other in ((ann, carol), (carol, ann), (dave, ann)):
        await db.write(follow, one, other.me)
    made, own = await db.write(create_list, carol, "people"), await db.write(create_list, ann, "mine")
    await db.write(add_member, carol, made.id, ann.me)
    await db.write(follow_list, ann, made.id)
    await db.write(add_member, ann, own.id, carol.me)
    await erased(work, db, ann.me)
    now = await post_by_id(db, carol.me, theirs.id)
    assert now is not None
    assert (now.like_count, now.bookmark_count, now.repost_count, now.reply_count, now.quote_count) == (0, 0, 0, 0, 0)
    for person in (carol, dave):
        row = await account_by_id(db, person.me)
        assert row is not None
        assert (row.follower_count, row.following_count, row.listed_count, row.like_count) == (0, 0, 0, 0)
        assert row.post_count == (1 if person is carol else 0)
    listed = await list_by_id(db, carol.me, made.id)
    assert listed is not None
    assert (listed.member_count, listed.follower_count) == (0, 0)
    assert await list_by_id(db, carol.me, own.id) is None


async def test_more_than_fits_into_one_transaction_goes_as_well(sqlite_db: HeldDatabase, tmp_path: Path) -> None:
    db = sqlite_db
    resources = Resources()
    resources.put(Folder, Folder(tmp_path))
    person = await db.write(create_account, "prolific")
    me = in_person(person.id, person.username)
    for number in range(2 * BATCH + 1):
        await db.write(create_post, me, Draft(f"post number {number}"))
    await erased(Work(db, resources, 1, 1), db, person.id)
    left = statement(select(func.count()).select_from(posts).where(posts.c.deleted_at.is_(None)), int)
    assert await db.one(left) == 0


async def test_somebody_who_came_back_is_left_alone(db: HeldDatabase, cast: People, work: Work) -> None:
    since = db.now
    await db.write(go_away, cast.ann.id)
    await db.write(come_back, cast.ann.id)
    db.clock.advance(RETURN_WITHIN)
    await erase(work, {"account_id": cast.ann.id, "since": since})
    assert await account_by_id(db, cast.ann.id) == cast.ann


@pytest.mark.attack("SR-220")
async def test_apps_pass_on_and_end_where_there_is_nobody(db: HeldDatabase, cast: People, work: Work) -> None:
    alone, shared = await new_app(db, cast.ann.id, name="Alone"), await new_app(db, cast.ann.id, name="Shared")
    own, team = await own_team_of(db, cast.ann.id), (await db.write(own_team, cast.dev.id))
    theirs = await new_app(db, cast.dev.id, name="Theirs")
    await join(db, team.id, cast.dev.id, "ann", DEVELOPER)
    await join(db, team.id, cast.dev.id, "Carol_C", DEVELOPER)
    await move_to(db, shared.app.id, team.id)
    await erased(work, db, cast.ann.id)
    assert [row.username for row in await members_of_team(db, team.id)] == ["dev", "Carol_C"]
    assert await members_of_team(db, own.id) == []
    now = {app.id: app for one in (shared, theirs) if (app := await app_by_id(db, one.app.id)) is not None}
    assert {app.owner_id for app in now.values()} == {cast.dev.id}
    assert set(now) == {shared.app.id, theirs.app.id}
    assert await app_by_id(db, alone.app.id) is None
    kinds = [row.kind for row in await history_of_team(db, team.id, Bounds())]
    assert {"app.given", "member.left"} <= set(kinds)
    # Whoever is left looks after the Apps, with the role that they had.
    await erased(work, db, cast.dev.id)
    assert [(row.username, row.role) for row in await members_of_team(db, team.id)] == [("Carol_C", DEVELOPER)]
    left = await app_by_id(db, theirs.app.id)
    assert left is not None
    assert (left.owner_id, left.state) == (cast.carol.id, "active")


_MOVE = statement(update(apps).where(apps.c.id == bindparam("app")).values(team_id=bindparam("team")))


async def move_to(db: HeldDatabase, app: int, team: int) -> None:
    """Let an App belong to another team."""

    async def act(tx: Tx) -> None:
        await tx.run(_MOVE, app=app, team=team)

    await db.write(act)
