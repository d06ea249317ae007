"""The public door to App icons. They are shown inside our pages and nowhere else; opened alone they can do nothing (SR-170)."""

from starlette.responses import Response

from volary.developers.queries import app_by_id, icon_of_app
from volary.developers.rules.icons import letter_icon
from volary.kit.errors import NotFound
from volary.kit.ids import id_in
from volary.language import mark as _
from volary.web import Visit, page

_HARMLESS = {"content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox"}
_FOR_GOOD = {"cache-control": "public, max-age=31536000, immutable"}
_FOR_NOW = {"cache-control": "public, max-age=300"}
_MISSING = _("There is no such icon.")


@page("GET", "/app-icons/{app_id}/{file}")
async def icon(visit: Visit) -> Response:
    """An icon under its version, or the one that is made from the App's name."""
    app_id = id_in(visit.path["app_id"])
    if app_id is None:
        raise NotFound(_MISSING)
    if visit.path["file"] == "letter.svg":
        app = await app_by_id(visit.db, app_id)
        if app is None:
            raise NotFound(_MISSING)
        return Response(letter_icon(app.id, app.name), media_type="image/svg+xml", headers=_HARMLESS | _FOR_NOW)
    kept = await icon_of_app(visit.db, app_id)
    if kept is None or visit.path["file"] != f"{kept.version}.png":
        raise NotFound(_MISSING)
    return Response(kept.png, media_type="image/png", headers=_HARMLESS | _FOR_GOOD)
