"""How everything of a team is looked for: with the roles that may do what is wanted. Who may only see it is told so (SR-172, SR-183)."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from volary.developers.errors import NotForThisRole
from volary.developers.rules.roles import Act
from volary.kit.errors import NotFound

T = TypeVar("T")


async def reached(look: Callable[[Act], Awaitable[T | None]], act: Act, unknown: type[NotFound]) -> T:
    """What `look` finds for an act.

    Raises NotForThisRole when it takes another role in the team, `unknown` when even seeing it finds nothing.
    """
    found = await look(act)
    if found is not None:
        return found
    if act is not Act.SEE and await look(Act.SEE) is not None:
        raise NotForThisRole
    raise unknown
