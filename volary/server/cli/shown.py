"""How commands show data: JSON for programs, aligned lines for people."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

import click

from volary.db import Database
from volary.db.errors import CannotStart
from volary.db.sqlite.connections import path_of
from volary.server.database import opened
from volary.settings import Settings, is_given, load

T = TypeVar("T")

_WHICH = "name yours with --database, VOLARY_DATABASE or VOLARY_SETTINGS; volary serve makes a new one"

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
database = click.option("--database", help="sqlite:///path or postgresql://… (VOLARY_DATABASE).")


def settings_for(url: str | None) -> Settings:
    """The settings, with the database that the command line names. Raises BadSetting."""
    settings = load()
    return settings.replaced(database=url) if url else settings


def with_database(url: str | None, work: Callable[[Database], Awaitable[T]], *, makes: bool = False) -> T:
    """Do something with the installation's database, also while a server runs on it. Raises CannotStart, Refusal.

    Where there is none yet, only a command that `makes` one goes on, and only when somebody said where: the others would look at an
    empty world of their own, and whoever forgot to say which database they mean would not notice.
    """
    settings = settings_for(url)
    if settings.database.startswith("sqlite") and not path_of(settings.database).exists():
        if not makes or not (url or is_given("database")):
            raise CannotStart(f"there is no database {settings.database} here: {_WHICH}")
        click.echo(f"Making the database {settings.database}, and its key beside it.", err=True)

    async def run() -> T:
        async with opened(settings) as db:
            return await work(db)

    return asyncio.run(run())


def show(value: Mapping[str, Any], json_wanted: bool) -> None:
    """One thing."""
    if json_wanted:
        click.echo(json.dumps(value, ensure_ascii=False, indent=2))
        return
    width = max(map(len, value), default=0)
    for name, one in value.items():
        lines = _plain(name, one).replace("\n", "\n" + " " * (width + 2))
        click.echo(f"{name.replace('_', ' '):<{width}}  {lines}")


def show_all(values: Sequence[Mapping[str, Any]], json_wanted: bool, nothing: str) -> None:
    """Several things of one kind, as a table with the names on top."""
    if json_wanted:
        click.echo(json.dumps(list(values), ensure_ascii=False, indent=2))
        return
    if not values:
        click.echo(nothing)
        return
    names = list(values[0])
    rows = [
        [name.replace("_", " ") for name in names],
        *([_plain(name, one[name]) for name in names] for one in values),
    ]
    widths = [max(len(row[place]) for row in rows) for place in range(len(names))]
    for row in rows:
        click.echo("  ".join(f"{text:<{width}}" for text, width in zip(row, widths, strict=True)).rstrip())


def _plain(name: str, value: Any) -> str:
    """A value for people: what is empty as a dash, a time as a date, and each of several records on a line of its own."""
    if value is None or value in ("", []):
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if name.endswith("_at"):
        return f"{datetime.fromtimestamp(value / 1000, UTC):%Y-%m-%d %H:%M:%S} UTC"
    if isinstance(value, Mapping):
        return ", ".join(f"{part.replace('_', ' ')} {_plain(part, one)}" for part, one in value.items())
    if isinstance(value, list):
        return ("\n" if isinstance(value[0], Mapping) else ", ").join(_plain(name, one) for one in value)
    return str(value)
