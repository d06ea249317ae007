"""`volary app usage` and `volary app log`: how often an App calls what, and its latest calls with the reason of each refusal."""

from datetime import UTC, datetime
from typing import Any

import click
import msgspec

from volary.db import Database
from volary.kit.clock import DAY
from volary.language import translate
from volary.portal.actions.commands import find_app
from volary.server.cli.shown import as_json, database, settings_for, show, show_all, with_database
from volary.usage.models import DayRow, EndpointRow, LoggedCall
from volary.usage.queries.calls import Wanted, latest_calls
from volary.usage.queries.days import days_of_app, endpoints_of_app
from volary.usage.rules.bounds import LATEST
from volary.usage.rules.reasons import reason_of

_CLASSES = {"2xx": 2, "4xx": 4, "5xx": 5}


@click.command()
@click.argument("named", metavar="APP")
@click.option("--days", default=30, show_default=True, type=click.IntRange(1, 3650), help="Over how many days, in UTC.")
@database
@as_json
def usage(named: str, days: int, database: str | None, as_json: bool) -> None:
    """Tell how often an App called what, by day and by endpoint. A running server writes it down every two seconds."""

    async def work(db: Database) -> tuple[list[DayRow], list[EndpointRow]]:
        app = await find_app(db, named)
        return await days_of_app(db, app.id, days), await endpoints_of_app(db, app.id, days)

    by_day, by_endpoint = with_database(database, work)
    told_days = [_numbers({"day": _day(row.day)}, row) for row in by_day if row.requests or as_json]
    told_endpoints = [_numbers({"endpoint": row.endpoint or None}, row) for row in by_endpoint]
    if as_json:
        show({"days": told_days, "endpoints": told_endpoints}, as_json)
        return
    show_all(told_days, as_json, "The App called nothing.")
    if told_endpoints:
        click.echo()
        show_all(told_endpoints, as_json, "")


@click.command()
@click.argument("named", metavar="[APP]", required=False)
@click.option("--unknown", is_flag=True, help="Refused calls that named no App of this server.")
@click.option("--strangers", is_flag=True, help="Refused calls that named the App and proved nothing.")
@click.option("--status", type=click.Choice(list(_CLASSES)), help="Only these.")
@click.option("--endpoint", default="", help="Only this one, such as 'POST /2/tweets'.")
@click.option("--request", "request_id", default="", help="Only the call with this x-transaction-id.")
@click.option("--limit", default=100, show_default=True, type=click.IntRange(1, LATEST), help="The latest first.")
@database
@as_json
def log(
    named: str | None,
    unknown: bool,
    strangers: bool,
    status: str | None,
    endpoint: str,
    request_id: str,
    limit: int,
    database: str | None,
    as_json: bool,
) -> None:
    """Tell an App's latest calls, why they were refused, and what to do about it."""
    if bool(named) == unknown:
        raise click.UsageError("name an App, or ask for --unknown")
    wanted = Wanted(_CLASSES.get(status or "", 0), endpoint, request_id)
    kept = settings_for(database).request_log_days

    async def work(db: Database) -> list[LoggedCall]:
        app_id = (await find_app(db, named)).id if named else 0
        since = db.now - kept * DAY
        found = await latest_calls(db, app_id, since, proven=not (unknown or strangers))
        return [call for call in found if wanted.takes(call)][:limit]

    show_all([_facts(call, as_json) for call in with_database(database, work)], as_json, "There are no such calls.")


def _day(day: int) -> str:
    return f"{datetime.fromtimestamp(day * DAY // 1000, UTC):%Y-%m-%d}"


def _numbers(first: dict[str, Any], row: DayRow | EndpointRow) -> dict[str, Any]:
    average = round(row.microseconds / row.requests / 1000, 2) if row.requests else None
    counted = {"requests": row.requests, "refused": row.refused, "limited": row.limited, "failed": row.failed}
    return first | counted | {"average_ms": average}


def _facts(call: LoggedCall, everything: bool) -> dict[str, Any]:
    """A call in English words; programs get the name of the reason and its facts too."""
    told = {"called_at": call.at, "status": call.status, "endpoint": call.endpoint, "request_id": call.request_id}
    sentence, advice = _words(call)
    if not everything:
        return told | {"reason": sentence}
    more = {"milliseconds": call.milliseconds, "scheme": call.scheme or None}
    account = {"account_id": str(call.account_id) if call.account_id is not None else None}
    return (
        told
        | more
        | account
        | {"reason": call.reason or None, "facts": call.facts, "words": sentence, "advice": advice}
    )


def _words(call: LoggedCall) -> tuple[str, str]:
    if not call.reason:
        return "", ""
    facts: dict[str, Any] = dict(call.facts)
    if isinstance(at := facts.get("at"), int):
        facts["at"] = f"{datetime.fromtimestamp(at / 1000, UTC):%Y-%m-%d %H:%M:%S} UTC"
    reason = reason_of(call.reason)
    try:
        return translate("en", reason.sentence, **facts), translate(
            "en", reason.advice, **facts
        ) if reason.advice else ""
    except KeyError:  # another version of the server wrote other facts
        return msgspec.json.encode(facts).decode(), ""
