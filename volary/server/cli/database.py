"""`volary migrate` and `volary doctor`: the database's tables, and whether everything that a server needs is right."""

import asyncio
import sys

import click

from volary.server.cli.shown import as_json, database, settings_for, show_all


@click.command()
@database
def migrate(database: str | None) -> None:
    """Bring the database's tables up to date. `serve` does the same before it starts."""
    from volary.db.keys import keyring, refuse_if_emptied
    from volary.db.migrate import migrate as bring_up_to_date
    from volary.db.schema import every_table

    settings = settings_for(database)
    refuse_if_emptied(settings.database)
    keyring(settings.key, settings.database)
    done = asyncio.run(bring_up_to_date(settings.database, every_table()))
    for step in done:
        click.echo(f"done: {step}")
    click.echo("The database is up to date.")


@click.command()
@database
@as_json
def doctor(database: str | None, as_json: bool) -> None:
    """Look at settings, key, database and time, and say what to do about what is wrong. Exit code 1 when something is."""
    from volary.server.doctor import examined

    findings = asyncio.run(examined(settings_for(database)))
    rows = [{"check": one.check, "result": one.result, "advice": one.advice} for one in findings]
    show_all(rows, as_json, "Nothing was examined.")
    if any(one.result == "wrong" for one in findings):
        sys.exit(1)
