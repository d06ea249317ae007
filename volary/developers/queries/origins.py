"""Which web origins are those of Single page Apps: their scripts may call the API from a browser (design §6)."""

from sqlalchemy import bindparam, select

from volary.db import Reader, statement
from volary.developers.models import ACTIVE, apps, callback_urls

_IS_SPA_ORIGIN = statement(
    select(apps.c.id)
    .join_from(callback_urls, apps, apps.c.id == callback_urls.c.app_id)
    .where(
        callback_urls.c.origin == bindparam("origin"),
        apps.c.state == ACTIVE,
        apps.c.oauth2_enabled == 1,
        apps.c.oauth2_type == "spa",
    )
    .limit(1),
    int,
)


async def is_spa_origin(reader: Reader, origin: str) -> bool:
    """Whether an active Single page App has a callback URL of exactly this origin. `null` and texts that are none never match."""
    if not origin.startswith(("http://", "https://")) or len(origin) > 255:
        return False
    return await reader.one(_IS_SPA_ORIGIN, origin=origin) is not None
