"""The language menu's door: the choice is kept in a cookie and the visitor goes back to the page (C232)."""

from starlette.responses import Response

from volary.language import LANGUAGES
from volary.web.local import local_path
from volary.web.page import page
from volary.web.visit import Visit

COOKIE = "language"
_YEAR = 31_536_000


@page("POST", "/language", always=True)
async def choose_language(visit: Visit) -> Response:
    """Keep the chosen language. One that is not installed changes nothing."""
    wanted = visit.form.get("language", "")
    if wanted in {language.code for language in LANGUAGES}:
        visit.set_cookie(COOKIE, wanted, max_age=_YEAR)
    return visit.redirect(local_path(visit.form.get("then")))
