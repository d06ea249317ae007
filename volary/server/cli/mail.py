"""`volary mail …`: letters, for whoever runs the server."""

from typing import Any

import click

from volary.db import Database
from volary.kit.errors import Conflict, NotFound
from volary.kit.ids import LARGEST_ID
from volary.mail.models import FAILED, OUTBOX, SENT, WAITING, LetterRow
from volary.mail.queries import latest_letters
from volary.operator.actions.actors import Actor
from volary.operator.actions.works import send_again
from volary.server.cli.shown import as_json, database, settings_for, show, show_all, with_database

_COLUMNS = ("id", "to", "letter", "state", "created_at", "answer")


@click.group()
def mail() -> None:
    """Letters: what was sent, what stays in the outbox, and sending it again."""


@mail.command("list")
@click.option("--state", type=click.Choice([WAITING, SENT, OUTBOX, FAILED]), help="Only those in this state.")
@click.option("--limit", default=100, show_default=True, type=click.IntRange(1, 10_000), help="The latest so many.")
@database
@as_json
def list_letters(state: str | None, limit: int, database: str | None, as_json: bool) -> None:
    """List letters of the last thirty days, the latest first. What they said is not shown: their links may be keys."""

    async def work(db: Database) -> list[LetterRow]:
        return await latest_letters(db, limit, state=state or "")

    found = [_facts(row) for row in with_database(database, work)]
    if not as_json:
        found = [{name: one[name] for name in _COLUMNS} for one in found]
    show_all(found, as_json, "There are no letters.")


@mail.command("send")
@click.argument("number", type=click.IntRange(1, LARGEST_ID))
@database
@as_json
def send_one(number: int, database: str | None, as_json: bool) -> None:
    """Send a letter that stayed in the outbox, or could not be sent."""
    if not settings_for(database).smtp_url:
        raise Conflict("No mail server is set: VOLARY_SMTP_URL names it.")

    async def work(db: Database) -> bool:
        return await db.write(send_again, Actor(), number)

    if not with_database(database, work):
        raise NotFound("There is no such letter, or it was sent already.")
    if as_json:
        show({"id": str(number), "state": WAITING}, as_json)
    else:
        click.echo("The server sends it now, if one runs; else with its next start.")


def _facts(row: LetterRow) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "to": row.address,
        "letter": row.template,
        "language": row.language,
        "state": row.state,
        "created_at": row.created_at,
        "sent_at": row.sent_at,
        "answer": row.answer,
        "account_id": None if row.account_id is None else str(row.account_id),
    }
