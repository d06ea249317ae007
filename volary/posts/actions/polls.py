"""Polls: made and deleted with their post, and voted in by each account once."""

from sqlalchemy import bindparam, delete, insert, update

from volary.access.caller import Caller
from volary.activity.actions import note
from volary.db import Tx, statement, upsert
from volary.posts.errors import NoSuchOption, PollEnded, PollNotFound, VotedAlready
from volary.posts.models import poll_options, poll_votes, polls
from volary.posts.queries.polls import poll_of
from volary.posts.rules.polls import NewPoll, ends_at

_MAKE = statement(
    insert(polls).values({name: bindparam(name) for name in ("id", "post_id", "duration_minutes", "ends_at")})
)
_OFFER = statement(insert(poll_options).values({name: bindparam(name) for name in ("poll_id", "position", "label")}))
_VOTE = statement(
    upsert(poll_votes, values=["poll_id", "account_id", "position"], key=["poll_id", "account_id"], update={})
)
_COUNT = statement(
    update(poll_options)
    .where(poll_options.c.poll_id == bindparam("poll_id"), poll_options.c.position == bindparam("position"))
    .values(votes=poll_options.c.votes + 1)
)
_DELETE = statement(delete(polls).where(polls.c.id == bindparam("poll_id")))


async def make_poll(tx: Tx, poll_id: int, post_id: int, poll: NewPoll) -> None:
    """Add a checked poll to a post that was just made."""
    await tx.run(_MAKE, id=poll_id, post_id=post_id, duration_minutes=poll.minutes, ends_at=ends_at(poll, tx.now))
    for position, label in enumerate(poll.options, start=1):
        await tx.run(_OFFER, poll_id=poll_id, position=position, label=label)


async def vote(tx: Tx, caller: Caller, post_id: int, position: int) -> None:
    """Vote in the poll of a post, once and for good. Raises PollNotFound, NoSuchOption, PollEnded, VotedAlready."""
    poll = await poll_of(tx, caller.me, post_id)
    if poll is None:
        raise PollNotFound
    if position not in {one.position for one in poll.options}:
        raise NoSuchOption
    if not poll.open:
        raise PollEnded
    if not await tx.run(_VOTE, poll_id=poll.id, account_id=caller.me, position=position):
        raise VotedAlready
    await tx.run(_COUNT, poll_id=poll.id, position=position)
    await note(tx, caller, "poll.voted", post_id)


async def delete_poll(tx: Tx, poll_id: int) -> None:
    """Delete a poll with its options and votes."""
    await tx.run(_DELETE, poll_id=poll_id)
