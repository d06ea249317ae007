"""What people say about their media."""

from sqlalchemy import bindparam, func, update

from volary.access.caller import Caller
from volary.activity.actions import note
from volary.db import Tx, statement
from volary.kit.unicode import composed
from volary.media.errors import MediaNotFound
from volary.media.models import media

_DESCRIBE = statement(
    update(media)
    .where(media.c.id == bindparam("media_id"), media.c.owner_id == bindparam("account"))
    .values(
        alt_text=func.coalesce(bindparam("text"), media.c.alt_text),
        sensitive=func.coalesce(bindparam("warned"), media.c.sensitive),
    )
)


async def describe(tx: Tx, caller: Caller, media_id: int, text: str | None, *, sensitive: bool | None) -> None:
    """Say what a media shows, for people who cannot see it, and whether it needs a warning; None leaves what was said before.

    Raises MediaNotFound.
    """
    kept = None if text is None else composed(text).replace("\x00", "").strip()
    warned = None if sensitive is None else int(sensitive)
    if not await tx.run(_DESCRIBE, media_id=media_id, account=caller.me, text=kept, warned=warned):
        raise MediaNotFound
    await note(tx, caller, "media.described", media_id)
