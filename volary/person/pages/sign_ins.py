"""*Sign-in history* (A18), and looking through what was done in an account's name after somebody else was in it."""

import json

import msgspec

from volary.accounts.queries import account_by_id
from volary.activity.models import EventRow
from volary.activity.queries import sign_ins_of
from volary.factors.queries import passkeys_of, second_step_since
from volary.kit.clock import DAY
from volary.kit.ids import LARGEST_ID, id_in
from volary.language import mark as _
from volary.oauth.connected import KnownApp, apps_known_since
from volary.sessions.rules.devices import Device, kept_device
from volary.sessions.rules.locations import Location
from volary.web import Response, Visit, page

PATH, REVIEW = "/settings/sign-ins", "/settings/review"
PAGE = 30
LOOKED_BACK = 90 * DAY

_METHODS = {
    "password": _("with the password"),
    "password+code": _("with the password and a code"),
    "password+recovery code": _("with the password and a recovery code"),
    "password+passkey": _("with the password and a passkey"),
    "passkey": _("with a passkey"),
}
_REFUSED = {
    "password": _("Wrong password"),
    "code": _("Right password, wrong code"),
    "passkey": _("A passkey that was not accepted"),
}
_LOCKED = _("Right password, but the account was closed")


class Shown(msgspec.Struct, frozen=True):
    """One sign-in, or one that was refused."""

    row: EventRow
    good: bool
    how: str
    device: Device
    place: str


@page("GET", PATH, signed_in=True)
async def sign_ins(visit: Visit) -> Response:
    """Sign-ins that succeeded and that were refused, the newest first. A place that is none starts at the beginning."""
    before = id_in(visit.query.get("before", "")) or LARGEST_ID
    rows = await sign_ins_of(visit.db, visit.me.account_id, before, PAGE + 1)
    further = rows[PAGE - 1].id if len(rows) > PAGE else None
    return visit.render("person/sign_ins.html", sign_ins=[_shown(visit, row) for row in rows[:PAGE]], further=further)


@page("GET", REVIEW, signed_in=True)
async def review(visit: Visit) -> Response:
    """What to look through: apps of the last 90 days, sign-ins, passkeys, the second step and the email address."""
    db, account_id = visit.db, visit.me.account_id
    apps: list[KnownApp] = await apps_known_since(db, account_id, db.now - LOOKED_BACK)
    rows = await sign_ins_of(db, account_id, LARGEST_ID, 10)
    return visit.render(
        "person/review.html",
        apps=apps,
        sign_ins=[_shown(visit, row) for row in rows],
        passkeys=await passkeys_of(db, account_id),
        since=await second_step_since(db, account_id),
        me=await account_by_id(db, account_id),
    )


def _shown(visit: Visit, row: EventRow) -> Shown:
    detail: dict[str, str] = json.loads(row.detail) if row.detail else {}
    good, method = row.kind == "session.started", detail.get("method", "password")
    sentence = _METHODS.get(method, method) if good else _REFUSED.get(method, _REFUSED["password"])
    if not good and detail.get("why") == "state":
        sentence = _LOCKED
    return Shown(
        row,
        good,
        visit.t(sentence),
        kept_device(detail.get("device", ""), detail.get("browser", "")),
        Location.of(detail.get("location", "")).words(visit.language),
    )
