"""`volary jobs …`: what is done later, for whoever runs the server."""

from typing import Any

import click
import msgspec

from volary.db import Database
from volary.jobs.models import JobRow
from volary.jobs.queries import jobs_after
from volary.kit.errors import NotFound
from volary.kit.ids import LARGEST_ID
from volary.operator.actions.actors import Actor
from volary.operator.actions.works import drop, retry, retry_all
from volary.server.cli.shown import as_json, database, show, show_all, with_database

_NUMBER = click.IntRange(1, LARGEST_ID)
_NONE = "There is no job of that number, or a server is at it now."


@click.group()
def jobs() -> None:
    """What is done later: what waits, what was given up, and trying it again."""


@jobs.command("list")
@click.option("--given-up", is_flag=True, help="Only those that are not tried any more.")
@click.option("--after", type=click.IntRange(0, LARGEST_ID), default=0, help="Go on after the job of this number.")
@click.option("--limit", default=100, show_default=True, type=click.IntRange(1, 10_000), help="How many.")
@database
@as_json
def list_jobs(given_up: bool, after: int, limit: int, database: str | None, as_json: bool) -> None:
    """List jobs that wait, are being done, or were given up, the oldest first. What is done is not listed."""

    async def work(db: Database) -> list[JobRow]:
        return await jobs_after(db, after, limit, given_up=given_up)

    found = [_facts(row) for row in with_database(database, work)]
    show_all(found, as_json, "Nothing was given up." if given_up else "Nothing waits.")


@jobs.command("retry")
@click.argument("number", type=_NUMBER, required=False)
@click.option("--all", "everything", is_flag=True, help="Everything that was given up.")
@database
@as_json
def try_again(number: int | None, everything: bool, database: str | None, as_json: bool) -> None:
    """Try a job again now, as if it were new, or everything that was given up."""
    if (number is None) != everything:
        raise click.UsageError("name a job by its number, or say --all")

    async def work(db: Database) -> int:
        if number is None:
            return await db.write(retry_all, Actor())
        return int(await db.write(retry, Actor(), number))

    count = with_database(database, work)
    if not count and number is not None:
        raise NotFound(_NONE)
    _tell(count, "again", f"{count} to be tried again.", as_json)


@jobs.command("drop")
@click.argument("number", type=_NUMBER)
@database
@as_json
def forget(number: int, database: str | None, as_json: bool) -> None:
    """Forget a job: it is not done any more."""

    async def work(db: Database) -> bool:
        return await db.write(drop, Actor(), number)

    if not with_database(database, work):
        raise NotFound(_NONE)
    _tell(1, "dropped", "The job is forgotten.", as_json)


def _tell(count: int, name: str, words: str, as_json: bool) -> None:
    if as_json:
        show({name: count}, as_json)
    else:
        click.echo(words)


def _facts(row: JobRow) -> dict[str, Any]:
    state = "given up" if row.given_up_at is not None else "running" if row.holder else "waiting"
    return {
        "id": str(row.id),
        "name": row.name,
        "state": state,
        "tries": row.tries,
        "due_at": row.due_at,
        "error": row.error,
        "lane": row.lane,
        "payload": msgspec.json.decode(row.payload),
        "created_at": row.created_at,
    }
