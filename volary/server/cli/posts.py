"""`volary post …`: what people do with posts and X has no operation for, for whoever runs the server."""

import click

from volary.db import Database
from volary.kit.ids import LARGEST_ID
from volary.posts.actions.polls import vote as vote_in_person
from volary.posts.errors import PollNotFound
from volary.posts.queries.polls import Poll, poll_of
from volary.server.cli.people import caller_named
from volary.server.cli.shown import as_json, database, show, with_database


@click.group()
def post() -> None:
    """Posts and their polls."""


@post.command()
@click.argument("post_id", type=click.IntRange(min=1, max=LARGEST_ID))
@click.argument("option", type=click.IntRange(min=1))
@click.option("--as", "username", required=True, help="The username of who votes.")
@database
@as_json
def vote(post_id: int, option: int, username: str, database: str | None, as_json: bool) -> None:
    """Vote in the poll of a post, for an option by its number."""

    async def work(db: Database) -> Poll:
        caller = await caller_named(db, username)
        await db.write(vote_in_person, caller, post_id, option)
        found = await poll_of(db, caller.me, post_id)
        if found is None:
            raise PollNotFound
        return found

    show(_facts(with_database(database, work), option), as_json)


def _facts(poll: Poll, option: int) -> dict[str, object]:
    return {
        "post_id": str(poll.post_id),
        "poll_id": str(poll.id),
        "voted_for": option,
        "votes": poll.votes,
        "ends_at": poll.ends_at,
    }
