"""Which web origins are those of Single page Apps: their scripts may call the API from a browser (design §6)."""

from sqlalchemy import ColumnElement, bindparam, select, true

from volary.db import Reader, Statement, statement
from volary.developers.models import ACTIVE, apps, callback_urls


def _live_spa(which: ColumnElement[bool]) -> Statement[int]:
    return statement(
        select(apps.c.id)
        .join_from(callback_urls, apps, apps.c.id == callback_urls.c.app_id)
        .where(
            callback_urls.c.origin == bindparam("origin"),
            apps.c.state == ACTIVE,
            apps.c.oauth2_enabled == 1,
            apps.c.oauth2_type == "spa",
            which,
        )
        .limit(1),
        int,
    )


_OF_ANY = _live_spa(true())
_OF_ONE = _live_spa(apps.c.id == bindparam("app_id"))


async def is_spa_origin(reader: Reader, origin: str, app_id: int = 0) -> bool:
    """Whether an active Single page App, or this one, has a callback URL of exactly this origin.

    `null` and texts that are no origins never match.
    """
    if not origin.startswith(("http://", "https://")) or len(origin) > 255:
        return False
    if app_id:
        return await reader.one(_OF_ONE, origin=origin, app_id=app_id) is not None
    return await reader.one(_OF_ANY, origin=origin) is not None
