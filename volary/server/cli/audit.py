"""`volary audit …`: who did what, when and from where, for whoever runs the server."""

from datetime import UTC, datetime

import click
import msgspec

from volary.db import Database
from volary.db.batches import in_batches
from volary.db.paging import Bounds
from volary.kit.ids import LARGEST_ID
from volary.operator.actions.actors import Actor
from volary.operator.actions.purging import BATCH, LEAST, begin_purge, purge
from volary.operator.queries.audit import AuditRow, Filter, every_event
from volary.operator.queries.audit import audit as page_of
from volary.operator.rules import FORMATS, csv_line, exported, json_line
from volary.server.cli.shown import as_json, database, show, show_all, with_database

_COLUMNS = ("at", "kind", "actor", "account", "app_id", "grant_id", "address")
_NUMBER = click.IntRange(0, LARGEST_ID)
_DAY = click.DateTime(formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"])


@click.group()
def audit() -> None:
    """The record of every act: only ever added to."""


_kind = click.option("--kind", default="", help="Such as app.suspended, or a whole thing: app, grant, session.")
_actor = click.option("--actor", type=_NUMBER, default=0, help="The number of the account that acted.")
_account = click.option(
    "--account", type=_NUMBER, default=0, help="The number of the account in whose record it stands."
)
_app = click.option("--app", type=_NUMBER, default=0, help="The number of an App.")
_grant = click.option("--grant", type=_NUMBER, default=0, help="The number of a grant.")


@audit.command("list")
@_kind
@_actor
@_account
@_app
@_grant
@click.option(
    "--limit", default=100, show_default=True, type=click.IntRange(1, 10_000), help="How many, the latest first."
)
@database
@as_json
def list_events(
    kind: str, actor: int, account: int, app: int, grant: int, limit: int, database: str | None, as_json: bool
) -> None:
    """List events, the latest first."""
    wanted = Filter(kind=kind, actor_id=actor, account_id=account, app_id=app, grant_id=grant)

    async def work(db: Database) -> list[AuditRow]:
        return await page_of(db, wanted, Bounds(), limit)

    found = [exported(msgspec.structs.asdict(row)) for row in with_database(database, work)]
    if not as_json:
        found = [{name.removesuffix("_at"): one[name] for name in _COLUMNS} for one in found]
    show_all(found, as_json, "There are no such events.")


@audit.command()
@_kind
@_actor
@_account
@_app
@_grant
@click.option("--since", type=_DAY, help="From this day or moment on (UTC).")
@click.option("--until", type=_DAY, help="Before this day or moment (UTC).")
@click.option("--format", "kept", type=click.Choice(list(FORMATS)), default="jsonl", show_default=True)
@database
def export(
    kind: str,
    actor: int,
    account: int,
    app: int,
    grant: int,
    since: datetime | None,
    until: datetime | None,
    kept: str,
    database: str | None,
) -> None:
    """Print events, the oldest first, while they are read: volary audit export > audit.jsonl."""
    wanted = Filter(
        kind=kind,
        actor_id=actor,
        account_id=account,
        app_id=app,
        grant_id=grant,
        since=_moment(since),
        until=_moment(until),
    )

    async def work(db: Database) -> None:
        if kept == "csv":
            click.echo(csv_line(), nl=False)
        async for row in every_event(db, wanted):
            facts = msgspec.structs.asdict(row)
            click.echo(csv_line(facts) if kept == "csv" else json_line(facts), nl=False)

    with_database(database, work)


@audit.command("purge")
@click.option("--older-than", "days", required=True, type=click.IntRange(LEAST), help="Days.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@database
@as_json
def purge_old(days: int, yes: bool, database: str | None, as_json: bool) -> None:
    """Throw old events away. That they were is itself an event. Export them first."""
    if not yes:
        click.confirm(f"Throw away every event that is older than {days} days?", abort=True)

    async def work(db: Database) -> int:
        before = await db.write(begin_purge, Actor(), days=days)
        return await in_batches(db, BATCH, purge, before)

    show({"days": days, "purged": with_database(database, work)}, as_json)


def _moment(given: datetime | None) -> int:
    return 0 if given is None else int(given.replace(tzinfo=UTC).timestamp() * 1000)
