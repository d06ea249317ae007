"""An App's callback URL list."""

from sqlalchemy import bindparam, select

from volary.db import Reader, statement
from volary.developers.models import ACTIVE, AppNameRow, apps
from volary.developers.models import callback_urls as table

_OF_APP = statement(
    select(table.c.url).where(table.c.app_id == bindparam("app_id")).order_by(table.c.position, table.c.url), str
)
_EXACTLY = statement(
    select(table.c.url).where(table.c.app_id == bindparam("app_id"), table.c.url == bindparam("url")), str
)
_SIBLINGS = statement(
    select(apps.c.id, apps.c.name)
    .join_from(table, apps, apps.c.id == table.c.app_id)
    .where(
        table.c.url == bindparam("url"),
        apps.c.team_id == bindparam("team_id"),
        apps.c.id != bindparam("app_id"),
        apps.c.state == ACTIVE,
    )
    .order_by(apps.c.id),
    AppNameRow,
)


async def callback_urls(reader: Reader, app_id: int) -> list[str]:
    """The list, in the order in which it was written."""
    return await reader.all(_OF_APP, app_id=app_id)


async def allows_callback(reader: Reader, app_id: int, url: str) -> bool:
    """Whether the list holds this URL, byte for byte (C220)."""
    return await reader.one(_EXACTLY, app_id=app_id, url=url) is not None


async def siblings_with_callback(reader: Reader, team_id: int, app_id: int, url: str) -> list[AppNameRow]:
    """Other Apps of the same team whose list holds the URL: keys of the wrong App are a common mistake (C230)."""
    return await reader.all(_SIBLINGS, team_id=team_id, app_id=app_id, url=url)
