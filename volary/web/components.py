"""The sheet of parts: every macro of `web/parts.html` once, for authors of pages. Only demo servers show it."""

from starlette.responses import Response

from volary.kit.clock import DAY, HOUR, MINUTE
from volary.web.form import Form
from volary.web.page import page
from volary.web.visit import Visit


@page("GET", "/components")
async def components(visit: Visit) -> Response:
    """Show the parts, some of them in a form that was refused."""
    form = Form(visit, {"name": "Nightjar", "kind": "web", "level": "read-write", "lines": "One\nTwo", "agree": 1})
    form.refuse("website", "This address must begin with https:// or http://.")
    now = visit.db.now
    moments = [now - 20_000, now - 5 * MINUTE, now - 3 * HOUR, now - 40 * DAY]
    return visit.render("web/components.html", form=form, blank=Form(visit), moments=moments)
