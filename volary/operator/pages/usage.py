"""How often an App called what, for operators: the same counts that its developers see."""

from volary.developers.errors import AppUnknown
from volary.kit.clock import DAY
from volary.operator.pages.entry import console, number_in
from volary.operator.queries.apps import seen_app
from volary.usage.queries.days import days_of_app, endpoints_of_app
from volary.usage.rules.bounds import DAYS_SHOWN
from volary.web import Response, Visit


@console("GET", "/operator/apps/{app_id}/usage")
async def show_usage(visit: Visit) -> Response:
    """Requests, refusals and failures by day and by endpoint."""
    app = await seen_app(visit.db, number_in(visit, "app_id"))
    if app is None:
        raise AppUnknown
    days = DAYS_SHOWN[-1]
    endpoints = await endpoints_of_app(visit.db, app.id, days)
    return visit.render(
        "operator/usage.html",
        app=app,
        days=days,
        rows=[row for row in reversed(await days_of_app(visit.db, app.id, days)) if row.requests],
        endpoints=[row for row in endpoints if row.endpoint],
        strangers=sum(row.requests for row in endpoints if not row.endpoint),
        day_milliseconds=DAY,
    )
