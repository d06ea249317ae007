"""How often an App called what: by day, and by endpoint. Each answer visits the App's own days alone."""

from sqlalchemy import BigInteger, bindparam, cast, func, select

from volary.db import Reader, statement
from volary.usage.models import DayRow, EndpointRow, Tally, app_usage
from volary.usage.rules.days import today

_SUMS = tuple(cast(func.sum(app_usage.c[name]), BigInteger).label(name) for name in Tally.__struct_fields__)
_DAYS = statement(
    select(app_usage.c.day, *_SUMS)
    .where(
        app_usage.c.app_id == bindparam("app_id"),
        app_usage.c.day >= bindparam("since"),
        app_usage.c.endpoint != "",
    )
    .group_by(app_usage.c.day)
    .order_by(app_usage.c.day),
    DayRow,
)
_ENDPOINTS = statement(
    select(app_usage.c.endpoint, *_SUMS)
    .where(app_usage.c.app_id == bindparam("app_id"), app_usage.c.day >= bindparam("since"))
    .group_by(app_usage.c.endpoint)
    .order_by(_SUMS[0].desc(), app_usage.c.endpoint),
    EndpointRow,
)


async def days_of_app(reader: Reader, app_id: int, days: int) -> list[DayRow]:
    """The last so many days, today among them, the oldest first; a day without calls has a row of zeros."""
    last = today(reader.now)
    rows = await reader.all(_DAYS, app_id=app_id, since=last - days + 1)
    by_day = {row.day: row for row in rows}
    return [by_day.get(day) or DayRow(day, 0, 0, 0, 0, 0) for day in range(last - days + 1, last + 1)]


async def endpoints_of_app(reader: Reader, app_id: int, days: int) -> list[EndpointRow]:
    """What was called in the last so many days, the most called first. "" stands for calls that named the App and proved nothing."""
    return await reader.all(_ENDPOINTS, app_id=app_id, since=today(reader.now) - days + 1)
