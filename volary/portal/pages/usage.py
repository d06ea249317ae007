"""*Usage*: how often the App called what, by day and by endpoint, and what is left of the present window."""

from collections.abc import Iterator

import msgspec

from volary.access.caller import Caller, Scheme
from volary.access.levels import Level
from volary.api.limits import Left
from volary.api.windows import Windows
from volary.developers.models import AppRow
from volary.kit.clock import DAY
from volary.portal.pages.showing import app_of, framed
from volary.portal.rules import HEIGHT, WIDTH, answered, chart
from volary.usage.queries.days import days_of_app, endpoints_of_app
from volary.usage.rules.bounds import DAYS_SHOWN
from volary.web import Response, Visit, page

_HERE = "/portal/apps/{app_id}/usage"


class Used(msgspec.Struct, frozen=True):
    """An endpoint of which something is used up in the present window, by the App itself or by its owner."""

    endpoint: str
    own: bool
    left: Left


@page("GET", _HERE, signed_in=True)
async def usage(visit: Visit) -> Response:
    """Charts of thirty or ninety days, each with its numbers as a table."""
    app = await app_of(visit)
    days = DAYS_SHOWN[-1] if visit.query.get("days") == str(DAYS_SHOWN[-1]) else DAYS_SHOWN[0]
    rows = await days_of_app(visit.db, app.id, days)
    endpoints = await endpoints_of_app(visit.db, app.id, days)
    return await framed(
        visit,
        "portal/usage.html",
        app,
        days=days,
        choices=DAYS_SHOWN,
        rows=[row for row in reversed(rows) if row.requests],
        first=rows[0].day * DAY,
        day_milliseconds=DAY,
        total=sum(row.requests for row in rows),
        most=max(row.requests for row in rows),
        answered=answered,
        bars=chart(rows),
        width=WIDTH,
        height=HEIGHT,
        endpoints=[row for row in endpoints if row.endpoint],
        strangers=sum(row.requests for row in endpoints if not row.endpoint),
        used=await _used(visit, app),
    )


async def _used(visit: Visit, app: AppRow) -> list[Used]:
    """What the App on its own behalf, and its owner through it, used in the present window. Other people's windows are theirs."""
    windows, now = visit.resources[Windows], visit.db.now
    of_app = Caller(Scheme.APP_ONLY, app.id, None, "", frozenset(), Level.READ)
    of_owner = Caller(Scheme.OAUTH2_USER, app.id, visit.me.account_id, "", frozenset(), Level.READ)
    found = [*_begun(await windows.left(of_app, (), now), own=False)]
    found += _begun(await windows.left(of_owner, (), now), own=True)
    return sorted(found, key=lambda one: one.left.remaining / one.left.limit)


def _begun(families: dict[str, dict[str, Left]], *, own: bool) -> Iterator[Used]:
    for family in families.values():
        for name, left in family.items():
            if left.remaining < left.limit:
                path, _, method = name.partition("&")
                yield Used(f"{method or 'GET'} {path}", own, left)
