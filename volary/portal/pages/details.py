"""*App details*: texts, links, callback URLs and the icon; and the tester for callback URLs."""

from volary.accounts.queries import account_by_id
from volary.developers.actions import add_callback, edit_details, remove_icon, set_icon
from volary.developers.errors import NameTaken
from volary.developers.models import AppRow
from volary.developers.queries import callback_urls, project_by_id, siblings_with_callback
from volary.developers.rules.callbacks import MOST_CALLBACKS, fault_of, warning_of
from volary.developers.rules.comparing import explain_callback
from volary.developers.rules.drawing import Drawing
from volary.developers.rules.icons import LARGEST_FILE, version_of
from volary.developers.rules.roles import Act
from volary.developers.rules.texts import ensure_nobodys_own
from volary.kit.errors import Invalid
from volary.language import mark as _
from volary.portal.forms.settings import DETAILS_LIMIT, details_of, show, values_of
from volary.portal.pages.proof import proven
from volary.portal.pages.showing import app_of, framed
from volary.web import Form, Response, Visit, page

_HERE = "/portal/apps/{app_id}"
_DRAWING = Drawing()


@page("GET", _HERE, signed_in=True)
async def details(visit: Visit) -> Response:
    """What the App says of itself."""
    return await _show(visit, await app_of(visit))


@page("POST", _HERE, signed_in=True, form_limit=DETAILS_LIMIT)
@proven
async def change(visit: Visit) -> Response:
    """Save all of it, or nothing and say why (C158, C169 to C172)."""
    app, form = await app_of(visit, Act.EDIT_APP), Form(visit)
    try:
        details = details_of(form)
        if details.name != app.name:
            ensure_nobodys_own(details.name, visit.settings.site_name)
        await visit.db.write(edit_details, visit.me.account_id, app.id, details)
    except (Invalid, NameTaken) as refusal:
        return await _show(visit, app, show(visit, form, refusal), form)
    return visit.redirect(f"/portal/apps/{app.id}", notice=_("Your changes were saved."))


@page("POST", _HERE + "/icon", signed_in=True, files={"icon": LARGEST_FILE})
async def change_icon(visit: Visit) -> Response:
    """Take a picture as the App's icon. It is drawn again beside the event loop, so that nobody waits for it (SR-170)."""
    app = await app_of(visit, Act.EDIT_APP)
    upload = visit.files.get("icon")
    try:
        if upload is None:
            raise Invalid(_("Choose a picture first."), field="icon")
        png = await _DRAWING.drawn(upload.content)
        await visit.db.write(set_icon, visit.me.account_id, app.id, png, version_of(png))
    except Invalid as refusal:
        stored = Form(visit)
        stored.values = values_of(app, await callback_urls(visit.db, app.id))
        status = show(visit, stored, refusal)
        return await _show(visit, app, status, stored)
    return visit.redirect(f"/portal/apps/{app.id}", notice=_("The App icon was changed."))


@page("POST", _HERE + "/icon/remove", signed_in=True)
async def drop_icon(visit: Visit) -> Response:
    """Go back to the icon with the name's first letter."""
    app = await app_of(visit, Act.EDIT_APP)
    await visit.db.write(remove_icon, visit.me.account_id, app.id)
    return visit.redirect(f"/portal/apps/{app.id}", notice=_("The App icon was removed."))


@page("GET", _HERE + "/callback-tester", signed_in=True)
async def tester(visit: Visit) -> Response:
    """Whether a callback URL would be accepted, and if not, what is different (C229, C230)."""
    app = await app_of(visit)
    asked = visit.query.get("url", "")
    listed = await callback_urls(visit.db, app.id)
    verdict = explain_callback(asked, listed, any_port=app.takes_any_port) if asked else None
    missing = verdict is not None and not verdict.listed
    return await framed(
        visit,
        "portal/tester.html",
        app,
        asked=asked,
        listed=listed,
        verdict=verdict,
        addable=missing and fault_of(asked) is None and len(listed) < MOST_CALLBACKS,
        siblings=await siblings_with_callback(visit.db, app.team_id, app.id, asked) if missing else [],
    )


@page("POST", _HERE + "/callbacks", signed_in=True)
@proven
async def add(visit: Visit) -> Response:
    """Add the URL that was tested to the list."""
    app = await app_of(visit, Act.EDIT_APP)
    await visit.db.write(add_callback, visit.me.account_id, app.id, visit.form.get("url", ""))
    return visit.redirect(f"/portal/apps/{app.id}", notice=_("The callback URL was added."))


async def _show(visit: Visit, app: AppRow, status: int = 200, form: Form | None = None) -> Response:
    urls = await callback_urls(visit.db, app.id)
    return await framed(
        visit,
        "portal/details.html",
        app,
        status,
        form=form or Form(visit, values_of(app, urls)),
        most=MOST_CALLBACKS,
        callbacks=urls,
        owner=await account_by_id(visit.db, app.owner_id),
        project=None if app.project_id is None else await project_by_id(visit.db, app.project_id),
        warnings=[(url, warning) for url in urls if (warning := warning_of(url))],
    )
