"""Many people and posts at once: a site as the measurements of timelines and search want it, written past the rooms in bulk.

Posts lie evenly over the last week and are written by everybody in turn at random: three in twenty answer, one in twenty reposts, one in
ten quotes, one in five has a picture. Words follow Zipf's law, so that there are common and rare ones.
"""

import asyncio
import random
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import islice
from typing import Any

import asyncpg
import msgspec
from sqlalchemy import Table

from volary.accounts.models import accounts
from volary.db.sqlite.connections import path_of
from volary.graph.models import follows
from volary.kit.clock import DAY
from volary.kit.ids import EPOCH
from volary.media.models import media
from volary.posts.models import posts
from volary.posts.rules.entities import entities_of, urls_in
from volary.search.rules.documents import Facts, document

PEOPLE, FOLLOWED, PICTURES = 2_000, 1_000, 1_000
COMMON, RARE, PROLIFIC = "w1", "seldom", "crowd_7"
"""A word of most posts; one that stands in two hundred posts beside it, however many there are; and who wrote those."""
FEW = 200
"""As many of them as there are at every size, so that pages are equally full."""
_WORDS = 20_000
_STEP = 50_000
_NEWEST = (
    "UPDATE accounts SET newest_post_id = coalesce((SELECT max(posts.id) FROM posts WHERE author_id = accounts.id), 0)"
)
_DOCUMENTS = ("post_id", "tokens", "language")
Rows = list[tuple[Any, ...]]


class Crowd(msgspec.Struct):
    """The posts to be written, by batches. The same number gives the same posts."""

    size: int
    reader: int
    now: int

    def people(self) -> list[int]:
        return [((self.now - EPOCH - 8 * DAY) << 22) + number for number in range(PEOPLE)]

    def pictures(self) -> list[int]:
        return [((self.now - EPOCH - 9 * DAY) << 22) + number for number in range(PICTURES)]

    def batches(self) -> Iterator[tuple[Rows, Rows]]:
        """Rows of posts and of documents."""
        made = self._made()
        while some := list(islice(made, _STEP)):
            yield [post for post, _ in some], [found for _, found in some]

    def _made(self) -> Iterator[tuple[tuple[Any, ...], tuple[Any, ...]]]:
        dice = random.Random(1)
        people, pictures = self.people(), self.pictures()
        others = [one for number, one in enumerate(people) if number != 7]
        texts = dice.choices(range(1, _WORDS), [1 / one for one in range(1, _WORDS)], k=400_000)
        begin, step = self.now - EPOCH - 7 * DAY, 7 * DAY / self.size
        before: list[tuple[int, int]] = []
        for number in range(self.size):
            id = (int(begin + number * step) << 22) + number % 4096
            author, kind = dice.choice(others), dice.random()
            near = dice.choice(before) if before else None
            at = dice.randrange(len(texts) - 12)
            text = " ".join(f"w{one}" for one in texts[at : at + 10]) + f" #tag{dice.randrange(500)}"
            if number % max(1, self.size // FEW) == 0:
                text, author, kind = f"{COMMON} {RARE} {text}", people[7], 0.5
            facts = Facts(text, entities_of(text, urls_in(text)), "en", author, id)
            if near and kind < 0.15:
                facts = msgspec.structs.replace(facts, reply_to_id=near[0], reply_to_author_id=near[1])
            elif near and kind < 0.2:
                facts = Facts(
                    "", entities_of("", []), "en", author, id, repost_of_id=near[0], original_author_id=near[1]
                )
            elif near and kind < 0.3:
                facts = msgspec.structs.replace(facts, quote_of_id=near[0])
            picture = dice.choice(pictures) if kind > 0.8 else None
            if picture:
                facts = msgspec.structs.replace(facts, media=frozenset({"photo"}))
            before.append((id, author))
            if len(before) > 2_000:
                del before[:1_000]
            yield self._post(id, number, facts, picture), (id, " ".join(document(facts)), "en")

    def _post(self, id: int, number: int, facts: Facts, picture: int | None) -> tuple[Any, ...]:
        kept = msgspec.json.encode(facts.entities).decode() if facts.text else ""
        at = (id >> 22) + EPOCH
        what = (facts.reply_to_id, facts.reply_to_author_id, facts.quote_of_id, facts.repost_of_id)
        begun = facts.reply_to_id or id
        return (
            id,
            facts.author_id,
            facts.text,
            str(number),
            "en",
            begun,
            *what,
            f"3_{picture}" if picture else "",
            kept,
            at,
        )


_POST = (
    "id author_id text text_key language conversation_id reply_to_id reply_to_author_id quote_of_id repost_of_id media_ids"
    " entities created_at"
).split()


def _around(crowd: Crowd) -> list[tuple[Table, tuple[str, ...], Rows]]:
    """What posts stand on: people, whom the reader follows, pictures."""
    people, now = crowd.people(), crowd.now
    owner = people[0]
    return [
        (
            accounts,
            ("id", "username", "username_key", "name", "created_at"),
            [(id, f"crowd_{number}", f"crowd_{number}", f"Crowd {number}", now) for number, id in enumerate(people)],
        ),
        (
            follows,
            ("follower_id", "followed_id", "place"),
            [(crowd.reader, id, id) for id in people[:FOLLOWED]],
        ),
        (
            media,
            tuple(
                "id owner_id name kind state category format size width height parts post_uses created_at changed_at".split()
            ),
            [
                (id, owner, f"crowd{id}", "photo", "ready", "tweet_image", "png", 1, 10, 10, "large small", 1, now, now)
                for id in crowd.pictures()
            ],
        ),
    ]


def fill_sqlite(url: str, crowd: Crowd) -> None:
    """Write a crowd into a SQLite database that has its tables."""
    with closing(sqlite3.connect(path_of(url), isolation_level=None, timeout=60)) as connection:
        for table, columns, rows in _around(crowd):
            _insert(connection, table.name, columns, rows)
        for rows, documents in crowd.batches():
            # Documents first, so that the server's own task finds nothing to index meanwhile.
            _insert(connection, "search_documents", _DOCUMENTS, documents)
            _insert(connection, posts.name, _POST, rows)
        connection.execute(_NEWEST)
        connection.execute("INSERT INTO search_index (search_index) VALUES ('optimize')")
        connection.execute("ANALYZE")


def _insert(connection: sqlite3.Connection, table: str, columns: Sequence[str], rows: Rows) -> None:
    marks = ", ".join("?" * len(columns))
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", rows)  # noqa: S608 - names from models.py, not from outside
    connection.execute("COMMIT")


def fill_postgres(url: str, crowd: Crowd) -> None:
    """The same into a PostgreSQL database."""
    asyncio.run(_fill_postgres(url, crowd))


_VECTOR = """
INSERT INTO search_documents (post_id, tokens, language)
SELECT post_id, (SELECT CAST(string_agg('''' || t.token || ''':' || t.place, ' ') AS tsvector)
                 FROM unnest(string_to_array(tokens, ' ')) WITH ORDINALITY AS t (token, place)), language FROM incoming
"""


async def _fill_postgres(url: str, crowd: Crowd) -> None:
    connection = await asyncpg.connect(url)
    try:
        for table, columns, rows in _around(crowd):
            await connection.copy_records_to_table(table.name, columns=columns, records=rows)
        await connection.execute("CREATE TEMPORARY TABLE incoming (post_id bigint, tokens text, language text)")
        await connection.execute("DROP INDEX ix_search_documents_tokens")
        for rows, documents in crowd.batches():
            await connection.execute("TRUNCATE incoming")
            await connection.copy_records_to_table("incoming", columns=_DOCUMENTS, records=documents)
            await connection.execute(_VECTOR)
            await connection.copy_records_to_table(posts.name, columns=_POST, records=rows)
        await connection.execute(_NEWEST)
        await connection.execute("CREATE INDEX ix_search_documents_tokens ON search_documents USING gin (tokens)")
        await connection.execute("VACUUM ANALYZE")
    finally:
        await connection.close()
