"""`volary report …`: what people report, for whoever runs the server."""

import click

from volary.db import Database
from volary.graph.models import ReportRow
from volary.graph.queries.reports import latest_reports
from volary.kit.ids import LARGEST_ID
from volary.operator.actions.actors import Actor
from volary.operator.actions.requests import OUTCOMES
from volary.operator.actions.requests import decide as decide_reports
from volary.server.cli.people import account_named
from volary.server.cli.shown import as_json, database, show, show_all, with_database


@click.group()
def report() -> None:
    """What people report."""


@report.command("list")
@click.option(
    "--limit", default=100, show_default=True, type=click.IntRange(1, 10_000), help="How many, the latest first."
)
@database
@as_json
def list_reports(limit: int, database: str | None, as_json: bool) -> None:
    """List which accounts were reported for spam, and by whom, the latest first."""

    async def work(db: Database) -> list[ReportRow]:
        return await latest_reports(db, LARGEST_ID, limit)

    show_all([_facts(row) for row in with_database(database, work)], as_json, "Nobody has reported anything.")


@report.command()
@click.argument("username")
@click.argument("outcome", type=click.Choice(sorted(OUTCOMES)))
@database
@as_json
def decide(username: str, outcome: str, database: str | None, as_json: bool) -> None:
    """Say what came of the reports about an account. Locking it is another command: volary account lock."""

    async def work(db: Database) -> dict[str, str]:
        found = await account_named(db, username)
        await db.write(decide_reports, Actor(), found.id, outcome)
        return {"username": found.username, "outcome": outcome}

    show(with_database(database, work), as_json)


def _facts(row: ReportRow) -> dict[str, object]:
    return {
        "reported": row.reported,
        "reported_id": str(row.reported_id),
        "state": row.reported_state,
        "reporter": row.reporter,
        "reporter_id": str(row.reporter_id),
        "times": row.times,
        "app_id": None if row.app_id is None else str(row.app_id),
        "first_at": row.first_at,
        "last_at": row.last_at,
        "outcome": row.outcome or None,
        "decided_at": row.decided_at,
    }
