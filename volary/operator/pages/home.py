"""The console's first pages: looking for Apps and for people."""

from volary.developers.models import ACTIVE, DELETED, SUSPENDED
from volary.operator.pages.entry import console, older_page, older_than
from volary.operator.queries.apps import PAGE, find_apps
from volary.operator.queries.people import find_people
from volary.web import Form, Response, Visit

STATES = (ACTIVE, SUSPENDED, DELETED)


@console("GET", "/operator")
async def search_apps(visit: Visit) -> Response:
    """Apps by name, number, client id or @owner; the newest first."""
    text, state = visit.query.get("q", "")[:200], visit.query.get("state", "")
    found = await find_apps(visit.db, text, state if state in STATES else "", older_than(visit))
    return visit.render(
        "operator/apps.html",
        form=Form(visit, {"q": text, "state": state}),
        found=found[:PAGE],
        older=older_page("/operator", [app.id for app in found], q=text, state=state),
    )


@console("GET", "/operator/people")
async def search_people(visit: Visit) -> Response:
    """People by name, @handle, number or email address; the newest first."""
    text = visit.query.get("q", "")[:200]
    found = await find_people(visit.db, text, older_than(visit))
    return visit.render(
        "operator/people.html",
        form=Form(visit, {"q": text}),
        found=found[:PAGE],
        older=older_page("/operator/people", [person.id for person in found], q=text),
    )
