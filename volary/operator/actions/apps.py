"""What operators do to an App."""

from volary.db import Tx
from volary.developers.actions import restore_app, suspend_app
from volary.developers.actions.noting import note_app
from volary.developers.errors import AppUnknown
from volary.developers.queries import app_by_id
from volary.kit.errors import Invalid
from volary.language import mark as _
from volary.oauth.revoking import end_all_for_app
from volary.operator.actions.actors import Actor, ensure_operator


async def suspend(tx: Tx, actor: Actor, app_id: int, *, rule: str, reason: str) -> bool:
    """Suspend an App by a rule and a reason that its owner reads (C176–C178); whether a letter could be written.

    Raises NotAnOperator, AppUnknown, Conflict, Invalid.
    """
    await ensure_operator(tx, actor)
    if not reason.strip():
        raise Invalid(_("Say why: the App’s owner reads it."), field="reason")
    return await suspend_app(tx, app_id, rule=rule, reason=reason, actor_id=actor.account_id, address=actor.address)


async def restore(tx: Tx, actor: Actor, app_id: int) -> None:
    """End a suspension; the connections that people had work again. Raises NotAnOperator, AppUnknown, Conflict."""
    await ensure_operator(tx, actor)
    await restore_app(tx, app_id, actor_id=actor.account_id, address=actor.address)


async def disconnect(tx: Tx, actor: Actor, app_id: int) -> int:
    """End everything that anybody allowed an App; how many people there were. It cannot be undone.

    Raises NotAnOperator, AppUnknown.
    """
    await ensure_operator(tx, actor)
    app = await app_by_id(tx, app_id)
    if app is None:
        raise AppUnknown
    people = await end_all_for_app(tx, app_id, actor_id=actor.account_id, why="ended by the operator")
    await note_app(tx, app, actor.account_id, "app.disconnected", detail={"people": people}, address=actor.address)
    return people
