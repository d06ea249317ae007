"""*User authentication settings*: the two protocols, the permission level, and what becomes of tokens of another level."""

from volary.access.further import FURTHER
from volary.access.levels import Level
from volary.developers.actions import edit_authentication
from volary.developers.models import AppRow
from volary.developers.queries import further_of_app
from volary.developers.rules.roles import Act
from volary.developers.rules.settings import LEVELS, TYPES
from volary.kit.errors import Invalid
from volary.language import mark as _
from volary.portal.actions import discard_outdated
from volary.portal.forms.settings import authentication_of, authentication_values, show
from volary.portal.pages.proof import proven
from volary.portal.pages.showing import Shown, app_of, framed, shown_once
from volary.portal.queries import outdated_people
from volary.web import Form, Response, Visit, page

_HERE = "/portal/apps/{app_id}/authentication"


@page("GET", _HERE, signed_in=True)
async def settings(visit: Visit) -> Response:
    """How people sign in to the App, and what it may ask them for."""
    return await _show(visit, await app_of(visit))


@page("POST", _HERE, signed_in=True)
@proven
async def change(visit: Visit) -> Response:
    """Save; an App that has become a confidential client is shown its client secret (C197)."""
    app, form = await app_of(visit, Act.SET_PERMISSIONS), Form(visit)
    try:
        secret = await visit.db.write(edit_authentication, visit.me.account_id, app.id, authentication_of(form))
    except Invalid as refusal:
        return await _show(visit, app, show(visit, form, refusal), form)
    if secret is not None:
        return shown_once(visit, app, [Shown(_("Client ID"), app.client_id), Shown(_("Client Secret"), secret)])
    return visit.redirect(f"/portal/apps/{app.id}/authentication", notice=_("Your changes were saved."))


@page("POST", _HERE + "/discard", signed_in=True)
@proven
async def discard(visit: Visit) -> Response:
    """End the tokens that people gave at another level, so that they are asked again (C200)."""
    app = await app_of(visit, Act.SET_PERMISSIONS)
    while await visit.db.write(discard_outdated, visit.me.account_id, app.id):
        pass
    return visit.redirect(
        f"/portal/apps/{app.id}/authentication",
        notice=_("The tokens were discarded. People have to authorize the App again."),
    )


async def _show(visit: Visit, app: AppRow, status: int = 200, form: Form | None = None) -> Response:
    permitted = await further_of_app(visit.db, app.id)
    return await framed(
        visit,
        "portal/authentication.html",
        app,
        status,
        form=form or Form(visit, authentication_values(app)),
        levels=[(level.wire, label) for level, label in LEVELS.items()],
        level=LEVELS[Level.from_wire(app.oauth1_level)],
        types=TYPES,
        further=[(name, meaning, name in permitted) for name, meaning in FURTHER.items()],
        outdated=await outdated_people(visit.db, app),
    )
