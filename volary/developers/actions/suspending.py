"""Suspending Apps and restoring them: the operator's acts."""

from sqlalchemy import bindparam, update

from volary.db import Tx, statement
from volary.developers.actions.noting import note_app
from volary.developers.errors import AppUnknown
from volary.developers.models import ACTIVE, SUSPENDED, apps
from volary.developers.queries.apps import app_by_id
from volary.developers.rules import texts
from volary.kit.errors import Conflict
from volary.language import mark as _

_SET_STATE = statement(
    update(apps)
    .values(state=bindparam("state"), state_reason=bindparam("reason"))
    .where(apps.c.id == bindparam("app_id"), apps.c.state == bindparam("was"))
)


async def suspend_app(tx: Tx, app_id: int, *, reason: str, actor_id: int | None = None) -> None:
    """Suspend an App: the next use of any of its credentials and tokens is refused, until it is restored (C176).

    What people granted is kept, so that restoring brings their connections back. Raises AppUnknown, Conflict.
    """
    kept = texts.text(reason, "reason", texts.REASON)
    await _move(tx, app_id, ACTIVE, SUSPENDED, kept, actor_id)


async def restore_app(tx: Tx, app_id: int, *, actor_id: int | None = None) -> None:
    """End a suspension. Raises AppUnknown, Conflict."""
    await _move(tx, app_id, SUSPENDED, ACTIVE, "", actor_id)


async def _move(tx: Tx, app_id: int, was: str, state: str, reason: str, actor_id: int | None) -> None:
    app = await app_by_id(tx, app_id)
    if app is None:
        raise AppUnknown
    if not await tx.run(_SET_STATE, app_id=app_id, was=was, state=state, reason=reason):
        raise Conflict(_("This App is in that state already."))
    kind = "app.suspended" if state == SUSPENDED else "app.restored"
    await note_app(tx, app, actor_id, kind, detail={"reason": reason})
