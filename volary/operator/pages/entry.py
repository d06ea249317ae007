"""The door of the console: operators pass it, and nobody else learns that it is there."""

from collections.abc import Awaitable, Callable, Sequence
from functools import wraps
from urllib.parse import urlencode

from volary.db.paging import Bounds
from volary.kit.ids import LARGEST_ID, id_in
from volary.language import mark as _
from volary.operator.actions.actors import Actor
from volary.operator.errors import NobodyHere
from volary.operator.queries.apps import PAGE
from volary.sessions.actions.again import proven_by
from volary.web import Response, Visit, page
from volary.web.kinds import BY_STATUS

Handler = Callable[[Visit], Awaitable[Response]]

_proven = proven_by(
    _(
        "You are about to act as an operator, and you entered your password a while ago. "
        "Enter it once more; what you have just filled in is kept."
    ),
    back="/operator",
)


def console(method: str, path: str, *, dangerous: bool = False) -> Callable[[Handler], Handler]:
    """Declare a page for operators alone. `dangerous`: the password is asked for again unless it was entered lately.

    To everybody else, signed in or not, it answers as an address where nothing is (SR-172, SR-183).
    """

    def declare(handler: Handler) -> Handler:
        inner = _proven(handler) if dangerous else handler

        @wraps(handler)
        async def guarded(visit: Visit) -> Response:
            if visit.current is None or not visit.current.operator:
                return visit.problem(404, visit.t(BY_STATUS[404].about))
            return await inner(visit)

        return page(method, path, always=True)(guarded)

    return declare


def actor_of(visit: Visit) -> Actor:
    """The operator who visits, for actions to hold against the flag."""
    return Actor(visit.me.account_id, visit.address)


def number_in(visit: Visit, name: str) -> int:
    """The number that a part of the path holds. Raises NobodyHere."""
    number = id_in(visit.path[name])
    if not number:
        raise NobodyHere
    return number


def older_than(visit: Visit) -> Bounds:
    """The page of a list that the address asks for."""
    return Bounds(before=id_in(visit.query.get("before", "")) or LARGEST_ID)


def older_page(path: str, places: Sequence[int], **asked: str) -> str | None:
    """The address of the page after one that begins with these places, where there is one: a page asks for one row more than it shows."""
    kept = {name: value for name, value in asked.items() if value}
    return f"{path}?{urlencode({**kept, 'before': places[PAGE - 1]})}" if len(places) > PAGE else None
