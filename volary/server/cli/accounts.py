"""`volary account …`: people and bots, for whoever runs the server."""

import sys

import click

from volary.accounts.actions import create_account
from volary.accounts.models import AccountRow
from volary.accounts.queries import account_by_username
from volary.accounts.rules.hashing import PasswordHasher
from volary.accounts.rules.names import checked_username
from volary.accounts.rules.passwords import check
from volary.db import Database
from volary.kit.errors import NotFound
from volary.server.cli.shown import as_json, database, show, with_database


@click.group()
def account() -> None:
    """Accounts of people and bots."""


@account.command()
@click.argument("username")
@click.option("--email", required=True, help="Counts as confirmed.")
@click.option("--password-stdin", is_flag=True, required=True, help="Read the password from standard input.")
@click.option("--name", default="", help="The name that others see; the username by default.")
@click.option("--language", type=click.Choice(["en", "nl", "de"]), default="en")
@database
@as_json
def create(
    username: str, email: str, password_stdin: bool, name: str, language: str, database: str | None, as_json: bool
) -> None:
    """Open an account."""
    password = sys.stdin.readline().rstrip("\r\n")

    async def work(db: Database) -> AccountRow:
        check(password, checked_username(username))
        hasher = PasswordHasher()
        try:
            hashed = await hasher.hash(password)
        finally:
            hasher.close()
        return await db.write(
            create_account,
            username,
            name=name,
            email=email,
            email_confirmed=True,
            password_hash=hashed,
            language=language,
        )

    show(_facts(with_database(database, work)), as_json)


@account.command("show")
@click.argument("username")
@database
@as_json
def show_account(username: str, database: str | None, as_json: bool) -> None:
    """Show an account."""

    async def work(db: Database) -> AccountRow:
        found = await account_by_username(db, username)
        if found is None:
            raise NotFound("There is no account %(username)s.", username=username)
        return found

    show(_facts(with_database(database, work)), as_json)


def _facts(row: AccountRow) -> dict[str, object]:
    return {
        "account_id": str(row.id),
        "username": row.username,
        "name": row.name,
        "email": row.email,
        "email_confirmed": row.email_confirmed_at is not None,
        "protected": bool(row.protected),
        "state": row.state,
    }
