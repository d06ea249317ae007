"""Reading reports: for whoever runs the server."""

from sqlalchemy import bindparam, select

from volary.accounts.models import accounts
from volary.db import Reader, statement
from volary.graph.models import ReportRow, reports

_reporters, _reported = accounts.alias("reporters"), accounts.alias("reported_accounts")
_LIST = statement(
    select(
        reports.c.place,
        reports.c.reporter_id,
        _reporters.c.username.label("reporter"),
        reports.c.reported_id,
        _reported.c.username.label("reported"),
        _reported.c.state.label("reported_state"),
        reports.c.times,
        reports.c.app_id,
        reports.c.first_at,
        reports.c.last_at,
        reports.c.outcome,
        reports.c.decided_at,
    )
    .join(_reporters, _reporters.c.id == reports.c.reporter_id)
    .join(_reported, _reported.c.id == reports.c.reported_id)
    .where(reports.c.place < bindparam("before"))
    .order_by(reports.c.place.desc())
    .limit(bindparam("count")),
    ReportRow,
)


async def latest_reports(reader: Reader, before: int, count: int) -> list[ReportRow]:
    """Reports, the latest first, before a place."""
    return await reader.all(_LIST, before=before, count=count)
