"""`volary key …`: the installation's key, changed beside running servers (docs/runbooks/keys.md)."""

import asyncio
import contextlib
import sys
from collections.abc import Awaitable, Callable
from typing import TypeVar

import click
import msgspec

from volary.db import Database
from volary.db.errors import CannotStart
from volary.db.keys import add_key, key_file, keyring, make_key_file, new_key, take_out
from volary.db.keys_beside import keys_beside
from volary.db.migrate import require_current
from volary.db.rotation import key_facts
from volary.db.sqlite.connections import path_of
from volary.kit.clock import SystemClock
from volary.kit.secrets import Keyring
from volary.server import holding
from volary.server.cli.progress import Progress
from volary.server.cli.shown import as_json, database, settings_for, show, show_all, with_database
from volary.server.keys.changing import FOLLOWED, change, let_go, unfollowed
from volary.server.keys.columns import Uses, reseal, uses
from volary.server.keys.losing import Lost, begin_anew, lost, refuse_if_found
from volary.server.keys.returned import key_that_came_back
from volary.settings import Settings

T = TypeVar("T")

_TO_ADD = """This installation's key is in VOLARY_KEY, which no command can change. Here is a new one:

  {new}

1. Put it behind the present one, with a comma between: VOLARY_KEY=<present>,{new}
2. Restart every server with it, one after the other, and give this command the same VOLARY_KEY.
3. volary key rotate"""


@click.group()
def key() -> None:
    """The installation's key: what needs it, and changing it."""


@key.command("new")
def new() -> None:
    """Print a new key, for VOLARY_KEY. Nothing is changed."""
    click.echo(new_key())


@key.command("show")
@database
@as_json
def show_keys(database: str | None, as_json: bool) -> None:
    """Show which keys are here, by their ids, and how many rows need each."""
    settings = settings_for(database)

    async def work(db: Database) -> tuple[Uses, str | None]:
        return await uses(db), await key_that_came_back(db, settings.database)

    found, returned = with_database(database, work)
    if as_json:
        show(msgspec.to_builtins(found), as_json)
        return
    show_all([msgspec.to_builtins(one) for one in found.keys], as_json, "")
    _tell_rest(found)
    if returned:
        click.echo(f"\nLook: {returned}", err=True)


@key.command("rotate", short_help="Make another key the current one, and put everything under it.")
@click.option(
    "--wait",
    type=click.FloatRange(0, 3600),
    default=FOLLOWED / 1000,
    show_default=True,
    help="Seconds in which a running server can object that it does not know the new key.",
)
@database
@as_json
def rotate(wait: float, database: str | None, as_json: bool) -> None:
    """Make another key the current one, and put everything that is sealed under it. Servers go on running.

    With a key file the new key is made and put there; with VOLARY_KEY it has to stand there behind the present one. The old key goes on
    opening what it made until `volary key retire`. When this is interrupted, give it again.
    """
    settings = settings_for(database)

    async def work(db: Database) -> dict[str, object]:
        old, following = db.keys.key_id, await _following(db, settings)
        await change(db, following, wait if holding.is_served(settings) else 0)
        return {"key_id": following, "old_key_id": old, **await _resealed(db, as_json)}

    found = with_database(database, work)
    show(found, as_json)
    if not as_json:
        old = found["old_key_id"]
        click.echo(f"\nThe old key still opens what was begun with it. In an hour: volary key retire {old}", err=True)


@key.command("reseal", short_help="Put what is still under an older key under the current one.")
@database
@as_json
def reseal_rows(database: str | None, as_json: bool) -> None:
    """Put what is still under an older key under the current one. Servers go on running; it may be interrupted and begun again."""

    async def work(db: Database) -> dict[str, object]:
        return {"key_id": db.keys.key_id, **await _resealed(db, as_json)}

    found = with_database(database, work)
    show(found, as_json)
    if found["unreadable"]:
        raise click.ClickException("some rows need a key that is not here: volary key show")


@key.command("retire", short_help="Let no server use an older key any more.")
@click.argument("key_id", metavar="KEY")
@click.option("--leaked", is_flag=True, help="Not in an hour but now, and end the app-only tokens that it makes.")
@database
@as_json
def retire(key_id: str, leaked: bool, database: str | None, as_json: bool) -> None:
    """Let no server use an older key any more, once nothing needs it. KEY is its id, as `volary key show` tells it."""
    settings = settings_for(database)

    async def work(db: Database) -> int:
        await asyncio.sleep(await unfollowed(db) if holding.is_served(settings) else 0)
        await reseal(db)
        return await db.write(let_go, key_id, leaked=leaked)

    ended = with_database(database, work)
    apart = take_out(settings.database, key_id) if settings.key is None else None
    show(
        {"key_id": key_id, "retired": True, "bearer_tokens_ended": ended, "kept_in": str(apart) if apart else None},
        as_json,
    )
    if not as_json:
        where = f"It is in {apart} now" if apart else "Take it out of VOLARY_KEY"
        click.echo(
            f"\n{where}. Backups from before still need it: keep it, apart from them, for as long as you keep them.",
            err=True,
        )


@key.command("lost", short_help="Say what is lost without the key, and begin anew with another.")
@click.option("--begin-anew", "anew", is_flag=True, help="Give up what cannot be opened, and make new API keys.")
@click.option("--yes", is_flag=True, help="Do not ask, as it is in scripts anyway.")
@database
@as_json
def lost_key(anew: bool, yes: bool, database: str | None, as_json: bool) -> None:
    """Say which Apps and how many people are concerned by a key that is gone for good; stop the server first.

    With --begin-anew the installation gets a new key (VOLARY_KEY, or a new key file), and each App concerned new API keys, printed this
    once. It is refused while a file beside the database holds a key that opens what seems lost; at a terminal it asks.
    """
    settings = settings_for(database)
    if settings.database.startswith("sqlite") and not path_of(settings.database).exists():
        raise CannotStart(f"there is no database {settings.database} here")
    with contextlib.ExitStack() as held:
        if (lock := holding.database_of(settings, "give this command again")) is not None:
            held.enter_context(lock)
        report = asyncio.run(_report(settings, lost))
        if anew:
            asyncio.run(_report(settings, lambda db: refuse_if_found(db, keys_beside(settings.database))))
            _ask(report, yes)
            report = asyncio.run(_report(settings, begin_anew, make=True))
    _tell_lost(report, as_json, anew=anew)


async def _report(settings: Settings, work: Callable[[Database], Awaitable[T]], *, make: bool = False) -> T:
    """Do something with a database whose key may be gone; a new one is kept only where it is to `make` one."""
    await require_current(settings.database)
    db = await Database.open(settings.database, SystemClock(), _some_key(settings, make=make), any_key=True)
    try:
        return await work(db)
    finally:
        await db.close()


def _ask(report: Lost, yes: bool) -> None:
    if not yes and sys.stdin.isatty():
        click.confirm(
            f"What the lost key sealed is thrown away: {len(report.apps)} Apps get new keys, {report.people} people connect "
            "an App again. This cannot be undone. Go on?",
            abort=True,
            err=True,
        )


def _some_key(settings: Settings, *, make: bool) -> Keyring:
    """The keys that are here; where the file is gone a new one, which is kept only to begin anew (`make`)."""
    if settings.key is None and settings.database.startswith("sqlite") and not key_file(settings.database).exists():
        if not make:
            return keyring(new_key(), settings.database)
        make_key_file(settings.database)
    return keyring(settings.key, settings.database)


def _tell_lost(report: Lost, as_json: bool, *, anew: bool) -> None:
    if as_json:
        show(msgspec.to_builtins(report), as_json)
        return
    names = ("app_id", "name", "owner", "api_keys", "people") + (("api_key", "api_key_secret") if anew else ())
    names += ("access_token", "access_token_secret") if anew else ()
    show_all([{name: getattr(one, name) for name in names} for one in report.apps], as_json, "No App is concerned.")
    click.echo(f"\nPeople who connect an App again: {report.people}", err=True)
    if anew and report.apps:
        click.echo("Give the owners their new keys now: they are never shown again.", err=True)


async def _following(db: Database, settings: Settings) -> str:
    """The key that comes next: one that was never used, from VOLARY_KEY or the file. The file gets one where there is none.

    To VOLARY_KEY nothing can be added: a new key is printed with what is to be done, and the command ends.
    """
    used = {db.keys.key_id, *(await key_facts(db)).former}
    unused = [key_id for key_id in db.keys.key_ids if key_id not in used]
    if unused:
        return unused[0]
    if settings.key is not None:
        click.echo(_TO_ADD.format(new=new_key()))
        sys.exit(1)
    made = add_key(settings.database)
    db.keys.learn(keyring(None, settings.database))
    return made


async def _resealed(db: Database, quiet: bool) -> dict[str, object]:
    progress = Progress("rows put under the current key", quiet=quiet)
    done, unreadable = await reseal(db, progress.at)
    return {"resealed": done, "unreadable": unreadable}


def _tell_rest(found: Uses) -> None:
    if found.unmarked:
        click.echo(f"\n{found.unmarked} rows are from before seals were marked: volary key reseal", err=True)
    if found.unreadable:
        click.echo(f"\n{found.unreadable} rows need a key that is not here (docs/runbooks/keys.md)", err=True)
