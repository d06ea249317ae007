"""Suspending Apps and restoring them: the operator's acts."""

from sqlalchemy import bindparam, update

from volary.db import Tx, statement
from volary.developers.actions.appeals import close_appeal
from volary.developers.actions.notices import tell_of_suspension
from volary.developers.actions.noting import note_app
from volary.developers.errors import AppUnknown
from volary.developers.models import ACTIVE, SUSPENDED, AppRow, apps
from volary.developers.queries.apps import app_by_id
from volary.developers.rules import texts
from volary.developers.rules.suspending import known_rule
from volary.kit.errors import Conflict
from volary.kit.whence import COMMAND_LINE
from volary.language import mark as _

_SET_STATE = statement(
    update(apps)
    .values(state=bindparam("state"), state_rule=bindparam("rule"), state_reason=bindparam("reason"))
    .where(apps.c.id == bindparam("app_id"), apps.c.state == bindparam("was"))
)


async def suspend_app(
    tx: Tx, app_id: int, *, reason: str, rule: str = "terms", actor_id: int = COMMAND_LINE, address: str = ""
) -> bool:
    """Suspend an App: the next use of any of its credentials and tokens is refused, until it is restored (C176).

    Its owner is written to, by the rule and the reason (C177, C178); False when there is no address to write to. What people granted is
    kept, so that restoring brings their connections back. Raises AppUnknown, Conflict, Invalid.
    """
    kept, rule = texts.text(reason, "reason", texts.REASON), known_rule(rule)
    app = await _move(tx, app_id, (ACTIVE, SUSPENDED), rule, kept)
    await note_app(tx, app, actor_id, "app.suspended", detail={"rule": rule, "reason": kept}, address=address)
    return await tell_of_suspension(tx, app, kept, rule)


async def restore_app(tx: Tx, app_id: int, *, actor_id: int = COMMAND_LINE, address: str = "") -> None:
    """End a suspension. Raises AppUnknown, Conflict."""
    app = await _move(tx, app_id, (SUSPENDED, ACTIVE), "", "")
    await close_appeal(tx, app_id)
    await note_app(tx, app, actor_id, "app.restored", address=address)


async def _move(tx: Tx, app_id: int, change: tuple[str, str], rule: str, reason: str) -> AppRow:
    app = await app_by_id(tx, app_id)
    if app is None:
        raise AppUnknown
    was, state = change
    if not await tx.run(_SET_STATE, app_id=app_id, was=was, state=state, rule=rule, reason=reason):
        raise Conflict(_("This App is in that state already."))
    return app
