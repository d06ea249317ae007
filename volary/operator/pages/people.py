"""A person in the console, and what operators do to their account."""

from volary.accounts.models import ACTIVE, LOCKED
from volary.db.paging import Bounds
from volary.kit.errors import Conflict
from volary.language import mark as _
from volary.operator.actions.people import lock, sign_out, unlock
from volary.operator.errors import NobodyHere
from volary.operator.pages.entry import actor_of, console, number_in
from volary.operator.queries.apps import find_apps
from volary.operator.queries.people import seen_person, sessions_count
from volary.web import Form, Response, Visit

_HERE = "/operator/people/{account_id}"


@console("GET", _HERE)
async def show_person(visit: Visit) -> Response:
    """State, sessions, connections and Apps of an account: how many, never what stands in them."""
    return await _show(visit, Form(visit))


@console("POST", _HERE + "/lock", dangerous=True)
async def lock_it(visit: Visit) -> Response:
    """End its sessions and let nobody sign in to it nor act for it."""
    form = Form(visit)
    try:
        await visit.db.write(lock, actor_of(visit), number_in(visit, "account_id"), reason=form["reason"])
    except Conflict as refusal:
        form.add(refusal)
        return await _show(visit, form, refusal.status)
    return _back(visit, _("The account is locked."))


@console("POST", _HERE + "/unlock", dangerous=True)
async def unlock_it(visit: Visit) -> Response:
    """Let its owner sign in again."""
    await visit.db.write(unlock, actor_of(visit), number_in(visit, "account_id"))
    return _back(visit, _("The account can be used again."))


@console("POST", _HERE + "/sign-out", dangerous=True)
async def sign_it_out(visit: Visit) -> Response:
    """End every session of it."""
    ended = await visit.db.write(sign_out, actor_of(visit), number_in(visit, "account_id"))
    return _back(visit, _("Sessions that were ended: %(ended)s."), ended=ended)


async def _show(visit: Visit, form: Form, status: int = 200) -> Response:
    person = await seen_person(visit.db, number_in(visit, "account_id"))
    if person is None:
        raise NobodyHere
    return visit.render(
        "operator/person.html",
        status,
        person=person,
        form=form,
        sessions=await sessions_count(visit.db, person.id),
        owned=await find_apps(visit.db, f"@{person.username}", "", Bounds()),
        active=person.state == ACTIVE,
        locked=person.state == LOCKED,
    )


def _back(visit: Visit, notice: str, **parameters: int) -> Response:
    return visit.redirect(f"/operator/people/{number_in(visit, 'account_id')}", notice=notice, **parameters)
