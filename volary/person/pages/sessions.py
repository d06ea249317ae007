"""*Sessions*: where an account is signed in, and ending it there (C003-C008)."""

import msgspec

from volary.kit.clock import DAY
from volary.language import mark as _
from volary.sessions.actions.ending import end_other_sessions, end_session
from volary.sessions.models import SessionRow
from volary.sessions.queries import sessions_of
from volary.sessions.rules.devices import Device, kept_device
from volary.sessions.rules.locations import Location, LocationFinder
from volary.web import Response, Visit, page

ONE_ENDED = _("The session was logged out.")
OTHERS_ENDED = _("All other sessions were logged out.")


NEW_FOR = 7 * DAY
"""How long a sign-in is marked as new, to be looked at."""


class Shown(msgspec.Struct, frozen=True):
    """One row of the list."""

    row: SessionRow
    device: Device
    place: str
    here: bool
    new: bool


@page("GET", "/settings/sessions", signed_in=True)
async def sessions(visit: Visit) -> Response:
    """The list, and what to know about it."""
    source = visit.resources[LocationFinder].source
    return visit.render("person/sessions.html", sessions=await shown_sessions(visit), source=source)


@page("POST", "/settings/sessions/log-out", signed_in=True, always=True)
async def log_out(visit: Visit) -> Response:
    """End one session. One that has ended already, or is somebody else's, is not found."""
    sent = visit.form.get("session", "")
    mine = await sessions_of(visit.db, visit.me.account_id)
    session_id = next((row.id for row in mine if str(row.id) == sent), 0)
    await visit.db.write(end_session, visit.me.account_id, session_id, address=visit.address)
    return visit.redirect("/settings/sessions", notice=ONE_ENDED)


@page("POST", "/settings/sessions/log-out-others", signed_in=True, always=True)
async def log_out_others(visit: Visit) -> Response:
    """End every session of the account but this one."""
    await visit.db.write(end_other_sessions, visit.me.account_id, visit.me.session_id, address=visit.address)
    return visit.redirect("/settings/sessions", notice=OTHERS_ENDED)


async def shown_sessions(visit: Visit) -> list[Shown]:
    """Every live session, this one first, then the newest sign-in."""
    rows = [_shown(visit, row) for row in await sessions_of(visit.db, visit.me.account_id)]
    return sorted(rows, key=lambda shown: not shown.here)


def _shown(visit: Visit, row: SessionRow) -> Shown:
    return Shown(
        row=row,
        device=kept_device(row.device, row.browser),
        place=Location.of(row.location).words(visit.language),
        here=row.id == visit.me.session_id,
        new=visit.db.now - row.created_at < NEW_FOR,
    )
