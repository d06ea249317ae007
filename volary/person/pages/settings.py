"""*Settings and privacy*: what leads to everything that a person can change (C001, C126)."""

from volary.web import Response, Visit, page


@page("GET", "/settings", signed_in=True)
async def settings(visit: Visit) -> Response:
    """All settings, with a line about each."""
    return visit.render("person/settings.html")


@page("GET", "/settings/security", signed_in=True)
async def security(visit: Visit) -> Response:
    """*Security and account access*: apps, sessions, password."""
    return visit.render("person/security.html")
