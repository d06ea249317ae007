"""`volary operator …`: who governs this installation. There is no other way to become an operator."""

import click

from volary.accounts.actions import set_operator
from volary.accounts.models import AccountRow
from volary.db import Database
from volary.operator.queries.operators import every_operator
from volary.server.cli.people import account_named
from volary.server.cli.shown import as_json, database, show, show_all, with_database


@click.group()
def operator() -> None:
    """Operators: the accounts that govern this installation in their browser."""


@operator.command()
@click.argument("username")
@database
@as_json
def add(username: str, database: str | None, as_json: bool) -> None:
    """Make an account an operator's."""
    show(_changed(username, database, new=True), as_json)


@operator.command()
@click.argument("username")
@database
@as_json
def remove(username: str, database: str | None, as_json: bool) -> None:
    """Make an operator's account one like all others, from its next request on. The last one can be removed too."""
    show(_changed(username, database, new=False), as_json)


@operator.command("list")
@database
@as_json
def list_operators(database: str | None, as_json: bool) -> None:
    """List operators."""
    found = with_database(database, every_operator)
    rows = [
        {"account_id": str(one.id), "username": one.username, "name": one.name, "state": one.state} for one in found
    ]
    show_all(rows, as_json, "Nobody is an operator: volary operator add USERNAME.")


def _changed(username: str, database: str | None, *, new: bool) -> dict[str, object]:
    async def work(db: Database) -> tuple[AccountRow, bool]:
        found = await account_named(db, username)
        return found, await db.write(set_operator, found.id, new)

    found, changed = with_database(database, work)
    return {"account_id": str(found.id), "username": found.username, "operator": new, "changed": changed}
