"""The List that something is done to."""

from volary.db import Tx
from volary.lists.errors import ListNotFound, NotYours
from volary.lists.models import ListRow
from volary.lists.queries.reading import list_by_id


async def seen_list(tx: Tx, actor: int, list_id: int) -> ListRow:
    """A List that the actor may see. Raises ListNotFound."""
    found = await list_by_id(tx, actor, list_id)
    if found is None:
        raise ListNotFound
    return found


async def own_list(tx: Tx, actor: int, list_id: int) -> ListRow:
    """A List of the actor's own. Raises ListNotFound, and NotYours for one that they may see (SR-204, SR-205)."""
    found = await seen_list(tx, actor, list_id)
    if found.owner_id != actor:
        raise NotYours
    return found
