"""What a page shows of posts: for a list of rows, everything around them, in one statement for each kind."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

import msgspec

from volary.accounts.models import ACTIVE, AccountRow
from volary.accounts.queries import accounts_by_ids
from volary.db import Reader
from volary.developers.queries import source_of_apps
from volary.home.rules import Piece, pieces
from volary.media.models import MediaRow
from volary.media.queries import media_by_ids
from volary.media.rules.addresses import address, signed_for
from volary.media.rules.keys import PHOTO
from volary.posts.models import PostRow
from volary.posts.queries.bookmarks import bookmarked_among
from volary.posts.queries.likes import liked_among
from volary.posts.queries.polls import Poll, polls_by_ids
from volary.posts.queries.reading import posts_by_ids
from volary.posts.queries.reposts import reposted_among
from volary.posts.rules.answering import kept_entities
from volary.posts.rules.editing import editable, versions_of
from volary.posts.rules.media import ids_in


class Shown(msgspec.Struct, frozen=True):
    """A picture, GIF or video of a post, with the addresses of its file and of its still picture."""

    kind: str
    file: str
    still: str
    width: int
    height: int
    alt_text: str


class Card(msgspec.Struct, frozen=True):
    """A post as a page shows it to a viewer; of a repost, the original and who reposted it. `id` is that of the post that is listed."""

    id: int
    post: PostRow
    author: AccountRow
    text: list[Piece]
    manager: AccountRow | None = None
    """Who runs the account, where it is automated."""
    reposter: AccountRow | None = None
    answered: AccountRow | None = None
    source: tuple[str, str] | None = None
    """Name and website of the app that it was posted with."""
    media: tuple[Shown, ...] = ()
    poll: Poll | None = None
    quoted: "Card | None" = None
    quote_is_hidden: bool = False
    liked: bool = False
    reposted: bool = False
    bookmarked: bool = False
    editable: bool = False

    @property
    def path(self) -> str:
        """Where the post has its page."""
        return f"/{self.author.username}/status/{self.post.id}"

    @property
    def edited(self) -> bool:
        """Whether there are earlier versions."""
        return len(versions_of(self.post)) > 1


class _Around(msgspec.Struct, frozen=True):
    """What the cards of one page are made of, by id."""

    posts: Mapping[int, PostRow]
    accounts: Mapping[int, AccountRow]
    managers: Mapping[int, AccountRow]
    sources: Mapping[int, tuple[str, str]]
    media: Mapping[int, MediaRow]
    polls: Mapping[int, Poll]
    liked: set[int]
    reposted: set[int]
    bookmarked: set[int]


_V = TypeVar("_V", PostRow, AccountRow, MediaRow, Poll)


async def cards(reader: Reader, viewer: int, rows: Sequence[PostRow], base: str = "") -> list[Card]:
    """The cards of some posts that the viewer (0: nobody) may see, in their order. `base` stands before the addresses of media."""
    originals = await posts_by_ids(reader, viewer, _ids(row.repost_of_id for row in rows))
    shown = [*rows, *originals]
    quoted = await posts_by_ids(reader, viewer, _ids(row.quote_of_id for row in shown))
    known = _by_id([*shown, *quoted])
    found = await _around(reader, viewer, known)
    made = (_card(reader, viewer, row, found, base) for row in rows)
    return [card for card in made if card is not None]


async def _around(reader: Reader, viewer: int, known: Mapping[int, PostRow]) -> _Around:
    rows, ids = known.values(), list(known)
    people = _by_id(await accounts_by_ids(reader, _ids(who for row in rows for who in _people_of(row))))
    managers = await accounts_by_ids(reader, _ids(one.automated_by for one in people.values()))
    return _Around(
        known,
        people,
        {one.id: one for one in managers if one.state == ACTIVE},
        await source_of_apps(reader, _ids(row.source_app_id for row in rows)),
        _by_id(await media_by_ids(reader, viewer, _ids(one for row in rows for one in ids_in(row.media_ids)))),
        _by_id(await polls_by_ids(reader, viewer, _ids(row.poll_id for row in rows))),
        await liked_among(reader, viewer, ids) if viewer else set(),
        await reposted_among(reader, viewer, ids) if viewer else set(),
        await bookmarked_among(reader, viewer, ids) if viewer else set(),
    )


def _people_of(row: PostRow) -> tuple[int | None, ...]:
    return row.author_id, row.reply_to_author_id


def _card(reader: Reader, viewer: int, row: PostRow, found: _Around, base: str, *, inner: bool = False) -> Card | None:
    """The card of a post; None for a repost whose original went away between two statements."""
    post = row if row.repost_of_id is None else found.posts.get(row.repost_of_id)
    if post is None:
        return None
    author = found.accounts[post.author_id]
    quoted = None if inner or post.quote_of_id is None else found.posts.get(post.quote_of_id)
    return Card(
        row.id,
        post,
        author,
        pieces(post.text, kept_entities(post.entities)),
        manager=found.managers.get(author.automated_by or 0),
        reposter=None if post is row else found.accounts[row.author_id],
        answered=found.accounts.get(post.reply_to_author_id or 0),
        source=found.sources.get(post.source_app_id or 0),
        media=tuple(
            _shown(reader, viewer, found.media[one], base) for one in ids_in(post.media_ids) if one in found.media
        ),
        poll=found.polls.get(post.poll_id or 0),
        quoted=None if quoted is None else _card(reader, viewer, quoted, found, base, inner=True),
        quote_is_hidden=quoted is None and post.quote_of_id is not None and not inner,
        liked=post.id in found.liked,
        reposted=post.id in found.reposted,
        bookmarked=post.id in found.bookmarked,
        editable=post.author_id == viewer and editable(post, reader.now),
    )


def _shown(reader: Reader, viewer: int, row: MediaRow, base: str) -> Shown:
    signature = {} if row.open else signed_for(reader.keys, row.name, viewer, reader.now)
    still = row.format if row.kind == PHOTO else "jpg"
    return Shown(
        row.kind,
        address(base, row.name, row.format, signature),
        address(base, row.name, still, signature),
        row.width,
        row.height,
        row.alt_text,
    )


def _ids(found: Iterable[int | None]) -> list[int]:
    return sorted({one for one in found if one})


def _by_id(rows: Sequence[_V]) -> dict[int, _V]:
    return {row.id: row for row in rows}
