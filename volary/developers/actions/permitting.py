"""Further permissions: what only the operator gives to an App (C193)."""

from sqlalchemy import bindparam, update

from volary.access.further import FURTHER
from volary.db import Tx, statement
from volary.developers.actions.noting import note_app
from volary.developers.errors import AppUnknown
from volary.developers.models import apps
from volary.developers.queries.apps import app_by_id, further_of_app
from volary.kit.errors import Invalid
from volary.language import mark as _

_SET = statement(update(apps).values(further=bindparam("further")).where(apps.c.id == bindparam("app_id")))


async def permit_further(
    tx: Tx, app_id: int, permission: str, *, given: bool = True, actor_id: int | None = None
) -> None:
    """Give an App a further permission, or take it away; it counts from the next call on. Raises AppUnknown, Invalid."""
    if permission not in FURTHER:
        raise Invalid(_("There is no such permission."), field="permission")
    app = await app_by_id(tx, app_id)
    if app is None:
        raise AppUnknown
    had = await further_of_app(tx, app_id)
    has = had | {permission} if given else had - {permission}
    if has == had:
        return
    await tx.run(_SET, app_id=app_id, further=" ".join(sorted(has)))
    await note_app(
        tx, app, actor_id, "app.permitted" if given else "app.unpermitted", detail={"permission": permission}
    )
