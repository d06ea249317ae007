"""How commands show data: JSON for programs, aligned lines for people."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeVar

import click

from volary.db import Database
from volary.server.database import opened
from volary.settings import load

T = TypeVar("T")

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
database = click.option("--database", help="sqlite:///path or postgresql://… (VOLARY_DATABASE).")


def with_database(url: str | None, work: Callable[[Database], Awaitable[T]]) -> T:
    """Do something with the installation's database, also while a server runs on it. Raises CannotStart, Refusal."""
    settings = load()
    if url:
        settings = settings.replaced(database=url)

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
        click.echo(f"{name.replace('_', ' '):<{width}}  {_plain(one)}")


def show_all(values: Sequence[Mapping[str, Any]], json_wanted: bool, nothing: str) -> None:
    """Several things of one kind, as a table with the names on top."""
    if json_wanted:
        click.echo(json.dumps(list(values), ensure_ascii=False, indent=2))
        return
    if not values:
        click.echo(nothing)
        return
    names = list(values[0])
    rows = [[name.replace("_", " ") for name in names], *([_plain(one[name]) for name in names] for one in values)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(names))]
    for row in rows:
        click.echo("  ".join(f"{text:<{width}}" for text, width in zip(row, widths, strict=True)).rstrip())


def _plain(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
