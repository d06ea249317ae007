"""The console's first pages: looking for Apps and for people."""

from urllib.parse import urlencode

from volary.developers.models import ACTIVE, DELETED, SUSPENDED
from volary.operator.pages.entry import console, older_than
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
        older=_older(found, q=text, state=state),
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
        older=_older(found, q=text),
    )


def _older(found: list, **asked: str) -> str | None:  # type: ignore[type-arg]
    """The query of the next page, where there is one."""
    return urlencode({**asked, "before": found[PAGE - 1].id}) if len(found) > PAGE else None
