"""What operators do to an account."""

from sqlalchemy import bindparam, select

from volary.accounts.actions import set_state
from volary.accounts.models import ACTIVE, LOCKED, accounts
from volary.activity.actions import record
from volary.db import Tx, statement
from volary.operator.actions.actors import Actor, ensure_operator
from volary.operator.errors import NobodyHere, SameState, Unlockable
from volary.sessions.actions.ending import end_all_sessions
from volary.sessions.actions.locking import drop_way_back

_IS_OPERATOR = statement(select(accounts.c.operator).where(accounts.c.id == bindparam("account_id")), int)


async def lock(tx: Tx, actor: Actor, account_id: int, *, reason: str) -> int:
    """Lock an account: its sessions end, nobody signs in to it, and no App acts for it; how many sessions there were.

    What it allowed Apps is kept. Raises NotAnOperator, NobodyHere, Unlockable, SameState.
    """
    await ensure_operator(tx, actor)
    operator = await tx.one(_IS_OPERATOR, account_id=account_id)
    if operator is None:
        raise NobodyHere
    if operator:
        raise Unlockable
    taken_over = await drop_way_back(tx, account_id)  # an owner who locked it comes back only when the operator says so
    if not await set_state(tx, account_id, ACTIVE, LOCKED) and not taken_over:
        raise SameState
    ended = await end_all_sessions(tx, account_id, why="locked", actor_id=actor.account_id, address=actor.address)
    await _note(tx, actor, account_id, "account.locked", {"reason": reason.strip()[:500]})
    return ended


async def unlock(tx: Tx, actor: Actor, account_id: int) -> None:
    """Let an account be used again; its owner signs in anew. Raises NotAnOperator, NobodyHere, SameState."""
    await ensure_operator(tx, actor)
    if await tx.one(_IS_OPERATOR, account_id=account_id) is None:
        raise NobodyHere
    if not await set_state(tx, account_id, LOCKED, ACTIVE):
        raise SameState
    await drop_way_back(tx, account_id)
    await _note(tx, actor, account_id, "account.unlocked", None)


async def sign_out(tx: Tx, actor: Actor, account_id: int) -> int:
    """End every session of an account; how many there were. Raises NotAnOperator, NobodyHere."""
    await ensure_operator(tx, actor)
    if await tx.one(_IS_OPERATOR, account_id=account_id) is None:
        raise NobodyHere
    return await end_all_sessions(
        tx, account_id, why="ended by the operator", actor_id=actor.account_id, address=actor.address
    )


async def _note(tx: Tx, actor: Actor, account_id: int, kind: str, detail: dict[str, str | int] | None) -> None:
    await record(tx, kind, account_id=account_id, actor_id=actor.account_id, address=actor.address, detail=detail)
