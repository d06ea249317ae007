"""The connections of an App, as its developers see them: each grant by its own number, and never whose it is.

The same number stands on the person's page of the App and in the operator's audit, so that the three can speak of one connection.
"""

import msgspec
from sqlalchemy import bindparam, select

from volary.db import Reader, statement
from volary.db.paging import Bounds, Pages
from volary.oauth.models import grants

PAGE = 50
"""How many connections stand on a page."""


class ConnectionRow(msgspec.Struct, frozen=True):
    """A grant without the account that gave it."""

    id: int
    level: str | None
    email: int
    scopes: str
    created_at: int
    last_used_at: int | None
    ended_at: int | None


_OF_APP = select(*(grants.c[name] for name in ConnectionRow.__struct_fields__)).where(
    grants.c.app_id == bindparam("app_id")
)
_LIVE = Pages(_OF_APP.where(grants.c.ended_at.is_(None)), grants.c.id, ConnectionRow)
_ONE = statement(_OF_APP.where(grants.c.id == bindparam("id")), ConnectionRow)


async def live_connections(reader: Reader, app_id: int, page: Bounds) -> list[ConnectionRow]:
    """One page of those that there are now, the newest first, and one more. The asker's team was checked by `app_of_member`."""
    return await _LIVE.read(reader, page, PAGE + 1, app_id=app_id)


async def connection_of_app(reader: Reader, app_id: int, grant_id: int) -> ConnectionRow | None:
    """One of the App's connections, one that has ended too; None for a number that is none of them."""
    return await reader.one(_ONE, app_id=app_id, id=grant_id)
