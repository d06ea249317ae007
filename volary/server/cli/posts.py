"""`volary post …`: what people do with posts and X has no operation for, for whoever runs the server."""

import click

from volary.access.caller import in_person
from volary.accounts.queries import account_by_username
from volary.db import Database
from volary.kit.errors import NotFound
from volary.posts.actions.polls import vote as vote_in_person
from volary.posts.errors import PollNotFound
from volary.posts.queries.polls import Poll, poll_of
from volary.server.cli.shown import as_json, database, show, with_database


@click.group()
def post() -> None:
    """Posts and their polls."""


@post.command()
@click.argument("post_id", type=click.IntRange(min=1, max=(1 << 63) - 1))
@click.argument("option", type=click.IntRange(min=1))
@click.option("--as", "username", required=True, help="The username of who votes.")
@database
@as_json
def vote(post_id: int, option: int, username: str, database: str | None, as_json: bool) -> None:
    """Vote in the poll of a post, for an option by its number."""

    async def work(db: Database) -> Poll:
        account = await account_by_username(db, username)
        if account is None:
            raise NotFound("There is no account @%(username)s.", username=username)
        await db.write(vote_in_person, in_person(account.id, account.username), post_id, option)
        found = await poll_of(db, account.id, post_id)
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
