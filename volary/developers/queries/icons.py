"""Icons of Apps."""

from collections.abc import Collection

from sqlalchemy import bindparam, select

from volary.db import Reader, in_list, statement
from volary.developers.models import DELETED, IconRow, IconVersionRow, app_icons, apps

_PNG = statement(
    select(app_icons.c.png, app_icons.c.version)
    .join_from(app_icons, apps, apps.c.id == app_icons.c.app_id)
    .where(app_icons.c.app_id == bindparam("app_id"), apps.c.state != DELETED),
    IconRow,
)
_VERSIONS = statement(
    select(app_icons.c.app_id, app_icons.c.version).where(in_list(app_icons.c.app_id, "ids")), IconVersionRow
)


async def icon_of_app(reader: Reader, app_id: int) -> IconRow | None:
    """The icon that the App's owner gave it, or None: then the one made from its name stands for it."""
    return await reader.one(_PNG, app_id=app_id)


async def icon_versions(reader: Reader, app_ids: Collection[int]) -> dict[int, str]:
    """The versions of given icons, by App; Apps without one are left out."""
    rows = await reader.all(_VERSIONS, ids=sorted(set(app_ids))) if app_ids else []
    return {row.app_id: row.version for row in rows}
