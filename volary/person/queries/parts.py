"""What an archive holds: its files, and the statement behind each, which is read page by page.

Everything is the account's own, or was sent to it; of other people stand the ids and usernames that its owner sees as well.
"""

from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlalchemy import BigInteger, BindParameter, ColumnElement, FromClause, and_, bindparam, func, select

from volary.accounts.models import accounts
from volary.activity.models import events
from volary.collections.models import collection_entries, collections
from volary.db import Reader, Statement, statement
from volary.developers.models import apps
from volary.graph.models import blocks, follows, mutes
from volary.lists.models import list_followers, list_members, lists
from volary.media.models import READY, media
from volary.messages.models import message_blocks, message_copies, message_events
from volary.oauth.models import grants
from volary.posts.models import bookmark_folders, bookmarks, likes, poll_options, polls, posts
from volary.posts.rules.polls import MOST
from volary.sessions.models import sessions
from volary.spaces.models import space_people, spaces

PAGE = 500
"""Rows that are in memory at a time."""

_OWNER: BindParameter[int] = bindparam("owner", type_=BigInteger())
_AFTER: BindParameter[int] = bindparam("after", type_=BigInteger())
_LARGEST_EXACT = 2**53


class Part(msgspec.Struct, frozen=True):
    """A file of an archive: its name, and its rows behind a place, in the order of that place, which is the first column."""

    name: str
    rows: Statement[Any]

    async def page(self, reader: Reader, owner: int, after: int) -> tuple[list[dict[str, object]], int | None]:
        """Some rows as they are written, and the place behind them; None with the last of them."""
        found = await reader.all(self.rows, owner=owner, after=after)
        told = [
            {name: _told(name, value) for name, value in msgspec.structs.asdict(row).items() if name != "place"}
            for row in found
        ]
        return told, found[-1].place if len(found) == PAGE else None


def _told(name: str, value: object) -> object:
    """A value as it is written: times in ISO 8601, ids as text, since many programs lose the last digits of such numbers."""
    if isinstance(value, int) and (name == "at" or name.endswith("_at")):
        return datetime.fromtimestamp(value / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if isinstance(value, int) and (name == "id" or name.endswith("_id") or value > _LARGEST_EXACT):
        return str(value)
    return value


def _part(name: str, place: ColumnElement[int], columns: str, start: FromClause, *where: ColumnElement[bool]) -> Part:
    """A part from the columns of its first table and, behind `username:`, of an account that stands beside it."""
    chosen = [place.label("place")]
    for word in columns.split():
        label, _, source = word.partition("=")
        table, _, column = (source or label).rpartition(".")
        chosen.append(_TABLES[table].c[column].label(label.rpartition(".")[2]))
    asked = select(*chosen).select_from(start).where(place > _AFTER, *where).order_by(place).limit(PAGE)
    row = msgspec.defstruct("ArchivedRow", [(str(column.key), Any) for column in asked.selected_columns])
    return Part(name, statement(asked, row))


_TABLES: dict[str, FromClause] = {
    table.name: table
    for table in (
        *(accounts, events, collections, collection_entries, apps, blocks, follows, mutes, lists, list_followers),
        *(list_members, media, message_blocks, message_copies, message_events, grants, bookmark_folders, bookmarks),
        *(likes, poll_options, polls, posts, sessions, spaces, space_people),
    )
}


def _people(name: str, kept: FromClause, mine: str, other: str) -> Part:
    """Accounts that a table relates to the owner's."""
    joined = kept.join(accounts, accounts.c.id == kept.c[other])
    return _part(name, kept.c.place, "accounts.id accounts.username", joined, kept.c[mine] == _OWNER)


_OPTIONS = tuple(poll_options.alias(f"option{number}") for number in range(1, MOST + 1))
_TABLES |= {option.name: option for option in _OPTIONS}
_POLL = "polls.post_id polls.ends_at " + " ".join(
    f"option{number}=option{number}.label votes{number}=option{number}.votes" for number in range(1, MOST + 1)
)


def _polls() -> FromClause:
    """Polls with their options beside each other."""
    joined: FromClause = polls.join(posts, posts.c.id == polls.c.post_id)
    for number, option in enumerate(_OPTIONS, start=1):
        joined = joined.outerjoin(option, and_(option.c.poll_id == polls.c.id, option.c.position == number))
    return joined


_POST = "posts.id posts.text posts.language posts.created_at posts.reply_to_id posts.quote_of_id posts.repost_of_id posts.media_ids"
_COUNTS = (
    "posts.reply_count posts.repost_count posts.quote_count posts.like_count posts.impression_count posts.source_app_id"
)
_PROFILE = (
    "username name description location website email email_confirmed_at phone language time_zone country protected "
    "discoverable_by_email automated_by created_at post_count follower_count following_count like_count"
)
_GRANT = "grants.id app=apps.name grants.level grants.scopes grants.email grants.created_at grants.last_used_at grants.ended_at"
_SESSION = "created_at last_seen_at ended_at ended_why address location device browser user_agent method"
_MESSAGE = "id conversation_id sender_id kind text created_at media_id"

PARTS: tuple[Part, ...] = (
    _part(
        "account.json",
        accounts.c.id,
        " ".join(f"accounts.{one}" for one in _PROFILE.split()),
        accounts,
        accounts.c.id == _OWNER,
    ),
    _part(
        "posts.json", posts.c.id, f"{_POST} {_COUNTS}", posts, posts.c.author_id == _OWNER, posts.c.deleted_at.is_(None)
    ),
    _part("polls.json", polls.c.id, _POLL, _polls(), posts.c.author_id == _OWNER),
    _part("likes.json", likes.c.place, "likes.post_id", likes, likes.c.account_id == _OWNER),
    _part(
        "bookmarks.json",
        bookmarks.c.place,
        "bookmarks.post_id folder=bookmark_folders.name",
        bookmarks.outerjoin(bookmark_folders, bookmark_folders.c.id == bookmarks.c.folder_id),
        bookmarks.c.account_id == _OWNER,
    ),
    _people("following.json", follows, "follower_id", "followed_id"),
    _people("followers.json", follows, "followed_id", "follower_id"),
    _people("blocked.json", blocks, "blocker_id", "blocked_id"),
    _people("muted.json", mutes, "muter_id", "muted_id"),
    _people("blocked_in_messages.json", message_blocks, "blocker_id", "blocked_id"),
    _part(
        "lists.json",
        lists.c.id,
        "lists.id lists.name lists.description lists.private lists.created_at",
        lists,
        lists.c.owner_id == _OWNER,
    ),
    _part(
        "list_members.json",
        list_members.c.place,
        "list_members.list_id list_members.account_id accounts.username",
        list_members.join(lists, lists.c.id == list_members.c.list_id).join(
            accounts, accounts.c.id == list_members.c.account_id
        ),
        lists.c.owner_id == _OWNER,
    ),
    _part(
        "lists_followed.json",
        list_followers.c.place,
        "lists.id lists.name",
        list_followers.join(lists, lists.c.id == list_followers.c.list_id),
        list_followers.c.account_id == _OWNER,
    ),
    _part(
        "collections.json",
        collections.c.id,
        "collections.id collections.name collections.description collections.url collections.created_at",
        collections,
        collections.c.owner_id == _OWNER,
    ),
    _part(
        "collection_entries.json",
        collection_entries.c.place,
        "collection_entries.collection_id collection_entries.post_id",
        collection_entries.join(collections, collections.c.id == collection_entries.c.collection_id),
        collections.c.owner_id == _OWNER,
    ),
    _part(
        "messages.json",
        message_copies.c.event_id,
        " ".join(f"message_events.{one}" for one in _MESSAGE.split()),
        message_copies.join(message_events, message_events.c.id == message_copies.c.event_id),
        message_copies.c.account_id == _OWNER,
    ),
    _part(
        "spaces.json",
        spaces.c.id,
        "spaces.id spaces.title spaces.state space_people.role space_people.joined_at space_people.left_at",
        spaces.join(space_people, and_(space_people.c.space_id == spaces.c.id, space_people.c.account_id == _OWNER)),
    ),
    _part(
        "media.json",
        media.c.id,
        "media.id media.name media.kind media.format media.alt_text media.created_at",
        media,
        media.c.owner_id == _OWNER,
    ),
    _part(
        "sessions.json",
        sessions.c.id,
        " ".join(f"sessions.{one}" for one in _SESSION.split()),
        sessions,
        sessions.c.account_id == _OWNER,
    ),
    _part(
        "connected_apps.json",
        grants.c.id,
        _GRANT,
        grants.join(apps, apps.c.id == grants.c.app_id),
        grants.c.account_id == _OWNER,
    ),
    _part(
        "own_apps.json",
        apps.c.id,
        "apps.id apps.name apps.description apps.website apps.state apps.created_at",
        apps,
        apps.c.owner_id == _OWNER,
    ),
    _part(
        "history.json",
        events.c.id,
        "events.at events.kind events.app_id events.subject_id events.address events.detail",
        events,
        events.c.account_id == _OWNER,
    ),
)
"""Every file of an archive besides the pictures and videos. No secret is in any of them."""


class FileRow(msgspec.Struct, frozen=True):
    """A picture or video of an account's own, as its files are found in the media's folder."""

    id: int
    name: str
    format: str
    parts: str


_AT_A_TIME = 50
_MEDIA = (media.c.owner_id == _OWNER, media.c.state == READY)
_FILES = statement(
    select(media.c.id, media.c.name, media.c.format, media.c.parts)
    .where(*_MEDIA, media.c.id > _AFTER)
    .order_by(media.c.id)
    .limit(_AT_A_TIME),
    FileRow,
)
_COUNT = statement(select(func.count()).select_from(media).where(*_MEDIA), int)


async def files_after(reader: Reader, owner: int, after: int) -> list[FileRow]:
    """Some of an account's pictures and videos, behind one of them."""
    return await reader.all(_FILES, owner=owner, after=after)


async def count_files(reader: Reader, owner: int) -> int:
    """How many pictures and videos an account has."""
    return await reader.one(_COUNT, owner=owner) or 0
