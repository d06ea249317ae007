"""`volary account …`: people and bots, for whoever runs the server."""

import sys

import click

from volary.accounts.actions import affiliate, create_account, end_affiliation
from volary.accounts.models import AccountRow
from volary.accounts.queries import every_account, secret_by_id
from volary.accounts.rules.hashing import PasswordHasher
from volary.accounts.rules.names import checked_username
from volary.accounts.rules.passwords import check
from volary.db import Database
from volary.factors.queries import authenticator_of, passkeys_of, recovery_codes_left, second_step_since
from volary.kit.whence import COMMAND_LINE
from volary.oauth.revoking import drop_pending, revoke_all
from volary.operator.actions.actors import Actor
from volary.operator.actions.people import lock, sign_out, unlock
from volary.server.cli.people import account_named
from volary.server.cli.shown import as_json, database, show, show_all, with_database
from volary.sessions.actions.ending import reset_password
from volary.sessions.actions.proving import lose_second_step

_COLUMNS = ("account_id", "username", "name", "email", "email_confirmed", "state", "created_at")
"""What people see of each account in a list; --json tells everything."""


@click.group()
def account() -> None:
    """Accounts of people and bots."""


@account.command()
@click.argument("username")
@click.option("--email", required=True, help="Counts as confirmed.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input; else it is asked for.")
@click.option("--name", default="", help="The name that others see; the username by default.")
@click.option(
    "--language", type=click.Choice(["en", "nl", "de"]), help="Of pages and mails; without it, the browser's."
)
@database
@as_json
def create(
    username: str,
    email: str,
    password_stdin: bool,
    name: str,
    language: str | None,
    database: str | None,
    as_json: bool,
) -> None:
    """Open an account."""
    password = _password(password_stdin)

    async def work(db: Database) -> AccountRow:
        check(password, checked_username(username))
        return await db.write(
            create_account,
            username,
            name=name,
            email=email,
            email_confirmed=True,
            password_hash=await _hashed(password),
            language=language or "",
        )

    show(_facts(with_database(database, work, makes=True)), as_json)


@account.command("list")
@database
@as_json
def list_accounts(database: str | None, as_json: bool) -> None:
    """List accounts, the oldest first."""
    found = [_facts(row) for row in with_database(database, every_account)]
    if not as_json:
        found = [{name: one[name] for name in _COLUMNS} for one in found]
    show_all(found, as_json, "There are no accounts.")


@account.command("show")
@click.argument("username")
@database
@as_json
def show_account(username: str, database: str | None, as_json: bool) -> None:
    """Show an account."""

    async def work(db: Database) -> AccountRow:
        return await account_named(db, username)

    show(_facts(with_database(database, work)), as_json)


@account.command("affiliate")
@click.argument("username")
@click.option("--with", "organization", required=True, help="The username of the organization's account.")
@click.option("--end", is_flag=True, help="Say so no longer.")
@database
@as_json
def affiliate_account(username: str, organization: str, end: bool, database: str | None, as_json: bool) -> None:
    """Say that an account belongs to an organization's, which apps then see."""

    async def work(db: Database) -> bool:
        found, owner = await account_named(db, username), await account_named(db, organization)
        return await db.write(end_affiliation if end else affiliate, owner.id, found.id)

    changed = with_database(database, work)
    show({"username": username, "organization": organization, "affiliated": not end, "changed": changed}, as_json)


@account.command("lock")
@click.argument("username")
@click.option("--reason", default="", help="For the audit.")
@database
@as_json
def lock_account(username: str, reason: str, database: str | None, as_json: bool) -> None:
    """End an account's sessions, and let nobody sign in to it nor act for it."""

    async def work(db: Database) -> dict[str, object]:
        found = await account_named(db, username)
        ended = await db.write(lock, Actor(), found.id, reason=reason)
        return {"username": found.username, "state": "locked", "sessions_ended": ended}

    show(with_database(database, work), as_json)


@account.command("unlock")
@click.argument("username")
@database
@as_json
def unlock_account(username: str, database: str | None, as_json: bool) -> None:
    """Let a locked account be used again."""

    async def work(db: Database) -> dict[str, object]:
        found = await account_named(db, username)
        await db.write(unlock, Actor(), found.id)
        return {"username": found.username, "state": "active"}

    show(with_database(database, work), as_json)


@account.command("sign-out")
@click.argument("username")
@database
@as_json
def sign_out_account(username: str, database: str | None, as_json: bool) -> None:
    """End every session of an account."""

    async def work(db: Database) -> dict[str, object]:
        found = await account_named(db, username)
        return {"username": found.username, "sessions_ended": await db.write(sign_out, Actor(), found.id)}

    show(with_database(database, work), as_json)


@account.command("second-step")
@click.argument("username")
@click.option(
    "--off", is_flag=True, help="Switch it off, and end every session; for somebody who lost phone and codes."
)
@database
@as_json
def second_step(username: str, off: bool, database: str | None, as_json: bool) -> None:
    """Show whether an account asks for more than the password, or switch that off."""

    async def work(db: Database) -> dict[str, object]:
        found = await account_named(db, username)
        changed = off and await db.write(lose_second_step, found.id, actor_id=COMMAND_LINE)
        return {
            "username": found.username,
            "second_step": await second_step_since(db, found.id) is not None,
            "authenticator": await authenticator_of(db, found.id) is not None,
            "passkeys": len(await passkeys_of(db, found.id)),
            "recovery_codes_left": await recovery_codes_left(db, found.id),
            "switched_off": changed,
        }

    show(with_database(database, work), as_json)


@account.command("password")
@click.argument("username")
@click.option("--password-stdin", is_flag=True, help="Read the new one from standard input; else it is asked for.")
@click.option("--revoke-apps", is_flag=True, help="Revoke the access of every connected app too.")
@database
@as_json
def new_password(username: str, password_stdin: bool, revoke_apps: bool, database: str | None, as_json: bool) -> None:
    """Give an account a new password and end all its sessions."""
    password = _password(password_stdin)

    async def work(db: Database) -> tuple[int, int]:
        found = await account_named(db, username)
        check(password, found.username, found.name, found.email or "")
        secret = await secret_by_id(db, found.id)
        old = secret.password if secret else None
        ended = await db.write(reset_password, found.id, old, await _hashed(password))
        await db.write(drop_pending, found.id)
        revoked = await db.write(revoke_all, found.id, why="password reset") if revoke_apps else 0
        return ended, revoked

    sessions, apps = with_database(database, work)
    show({"username": username, "sessions_ended": sessions, "apps_revoked": apps}, as_json)


def _password(from_stdin: bool) -> str:
    """From standard input, or asked for twice at a terminal, where it does not appear."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise click.UsageError(
            "there is no terminal to ask at: give the password on standard input, with --password-stdin"
        )
    typed: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    return typed


async def _hashed(password: str) -> str:
    hasher = PasswordHasher()
    try:
        return await hasher.hash(password)
    finally:
        hasher.close()


def _facts(row: AccountRow) -> dict[str, object]:
    return {
        "account_id": str(row.id),
        "username": row.username,
        "name": row.name,
        "email": row.email,
        "email_confirmed": row.email_confirmed_at is not None,
        "protected": bool(row.protected),
        "state": row.state,
        "automated_by": None if row.automated_by is None else str(row.automated_by),
        "language": row.language or None,
        "posts": row.post_count,
        "created_at": row.created_at,
    }
