"""`volary space …`: Spaces announced, run and joined in somebody's name, for whoever runs the server."""

from datetime import datetime
from typing import Any

import click

from volary.db import Database
from volary.kit.ids import id_in
from volary.server.cli.people import account_named, caller_named
from volary.server.cli.shown import as_json, database, show, show_all, with_database
from volary.spaces.actions.joining import invite_speaker, join_space, leave_space, share_post
from volary.spaces.actions.running import announce_space, cancel_space, end_space, start_space
from volary.spaces.errors import PostNotShown, SpaceNotFound
from volary.spaces.models import CANCELED, Space
from volary.spaces.queries.reading import open_spaces, space_by_id
from volary.spaces.rules import id_of, wire_id


@click.group()
def space() -> None:
    """Spaces: announce one, start and end it, be in it."""


@space.command()
@click.argument("username")
@click.argument("title")
@click.option("--at", "start", help="When it begins, with its offset: 2030-12-31T20:00+01:00. Without it, at once.")
@click.option("--language", default="", help="The language that is spoken, such as nl.")
@database
@as_json
def announce(username: str, title: str, start: str | None, language: str, database: str | None, as_json: bool) -> None:
    """Announce a Space, or start one at once."""
    at = None if start is None else _moment(start)

    async def work(db: Database) -> Space:
        caller = await caller_named(db, username)
        row = await db.write(announce_space, caller, title, at, language)
        return await _one(db, caller.me, row.id)

    show(_facts(with_database(database, work)), as_json)


@space.command("list")
@click.argument("username")
@database
@as_json
def list_spaces(username: str, database: str | None, as_json: bool) -> None:
    """List the Spaces that are live or announced and that somebody may see."""

    async def work(db: Database) -> list[Space]:
        return await open_spaces(db, (await caller_named(db, username)).me)

    show_all([_facts(row) for row in with_database(database, work)], as_json, "No Space is live or announced.")


def _changing(name: str, act: Any, sentence: str) -> None:
    """A command that does one thing to a Space in somebody's name."""

    def run(username: str, space_id: str, database: str | None, as_json: bool) -> None:
        async def work(db: Database) -> dict[str, object]:
            caller, number = await caller_named(db, username), _number(space_id)
            await db.write(act, caller, number)
            found = await space_by_id(db, caller.me, number)
            gone: dict[str, object] = {"space_id": space_id, "state": CANCELED if act is cancel_space else None}
            return gone if found is None else _facts(found)

        show(with_database(database, work), as_json)

    run.__doc__ = sentence
    arguments = (click.argument("username"), click.argument("space_id"), database, as_json)
    made: Any = run
    for decorate in reversed(arguments):
        made = decorate(made)
    space.command(name)(made)


_changing("start", start_space, "Begin a Space that somebody announced.")
_changing("end", end_space, "End a live Space.")
_changing("cancel", cancel_space, "Call off a Space that somebody announced.")
_changing("join", join_space, "Come into a live Space, as a listener or as an invited speaker.")
_changing("leave", leave_space, "Go out of a Space.")


@space.command()
@click.argument("username")
@click.argument("space_id")
@click.argument("speaker")
@database
@as_json
def invite(username: str, space_id: str, speaker: str, database: str | None, as_json: bool) -> None:
    """Invite somebody to speak in a Space of one's own."""

    async def work(db: Database) -> Space:
        caller, number = await caller_named(db, username), _number(space_id)
        await db.write(invite_speaker, caller, number, (await account_named(db, speaker)).id)
        return await _one(db, caller.me, number)

    show(_facts(with_database(database, work)), as_json)


@space.command()
@click.argument("username")
@click.argument("space_id")
@click.argument("post_id")
@database
@as_json
def share(username: str, space_id: str, post_id: str, database: str | None, as_json: bool) -> None:
    """Show a post to everybody in a live Space."""
    post = id_in(post_id)
    if post is None:
        raise PostNotShown

    async def work(db: Database) -> None:
        await db.write(share_post, await caller_named(db, username), _number(space_id), post)

    with_database(database, work)
    show({"space_id": space_id, "post_id": post_id}, as_json)


def _moment(text: str) -> int:
    try:
        at = datetime.fromisoformat(text)
        if at.tzinfo is not None:
            return int(at.timestamp() * 1000)
    except (ValueError, OverflowError):
        pass
    raise click.BadParameter("write it as 2030-12-31T20:00+01:00", param_hint="--at")


def _number(text: str) -> int:
    found = id_of(text)
    if found is None:
        raise SpaceNotFound
    return found


async def _one(db: Database, viewer: int, number: int) -> Space:
    found = await space_by_id(db, viewer, number)
    if found is None:
        raise SpaceNotFound
    return found


def _facts(row: Space) -> dict[str, object]:
    return {
        "space_id": wire_id(row.id),
        "title": row.title,
        "state": row.state,
        "creator_id": str(row.creator_id),
        "scheduled_start": row.scheduled_start,
        "started_at": row.started_at,
        "ended_at": row.ended_at,
        "participants": row.participant_count,
    }
