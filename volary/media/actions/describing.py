"""What people say about their media."""

from sqlalchemy import bindparam, update

from volary.access.caller import Caller
from volary.activity.actions import note
from volary.db import Tx, statement
from volary.kit.unicode import composed
from volary.media.errors import MediaNotFound
from volary.media.models import media

_DESCRIBE = statement(
    update(media)
    .where(media.c.id == bindparam("media_id"), media.c.owner_id == bindparam("account"))
    .values(alt_text=bindparam("text"), sensitive=bindparam("warned"))
)


async def describe(tx: Tx, caller: Caller, media_id: int, text: str, *, sensitive: bool) -> None:
    """Say what a media shows, for people who cannot see it, and whether it needs a warning. Raises MediaNotFound."""
    kept = composed(text).replace("\x00", "").strip()
    if not await tx.run(_DESCRIBE, media_id=media_id, account=caller.me, text=kept, warned=int(sensitive)):
        raise MediaNotFound
    await note(tx, caller, "media.described", media_id)
