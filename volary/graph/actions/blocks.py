"""Blocking and unblocking."""

from sqlalchemy import bindparam, delete

from volary.access.caller import Caller
from volary.activity.actions import note
from volary.db import Tx, statement, upsert
from volary.graph.actions.acting import other
from volary.graph.actions.follows import separate
from volary.graph.actions.separating import end_everything_else
from volary.graph.models import blocks

_BLOCK = statement(upsert(blocks, values=["blocker_id", "blocked_id", "place"], key=["blocker_id", "blocked_id"]))
_UNBLOCK = statement(
    delete(blocks).where(blocks.c.blocker_id == bindparam("blocker"), blocks.c.blocked_id == bindparam("blocked"))
)


async def block(tx: Tx, caller: Caller, account_id: int) -> None:
    """Block an account: what connected the two ends, and neither sees what the other makes (C050, SR-228).

    Raises NotYourself, NobodyThere.
    """
    me = caller.me
    await other(tx, me, account_id)
    if await tx.run(_BLOCK, blocker_id=me, blocked_id=account_id, place=tx.new_id()):
        await separate(tx, me, account_id)
        await end_everything_else(tx, me, account_id)
        await note(tx, caller, "block.started", account_id)


async def unblock(tx: Tx, caller: Caller, account_id: int) -> None:
    """Block an account no longer. What the block ended does not come back."""
    if await tx.run(_UNBLOCK, blocker=caller.me, blocked=account_id):
        await note(tx, caller, "block.ended", account_id)
