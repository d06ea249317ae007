"""Changing what a connected app may do: single permissions, read only, until when; and one sign-in of it: its name, its end.

Each form only narrows: what an app may do more, only its own consent page gives.
"""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from volary.access.levels import Level
from volary.access.scopes import Scope, in_order
from volary.kit.errors import Invalid, NotFound, Refusal
from volary.kit.ids import id_in
from volary.language import mark as _
from volary.oauth.connected import connected_devices, name_device
from volary.oauth.consent.sentences import LEVEL_NAMES
from volary.oauth.grants import narrow
from volary.oauth.revoking import end_device
from volary.person.pages.apps import APPS, NOT_CONNECTED, Shown, named
from volary.web import Form, Response, Visit, page

CHANGED = _("The permissions of %(app)s were changed. They hold from its next call on.")
ENDED = _("%(app)s is logged out there. Its other sign-ins and its permissions stay.")
RENAMED = _("The name was changed.")
_NO_DAY = _("Please give a day, such as 2027-03-31, or leave this empty.")
_NO_SIGN_IN = _("This sign-in of the app has ended, or is not yours.")
_PATH, _SIGN_INS = APPS + "/{app_id}/permissions", APPS + "/{app_id}/sign-ins"


@page("GET", _PATH, signed_in=True)
async def permissions(visit: Visit) -> Response:
    """What the app may do, as a form."""
    shown = await named(visit)
    return _form_page(visit, shown, Form(visit, _values(visit, shown)))


@page("POST", _PATH, signed_in=True, always=True)
async def change_permissions(visit: Visit) -> Response:
    """Take back what was unticked, and set when the rest ends: from the next call on, for every token that is out."""
    shown = await named(visit)
    form = Form(visit)
    try:
        done = await visit.db.write(
            narrow,
            visit.me.account_id,
            shown.app.app_id,
            level=_level(form["level"]),
            email=form.checked("email"),
            scopes=[scope.name for scope in _scopes(shown) if form.checked(f"scope-{scope.name}")],
            expires_at=_end(form.text("until"), shown.app.expires_at, visit.zone),
            address=visit.address,
        )
    except Refusal as refusal:
        form.add(refusal)
        return _form_page(visit, shown, form, refusal.status)
    if not done:
        raise NotFound(NOT_CONNECTED)
    return visit.redirect(f"{APPS}/{shown.app.app_id}", notice=CHANGED, app=shown.name)


@page("GET", _SIGN_INS, signed_in=True)
async def sign_ins(visit: Visit) -> Response:
    """Each sign-in of the app with where it began, when and from where it was last used, a form for its name, and a button that ends it."""
    shown = await named(visit)
    devices = await connected_devices(visit.db, visit.me.account_id, shown.app.app_id)
    return visit.render("person/app_sign_ins.html", shown=shown, devices=devices)


@page("POST", _SIGN_INS + "/end", signed_in=True, always=True)
async def sign_out(visit: Visit) -> Response:
    """End one sign-in of an app: the tokens of one device (C019 for one device alone)."""
    shown = await named(visit)
    sign_in = id_in(visit.form.get("sign_in", "")) or 0
    app_id = shown.app.app_id
    if not await visit.db.write(end_device, visit.me.account_id, app_id, sign_in, address=visit.address):
        raise NotFound(_NO_SIGN_IN)
    return visit.redirect(f"{APPS}/{app_id}/sign-ins", notice=ENDED, app=shown.name)


@page("POST", _SIGN_INS + "/name", signed_in=True)
async def name_sign_in(visit: Visit) -> Response:
    """Call one sign-in of an app by a name that tells something."""
    shown = await named(visit)
    sign_in, app_id = id_in(visit.form.get("sign_in", "")) or 0, shown.app.app_id
    if not await visit.db.write(name_device, visit.me.account_id, app_id, sign_in, visit.form.get("name", "")):
        raise NotFound(_NO_SIGN_IN)
    return visit.redirect(f"{APPS}/{app_id}/sign-ins", notice=RENAMED)


def _form_page(visit: Visit, shown: Shown, form: Form, status: int = 200) -> Response:
    level = shown.app.effective_level
    levels = [(one.wire, visit.t(LEVEL_NAMES[one])) for one in Level if level and one <= level]
    return visit.render(
        "person/app_permissions.html", status, shown=shown, form=form, levels=levels, scopes=_scopes(shown)
    )


def _values(visit: Visit, shown: Shown) -> dict[str, object]:
    level = shown.app.effective_level
    ticked = {f"scope-{scope.name}": "1" for scope in _scopes(shown)}
    email, until = "1" if shown.app.email else "", _last_day(shown.app.expires_at, visit.zone)
    return {"level": level.wire if level else "", "email": email, "until": until, **ticked}


def _scopes(shown: Shown) -> list[Scope]:
    return in_order(shown.app.scopes.split()) if shown.app.oauth2_enabled else []


def _level(text: str) -> Level | None:
    try:
        return Level.from_wire(text)
    except ValueError:
        return None


def _last_day(end: int | None, zone: str) -> str:
    return datetime.fromtimestamp((end - 1) / 1000, _zone(zone)).date().isoformat() if end else ""


def _end(text: str, before: int | None, zone: str) -> int | None:
    """The end of a day in the person's time zone; an end in the midst of a day stays where nobody gave another day. Raises Invalid."""
    if not text:
        return None
    if text == _last_day(before, zone):
        return before
    try:
        day = datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC).date()
        return int(datetime.combine(day + timedelta(days=1), time(), _zone(zone)).timestamp() * 1000)
    except (ValueError, OverflowError):
        raise Invalid(_NO_DAY, field="until") from None


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("Etc/UTC")
