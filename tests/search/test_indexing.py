"""The walk over new posts: a language and a document for each, in as few steps as there can be."""

from sqlalchemy import bindparam, select

from tests.cast import People, people
from tests.conftest import HeldDatabase
from tests.posts.making import calling, post, read
from volary.db import statement
from volary.db.sqlite.engine import SqliteEngine
from volary.kit.clock import MINUTE
from volary.posts.actions.reposts import repost
from volary.posts.actions.writing import delete_post
from volary.posts.models import posts
from volary.search.actions import remove_documents
from volary.search.jobs import indexing
from volary.search.jobs.indexing import Indexer
from volary.search.models import search_documents

_LANGUAGE = statement(select(posts.c.language).where(posts.c.id == bindparam("id")), str)
_DOCUMENTS = statement(select(search_documents.c.post_id).order_by(search_documents.c.post_id), int)


async def test_a_post_gets_its_language_and_its_document_after_its_author_has_the_answer(
    db: HeldDatabase, cast: People
) -> None:
    dutch = await post(db, cast.ann, "Goedemorgen allemaal, hoe gaat het met jullie?")
    none = await post(db, cast.ann, "Xqzt vrkpl hjkl")
    assert {dutch.language, none.language} == {"und"}
    assert await Indexer(db).run() == 2
    assert [(await read(db, one.id)).language for one in (dutch, none)] == ["nl", "und"]
    assert await db.all(_DOCUMENTS) == [dutch.id, none.id]


async def test_each_round_looks_at_what_is_new_alone(db: HeldDatabase, cast: People) -> None:
    task = Indexer(db)
    await task.run()
    db.clock.advance(MINUTE)
    first = await post(db, cast.ann, "Good morning everybody, how are you?")
    deleted = await post(db, cast.ann, "Good night everybody, sleep well!")
    await db.write(delete_post, calling(cast.ann), deleted.id)
    assert await task.run() == 1
    again = (await db.write(repost, calling(cast.dave), first.id)).post
    edited = await post(db, cast.ann, "Goedemorgen allemaal, hoe gaat het met jullie?", edits_id=first.id)
    assert await task.run() == 3  # the document of the version that was replaced goes
    assert [await db.one(_LANGUAGE, id=one.id) for one in (first, edited, again)] == ["en", "nl", "en"]
    assert await task.run() == 0


async def test_a_version_that_was_replaced_at_once_has_a_language_and_no_document(
    db: HeldDatabase, cast: People
) -> None:
    first = await post(db, cast.ann, "Good morning everybody, how are you?")
    second = await post(db, cast.ann, "Goedemorgen allemaal, hoe gaat het?", edits_id=first.id)
    assert await Indexer(db).run() == 1
    assert [(await read(db, one.id)).language for one in (first, second)] == ["en", "nl"]
    assert await db.all(_DOCUMENTS) == [second.id]


async def test_what_came_late_is_found_by_looking_back(db: HeldDatabase, cast: People) -> None:
    late = await post(db, cast.ann, "Made elsewhere, and seen a moment later")
    await post(db, cast.ann, "The newest one")
    task = Indexer(db)
    assert await task.run() == 2
    await db.write(remove_documents, [late.id])  # as if it had not been there yet
    db.clock.advance(indexing.BACK - 1)
    assert await task.run() == 0
    db.clock.advance(1)
    assert await task.run() == 1
    assert late.id in await db.all(_DOCUMENTS)


async def test_two_processes_do_not_write_twice(db: HeldDatabase, cast: People) -> None:
    await post(db, cast.ann, "Good morning everybody, how are you?")
    assert [await Indexer(db).run() for _ in range(2)] == [1, 0]


async def test_many_posts_are_few_actions_and_few_statements(sqlite_db: HeldDatabase) -> None:
    ann = (await people(sqlite_db)).ann
    for number in range(2 * indexing.SLICE + 1):
        await post(sqlite_db, ann, f"Good morning everybody, this is the {number}th time")
    engine = sqlite_db.engine
    assert isinstance(engine, SqliteEngine)
    groups, asked = engine.writer.groups, list[str]()
    engine.writer._connection.set_trace_callback(asked.append)
    assert await Indexer(sqlite_db).run() == 2 * indexing.SLICE + 1
    engine.writer._connection.set_trace_callback(None)
    assert engine.writer.groups - groups == 1
    # SQLite tells a statement again for each row at which a trigger of it runs, and FTS5 has some of its own.
    own = {one for one in asked if one.startswith(("UPDATE posts", "DELETE FROM search_doc", "INSERT INTO search_doc"))}
    assert sorted(one.partition(" ")[0] for one in own) == ["DELETE", "INSERT", "UPDATE"]
