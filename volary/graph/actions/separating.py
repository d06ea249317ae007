"""What rooms above end when a block separates two people (decision 0039)."""

from collections.abc import Awaitable, Callable

from volary.db import Tx

Consequence = Callable[[Tx, int, int], Awaitable[None]]

_CONSEQUENCES: list[Consequence] = []


def when_separated(consequence: Consequence) -> Consequence:
    """Declare what a block between two accounts ends, as part of the same action. The room that owns it declares it, once."""
    _CONSEQUENCES.append(consequence)
    return consequence


async def end_everything_else(tx: Tx, one: int, two: int) -> None:
    """Carry out what the rooms above declared."""
    for consequence in _CONSEQUENCES:
        await consequence(tx, one, two)
