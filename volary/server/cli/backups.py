"""`volary backup` and `volary restore` (docs/runbooks/restore.md)."""

import asyncio
import contextlib
import time
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import click
import msgspec

from volary.db import Database
from volary.db.errors import AnotherKey, CannotStart
from volary.db.files import flush
from volary.db.installation import key_id_of
from volary.db.keys import copy_keys, key_file, keyring
from volary.db.keys_beside import how_to_add
from volary.db.migrate import migrate
from volary.db.postgres import dump
from volary.db.schema import every_table
from volary.db.sqlite import backup as files
from volary.db.sqlite.connections import path_of
from volary.kit.clock import SystemClock
from volary.server import holding
from volary.server.cli.progress import Progress
from volary.server.cli.shown import as_json, database, settings_for, show
from volary.server.keys.returned import key_that_came_back
from volary.server.restoring import Ended, end_what_came_back
from volary.settings import Settings

Outcome = tuple[Ended, str | None]
"""What was ended, and what is to be done about a key that came back."""


@click.command()
@click.argument("to", type=click.Path(path_type=Path, dir_okay=False), metavar="TO")
@click.option("--with-key", is_flag=True, help="Put the key beside it, in TO.key; keep the two apart.")
@database
@as_json
def backup(to: Path, with_key: bool, database: str | None, as_json: bool) -> None:
    """Copy the database into a new file, while servers go on writing. The key is not in it.

    The copy is of one moment, looked over and flushed to the disk. For PostgreSQL pg_dump does the work.
    """
    settings = settings_for(database)
    began, now = time.monotonic(), SystemClock().now()

    if settings.database.startswith("sqlite") and not path_of(settings.database).exists():
        raise CannotStart(
            f"there is no database {settings.database} here: name yours with --database or VOLARY_DATABASE"
        )
    key_id = asyncio.run(key_id_of(settings.database))  # an older database must not be brought up to date by its backup
    if settings.database.startswith("sqlite"):
        progress = Progress("pages copied", quiet=as_json)
        files.copy(path_of(settings.database), to, progress.at)
    else:
        dump.dump(settings.database, to)
    beside = copy_keys(settings.key, settings.database, to) if with_key else None
    show(
        {
            "backup": str(to),
            "bytes": to.stat().st_size,
            "began_at": now,
            "seconds": round(time.monotonic() - began, 2),
            "key_id": key_id or None,
            "key": str(beside) if beside else None,
        },
        as_json,
    )
    if key_id and not as_json and not with_key:
        click.echo(
            f"\nThe key {key_id} is not in it, and without the key it cannot be used. Keep both, apart.", err=True
        )


@click.command(short_help="Put a backup in the database's place, and end what must not come back to life.")
@click.argument(
    "source", required=False, type=click.Path(path_type=Path, dir_okay=False, exists=True), metavar="[FROM]"
)
@click.option("--in-place", is_flag=True, help="The data are there already: only end what must not come back.")
@click.option("--replace", is_flag=True, help="Move the database that is there aside.")
@click.option("--keep-tokens", is_flag=True, help="Keep sessions and connections: nothing was ended since the backup.")
@click.option("--end-app-keys", is_flag=True, help="End all keys and secrets of Apps too; their owners make new ones.")
@database
@as_json
def restore(
    source: Path | None,
    in_place: bool,
    replace: bool,
    keep_tokens: bool,
    end_app_keys: bool,
    database: str | None,
    as_json: bool,
) -> None:
    """Put a backup in the database's place, and end what must not come back to life. No server may be running.

    What was ended since the backup is not known to it: sessions, connections of Apps. So all of them are ended, unless --keep-tokens
    says that nothing was. People sign in again and Apps ask again.
    """
    if (source is None) != in_place:
        raise click.UsageError("name the backup, or say --in-place")
    settings = settings_for(database)
    aside: Path | None = None
    choices = {"keep_tokens": keep_tokens, "end_app_keys": end_app_keys}
    if settings.database.startswith("sqlite"):
        with holding.database_of(settings, "restore") or contextlib.nullcontext():
            (ended, advice), aside = _into_file(settings, source, choices, replace=replace)
    else:
        ended, advice = asyncio.run(_into_postgres(settings, source, choices))
    told = {**msgspec.to_builtins(ended), "moved_aside": str(aside) if aside else None}
    show(told | {"advice": advice} if as_json else told, as_json)
    if advice and not as_json:
        click.echo(f"\nLook: {advice}", err=True)


def _into_file(
    settings: Settings, source: Path | None, choices: dict[str, bool], *, replace: bool
) -> tuple[Outcome, Path | None]:
    target = path_of(settings.database)
    if source is None:
        return asyncio.run(_ended(settings, settings.database, choices)), None
    if target.exists() and not replace:
        raise CannotStart(f"{target} is there: --replace moves it aside")
    if settings.key is None and not key_file(settings.database).exists():
        raise CannotStart(
            f"the key is not here: put the one of the backup into {key_file(settings.database)} (mode 0600), or set VOLARY_KEY"
        )
    draft = target.with_name(f"{target.name}.restoring")
    _clear(draft)
    files.copy(source, draft)
    try:
        outcome = asyncio.run(_ended(settings, f"sqlite:///{quote(str(draft))}", choices))
        flush(draft)
        moment = datetime.fromtimestamp(SystemClock().now() / 1000, UTC)
        aside = target.with_name(f"{target.name}.before-{moment:%Y%m%d-%H%M%S}")
        moved = files.put_in_place(draft, target, aside)
    finally:
        _clear(draft)
    return outcome, aside if moved else None


def _clear(draft: Path) -> None:
    """Delete a database that was never in use, and what a restore that was killed may have left beside it."""
    for tail in ("", *files.BESIDE):
        draft.with_name(draft.name + tail).unlink(missing_ok=True)


async def _into_postgres(settings: Settings, source: Path | None, choices: dict[str, bool]) -> Outcome:
    if source is not None:
        if not await dump.is_empty(settings.database):
            raise CannotStart("the database is not empty: restore into a new one, and set VOLARY_DATABASE to it")
        await asyncio.to_thread(dump.load, settings.database, source)
    return await _ended(settings, settings.database, choices)


async def _ended(settings: Settings, url: str, choices: dict[str, bool]) -> Outcome:
    """Bring what was restored up to date, see that the key belongs to it, and end what came back. Raises CannotStart."""
    await migrate(url, every_table())
    try:
        db = await Database.open(url, SystemClock(), keyring(settings.key, settings.database))
    except AnotherKey as error:
        how = how_to_add(settings.key, settings.database, error.key_id)
        again = "" if url.startswith("sqlite") else " --in-place, since the data are there now"
        raise CannotStart(
            f"the backup belongs to the key {error.key_id}, which is not here: {how}; then volary restore again{again}"
        ) from error
    try:
        ended = await end_what_came_back(db, **choices)
        return ended, await key_that_came_back(db, settings.database)
    finally:
        await db.close()
