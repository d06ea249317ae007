"""*Connections*: which grants people gave the App, by the numbers that people and operators see too."""

from volary.db.paging import Bounds
from volary.kit.ids import LARGEST_ID, id_in
from volary.portal.pages.showing import app_of, framed
from volary.portal.queries import people_of_apps
from volary.portal.queries.connections import PAGE, connection_of_app, live_connections
from volary.web import Form, Response, Visit, page


@page("GET", "/portal/apps/{app_id}/connections", signed_in=True)
async def connections(visit: Visit) -> Response:
    """Those that there are now, the newest first; or the one of a number, also when it has ended."""
    app = await app_of(visit)
    asked = visit.query.get("id", "").strip()[:30]
    if asked:
        one = await connection_of_app(visit.db, app.id, id_in(asked) or 0)
        rows = [one] if one else []
    else:
        before = id_in(visit.query.get("before", "")) or LARGEST_ID
        rows = await live_connections(visit.db, app.id, Bounds(before=before))
    return await framed(
        visit,
        "portal/connections.html",
        app,
        form=Form(visit, {"id": asked}),
        asked=asked,
        rows=rows[:PAGE],
        people=(await people_of_apps(visit.db, [app.id])).get(app.id, 0),
        older=rows[PAGE - 1].id if len(rows) > PAGE else None,
    )
