"""An App's icon. Pictures are read and drawn again by `rules.icons` before they come here."""

from sqlalchemy import bindparam, delete

from volary.activity.actions import record
from volary.db import Tx, statement, upsert
from volary.developers.models import app_icons
from volary.developers.queries.owners import app_of_owner

_SET = statement(upsert(app_icons, values=("app_id", "png", "version"), key=("app_id",), update=("png", "version")))
_REMOVE = statement(delete(app_icons).where(app_icons.c.app_id == bindparam("app_id")))


async def set_icon(tx: Tx, owner_id: int, app_id: int, png: bytes, version: str) -> None:
    """Keep a PNG that `rules.icons.redrawn` made as the App's icon. Raises AppUnknown."""
    await app_of_owner(tx, owner_id, app_id)
    await tx.run(_SET, app_id=app_id, png=png, version=version)
    await record(tx, "app.edited", account_id=owner_id, app_id=app_id)


async def remove_icon(tx: Tx, owner_id: int, app_id: int) -> None:
    """Go back to the icon that is made from the App's name. Raises AppUnknown."""
    await app_of_owner(tx, owner_id, app_id)
    await tx.run(_REMOVE, app_id=app_id)
    await record(tx, "app.edited", account_id=owner_id, app_id=app_id)
