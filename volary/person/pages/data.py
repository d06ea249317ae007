"""*Your data*: taking it along, and going away."""

from volary.web import Response, Visit, page

DATA = "/settings/data"


@page("GET", DATA, signed_in=True)
async def data(visit: Visit) -> Response:
    """Both ways."""
    return visit.render("person/data.html")
