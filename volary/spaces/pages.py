"""Spaces for people: those that are live or announced, a new one, and one with the ways in and out."""

from collections.abc import Callable, Coroutine
from typing import Any

from volary.access.caller import Caller, in_person
from volary.accounts.models import AccountRow
from volary.accounts.queries import accounts_by_ids
from volary.db import Tx
from volary.language import mark as _
from volary.spaces.actions.joining import join_space, leave_space
from volary.spaces.actions.running import announce_space, cancel_space, end_space, start_space
from volary.spaces.errors import NotNow, NotYourSpace, SpaceNotFound
from volary.spaces.forms import read_announcement
from volary.spaces.models import Space
from volary.spaces.queries.reading import open_spaces, person_in, space_by_id
from volary.spaces.rules import id_of, wire_id
from volary.web import Form, Response, Visit, page

_ALL = "/spaces"
_ONE = "/spaces/{space_id}"
Act = Callable[[Tx, Caller, int], Coroutine[Any, Any, None]]


@page("GET", _ALL, signed_in=True)
async def spaces(visit: Visit) -> Response:
    """The Spaces that are live or announced, and the form for a new one."""
    return await _shown_all(visit, Form(visit))


@page("POST", _ALL, signed_in=True)
async def create(visit: Visit) -> Response:
    """Announce a Space, or start one at once."""
    form = Form(visit)
    wanted = read_announcement(visit, form)
    if not form.good:
        return await _shown_all(visit, form, 400)
    row = await visit.db.write(announce_space, _caller(visit), wanted.title, wanted.scheduled_start)
    notice = _("Your Space is live.") if wanted.scheduled_start is None else _("Your Space is announced.")
    return visit.redirect(f"{_ALL}/{wire_id(row.id)}", notice=notice)


@page("GET", _ONE, signed_in=True)
async def one(visit: Visit) -> Response:
    """A Space, with what its visitor can do there."""
    space = await _space(visit)
    people = await accounts_by_ids(visit.db, [*space.hosts, *space.speakers])
    me = await person_in(visit.db, space.id, visit.me.account_id)
    return visit.render(
        "spaces/space.html",
        space=space,
        path=f"{_ALL}/{wire_id(space.id)}",
        hosts=_those(people, space.hosts),
        speakers=_those(people, space.speakers),
        here=me is not None and me.here,
    )


@page("POST", _ONE + "/start", signed_in=True)
async def start(visit: Visit) -> Response:
    """Begin an announced Space."""
    return await _done(visit, start_space, _("Your Space is live."))


@page("POST", _ONE + "/end", signed_in=True)
async def end(visit: Visit) -> Response:
    """End a live Space."""
    return await _done(visit, end_space, _("Your Space has ended."))


@page("POST", _ONE + "/cancel", signed_in=True)
async def cancel(visit: Visit) -> Response:
    """Call off an announced Space, which nobody sees then."""
    return await _done(visit, cancel_space, _("Your Space was cancelled."), _ALL)


@page("POST", _ONE + "/join", signed_in=True)
async def join(visit: Visit) -> Response:
    """Come in, as a listener or as an invited speaker."""
    return await _done(visit, join_space, _("You are in this Space."))


@page("POST", _ONE + "/leave", signed_in=True)
async def leave(visit: Visit) -> Response:
    """Go out."""
    return await _done(visit, leave_space, _("You left this Space."))


async def _shown_all(visit: Visit, form: Form, status: int = 200) -> Response:
    found = await open_spaces(visit.db, visit.me.account_id)
    people = {row.id: row for row in await accounts_by_ids(visit.db, sorted({one.creator_id for one in found}))}
    rows = [(one, f"{_ALL}/{wire_id(one.id)}", people[one.creator_id]) for one in found]
    return visit.render("spaces/spaces.html", status, form=form, rows=rows)


async def _done(visit: Visit, act: Act, sentence: str, then: str = "") -> Response:
    """Do it, and go back with a sentence about it, also when the Space has changed meanwhile."""
    space = await _space(visit)
    try:
        await visit.db.write(act, _caller(visit), space.id)
    except (NotNow, NotYourSpace) as refusal:
        return visit.redirect(f"{_ALL}/{wire_id(space.id)}", notice=refusal.message)
    return visit.redirect(then or f"{_ALL}/{wire_id(space.id)}", notice=sentence)


async def _space(visit: Visit) -> Space:
    """The Space of the path. Raises SpaceNotFound for one that is not there for the visitor."""
    number = id_of(visit.path["space_id"])
    found = None if number is None else await space_by_id(visit.db, visit.me.account_id, number)
    if found is None:
        raise SpaceNotFound
    return found


def _caller(visit: Visit) -> Caller:
    return in_person(visit.me.account_id, visit.me.username)


def _those(people: list[AccountRow], ids: tuple[int, ...]) -> list[AccountRow]:
    return [row for row in people if row.id in ids]
