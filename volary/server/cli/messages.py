"""`volary messages …`: what people do about their Direct Messages that X has no operation for."""

import click

from volary.db import Database
from volary.kit.ids import id_in
from volary.messages.actions.groups import add_to_group, leave_group
from volary.messages.actions.reach import allow_messages
from volary.messages.errors import ConversationNotFound
from volary.messages.models import EVERYONE, FOLLOWING
from volary.server.cli.people import account_named, caller_named
from volary.server.cli.shown import as_json, database, show, with_database


@click.group()
def messages() -> None:
    """Direct Messages: groups, and who can write to somebody."""


@messages.command()
@click.argument("username")
@click.argument("conversation_id")
@click.argument("person")
@database
@as_json
def add(username: str, conversation_id: str, person: str, database: str | None, as_json: bool) -> None:
    """Add somebody to a group that the account is in."""
    group = _group(conversation_id)

    async def work(db: Database) -> None:
        whom = await account_named(db, person)
        await db.write(add_to_group, await caller_named(db, username), group, [whom.id])

    with_database(database, work)
    show({"conversation_id": conversation_id, "added": person}, as_json)


@messages.command()
@click.argument("username")
@click.argument("conversation_id")
@database
@as_json
def leave(username: str, conversation_id: str, database: str | None, as_json: bool) -> None:
    """Leave a group; what was said before stays readable."""
    group = _group(conversation_id)

    async def work(db: Database) -> None:
        await db.write(leave_group, await caller_named(db, username), group)

    with_database(database, work)
    show({"conversation_id": conversation_id, "left": username}, as_json)


@messages.command()
@click.argument("username")
@click.argument("whom", type=click.Choice([EVERYONE, FOLLOWING]))
@database
@as_json
def allow(username: str, whom: str, database: str | None, as_json: bool) -> None:
    """Say who can begin a conversation: everyone, or whom the account follows."""

    async def work(db: Database) -> None:
        await db.write(allow_messages, await caller_named(db, username), whom)

    with_database(database, work)
    show({"username": username, "allowed": whom}, as_json)


def _group(text: str) -> int:
    found = id_in(text)
    if found is None:
        raise ConversationNotFound
    return found
