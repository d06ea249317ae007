"""Answering appeals."""

from volary.db import Tx
from volary.developers.actions.appeals import answer_appeal
from volary.operator.actions.actors import Actor, ensure_operator


async def answer(tx: Tx, actor: Actor, appeal_id: int, text: str, *, close: bool = False) -> None:
    """Answer an appeal, and close it if that is all there is to say. Raises NotAnOperator, AppealUnknown, Invalid, Conflict."""
    await ensure_operator(tx, actor)
    await answer_appeal(tx, appeal_id, text, actor_id=actor.account_id, close=close)
