"""Stand-ins for the pages of other rooms that help leads to."""

from volary.web import Response, Visit, page


@page("GET", "/login")
@page("GET", "/settings")
@page("GET", "/settings/apps")
@page("GET", "/settings/password")
async def somewhere(visit: Visit) -> Response:
    return visit.problem(200, "Here you are.", title="Elsewhere")
