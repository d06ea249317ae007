"""Writing an App's callback URL list. The rules are in `rules.callbacks`; what comes here was checked."""

from collections.abc import Sequence

from sqlalchemy import bindparam, delete, insert

from volary.db import Tx, statement
from volary.developers.models import callback_urls
from volary.kit.urls import origin_of

_FORGET = statement(delete(callback_urls).where(callback_urls.c.app_id == bindparam("app_id")))
_INSERT = statement(
    insert(callback_urls).values({name: bindparam(name) for name in ("app_id", "url", "origin", "position")})
)


async def replace_callbacks(tx: Tx, app_id: int, urls: Sequence[str]) -> None:
    """Make this the App's whole list."""
    await tx.run(_FORGET, app_id=app_id)
    for position, url in enumerate(urls):
        origin = origin_of(url) if url.lower().startswith(("http://", "https://")) else ""
        await tx.run(_INSERT, app_id=app_id, url=url, origin=origin, position=position)
