"""An App's icon. Pictures are read and drawn again by `rules.icons` before they come here."""

from sqlalchemy import bindparam, delete

from volary.db import Tx, statement, upsert
from volary.developers.actions.noting import note_app
from volary.developers.models import app_icons
from volary.developers.queries.members import app_of_member
from volary.developers.rules.roles import Act

_SET = statement(upsert(app_icons, values=("app_id", "png", "version"), key=("app_id",), update=("png", "version")))
_REMOVE = statement(delete(app_icons).where(app_icons.c.app_id == bindparam("app_id")))


async def set_icon(tx: Tx, member_id: int, app_id: int, png: bytes, version: str) -> None:
    """Keep a PNG that `rules.icons.redrawn` made as the App's icon. Raises AppUnknown, NotForThisRole."""
    app = await app_of_member(tx, member_id, app_id, Act.EDIT_APP)
    await tx.run(_SET, app_id=app_id, png=png, version=version)
    await note_app(tx, app, member_id, "app.edited", detail={"changed": "icon"})


async def remove_icon(tx: Tx, member_id: int, app_id: int) -> None:
    """Go back to the icon that is made from the App's name. Raises AppUnknown, NotForThisRole."""
    app = await app_of_member(tx, member_id, app_id, Act.EDIT_APP)
    await tx.run(_REMOVE, app_id=app_id)
    await note_app(tx, app, member_id, "app.edited", detail={"changed": "icon"})
