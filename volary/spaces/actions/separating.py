"""What a block ends between two people: neither stays in the other's Spaces, speaks or is invited there (decision 0039)."""

from sqlalchemy import bindparam, delete, select

from volary.db import Tx, in_list, statement
from volary.graph.actions.separating import when_separated
from volary.spaces.actions.joining import go_out
from volary.spaces.models import space_people, spaces
from volary.spaces.queries.reading import OPEN_STATES

_IN = statement(
    select(spaces.c.id)
    .join(space_people, space_people.c.space_id == spaces.c.id)
    .where(
        space_people.c.account_id == bindparam("account"),
        spaces.c.creator_id == bindparam("creator"),
        in_list(spaces.c.state, "states"),
    ),
    int,
)
_FORGET = statement(
    delete(space_people).where(
        space_people.c.space_id == bindparam("space_id"), space_people.c.account_id == bindparam("account")
    )
)


@when_separated
async def leave_spaces(tx: Tx, one: int, two: int) -> None:
    """End what each of two accounts has to do with the other's Spaces to come and live ones; who was in one that is over stays known."""
    for creator, account in ((one, two), (two, one)):
        for space_id in await tx.all(_IN, creator=creator, account=account, states=list(OPEN_STATES)):
            await go_out(tx, space_id, account)
            await tx.run(_FORGET, space_id=space_id, account=account)
