"""Reading polls. A poll is seen by those who see its post: the post is part of each statement."""

from collections.abc import Sequence

import msgspec
from sqlalchemy import bindparam, select

from volary.accounts.models import accounts
from volary.db import Reader, in_list, statement
from volary.posts.models import OptionRow, PollRow, poll_options, poll_votes, polls, posts
from volary.posts.queries.visibility import seen

_SEEN = (
    select(*(polls.c[name] for name in PollRow.__struct_fields__))
    .select_from(polls)
    .join(posts, posts.c.id == polls.c.post_id)
    .join(accounts, accounts.c.id == posts.c.author_id)
    .where(seen())
)
_BY_IDS = statement(_SEEN.where(in_list(polls.c.id, "ids")), PollRow)
_OF_POST = statement(_SEEN.where(polls.c.post_id == bindparam("post_id")), PollRow)
_OPTIONS = statement(
    select(*(poll_options.c[name] for name in OptionRow.__struct_fields__))
    .where(in_list(poll_options.c.poll_id, "ids"))
    .order_by(poll_options.c.poll_id, poll_options.c.position),
    OptionRow,
)
_CHOSEN = statement(
    select(poll_votes.c.position).where(
        poll_votes.c.poll_id == bindparam("poll_id"), poll_votes.c.account_id == bindparam("account_id")
    ),
    int,
)


class Poll(msgspec.Struct, frozen=True):
    """A poll with its options, and whether one can vote in it at the moment of reading."""

    id: int
    post_id: int
    duration_minutes: int
    ends_at: int
    open: bool
    options: tuple[OptionRow, ...]

    @property
    def votes(self) -> int:
        """How many have voted."""
        return sum(one.votes for one in self.options)


async def polls_by_ids(reader: Reader, viewer: int, ids: Sequence[int]) -> list[Poll]:
    """Those of the polls that the viewer may see, in no particular order."""
    return await _whole(reader, await reader.all(_BY_IDS, ids=list(ids), viewer=viewer)) if ids else []


async def poll_of(reader: Reader, viewer: int, post_id: int) -> Poll | None:
    """The poll of a post, if it has one and the viewer may see it."""
    found = await _whole(reader, await reader.all(_OF_POST, post_id=post_id, viewer=viewer))
    return found[0] if found else None


async def chosen_by(reader: Reader, account_id: int, poll_id: int) -> int | None:
    """The position that an account voted for: for itself alone."""
    return await reader.one(_CHOSEN, poll_id=poll_id, account_id=account_id)


async def _whole(reader: Reader, rows: Sequence[PollRow]) -> list[Poll]:
    options: dict[int, list[OptionRow]] = {row.id: [] for row in rows}
    for one in await reader.all(_OPTIONS, ids=list(options)) if rows else ():
        options[one.poll_id].append(one)
    return [
        Poll(row.id, row.post_id, row.duration_minutes, row.ends_at, reader.now < row.ends_at, tuple(options[row.id]))
        for row in rows
    ]
