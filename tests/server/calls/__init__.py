"""One honest call of every operation, and what must not work: where the tests of all operations begin. A new operation is added here
first, in the module of its room.

ASK       an honest call
REFUSED   calls on what is another's, protected or blocked, with the status that they get
LARGEST   X's largest page, where it is not a hundred
"""

from tests.server.calls import (
    accounts,
    collections,
    engaging,
    graph,
    lists,
    media,
    messages,
    posts,
    search,
    spaces,
    timelines,
)
from tests.server.calls.asking import (
    FORM,
    JSON,
    MARKER,
    Ask,
    Case,
    Making,
    calling,
    filled,
    message_of,
    new_text,
    post_of,
)
from tests.server.house import Credentials, House
from volary.api.operation import Operation, operations_of
from volary.server.registry import OPERATIONS

__all__ = [
    "FORM",
    "JSON",
    "MARKER",
    "Ask",
    "Case",
    "caller_of",
    "calling",
    "filled",
    "message_of",
    "new_text",
    "post_of",
]

OPERATION = {one.name: one for module in OPERATIONS for one in operations_of(module.__name__)}

ASK: dict[str, Making] = {
    **accounts.ASK,
    **graph.ASK,
    **media.ASK,
    **posts.ASK,
    **engaging.ASK,
    **collections.ASK,
    **lists.ASK,
    **messages.ASK,
    **search.ASK,
    **spaces.ASK,
    **timelines.ASK,
}
REFUSED: dict[str, tuple[Case, ...]] = {
    **graph.REFUSED,
    **media.REFUSED,
    **posts.REFUSED,
    **engaging.REFUSED,
    **lists.REFUSED,
    **messages.REFUSED,
    **search.REFUSED,
    **spaces.REFUSED,
    **timelines.REFUSED,
}
LARGEST: dict[str, int] = {**accounts.LARGEST, **graph.LARGEST, **search.LARGEST}

NAMES = sorted(ASK)
V2 = [name for name in NAMES if "/2/" in name]
V1 = [name for name in NAMES if "/1.1/" in name]
IN_CONTRACT = [name for name in V2 if "/blocking" not in name or name.startswith("GET")]
"""v2 without the two calls that X took out of its contract and clients still make (X facts 6)."""


def of(name: str) -> Operation:
    return OPERATION[name]


async def caller_of(house: House, name: str) -> Credentials:
    """Ann's token for an App, or the App's own where an operation takes no person's."""
    return house.app_only() if of(name).need.scopes is None else await house.bearer(house.cast.ann)
