"""Muting and unmuting."""

from sqlalchemy import bindparam, delete

from volary.access.caller import Caller
from volary.activity.actions import note
from volary.db import Tx, statement, upsert
from volary.graph.actions.acting import other
from volary.graph.models import mutes

_MUTE = statement(upsert(mutes, values=["muter_id", "muted_id", "place"], key=["muter_id", "muted_id"]))
_UNMUTE = statement(delete(mutes).where(mutes.c.muter_id == bindparam("muter"), mutes.c.muted_id == bindparam("muted")))


async def mute(tx: Tx, caller: Caller, account_id: int) -> None:
    """Keep an account out of what is shown unasked. It does not learn of it (C050). Raises NotYourself, NobodyThere."""
    me = caller.me
    await other(tx, me, account_id)
    if await tx.run(_MUTE, muter_id=me, muted_id=account_id, place=tx.new_id()):
        await note(tx, caller, "mute.started", account_id)


async def unmute(tx: Tx, caller: Caller, account_id: int) -> bool:
    """Mute an account no longer; whether it was muted."""
    ended = bool(await tx.run(_UNMUTE, muter=caller.me, muted=account_id))
    if ended:
        await note(tx, caller, "mute.ended", account_id)
    return ended
