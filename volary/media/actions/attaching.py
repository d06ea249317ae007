"""Attaching media to posts and messages, and taking them off. Rooms above call these inside their own actions.

    rows = await attach_to_post(tx, author_id, [media ids])          # 1–4 photos, or 1 GIF, or 1 video; own, complete, not expired
    await detach_from_post(tx, [media ids])                           # the post was deleted
    rows = await attach_to_message(tx, sender_id, media_id, [account ids that get a copy])
    await detach_from_message(tx, media_id, account_id)               # this account's copy was deleted

Media may be attached more than once, by their owner alone. What nothing uses any more goes with the next sweep.
"""

from collections.abc import Sequence

from sqlalchemy import bindparam, delete, update

from volary.db import Tx, in_list, statement, upsert
from volary.media.errors import MediaNotFound, Mixed, NotReady
from volary.media.models import READY, MediaRow, media, media_readers
from volary.media.queries import own_media
from volary.media.rules.keys import PHOTO, SUBTITLES

MOST_PHOTOS = 4

_USE = statement(
    update(media)
    .where(in_list(media.c.id, "ids"), media.c.state == READY)
    .values(post_uses=media.c.post_uses + 1, expires_at=None)
)
_USE_NO_MORE = statement(
    update(media).where(in_list(media.c.id, "ids"), media.c.post_uses > 0).values(post_uses=media.c.post_uses - 1)
)
_SEND = statement(
    update(media)
    .where(media.c.id == bindparam("media_id"), media.c.state == READY)
    .values(message_uses=media.c.message_uses + bindparam("copies"), expires_at=None)
)
_READER = statement(
    upsert(
        media_readers,
        values=["media_id", "account_id", "uses"],
        key=["media_id", "account_id"],
        update={"uses": media_readers.c.uses + 1},
    )
)
_READ_NO_MORE = statement(
    update(media_readers)
    .where(media_readers.c.media_id == bindparam("media_id"), media_readers.c.account_id == bindparam("account"))
    .values(uses=media_readers.c.uses - 1)
)
_FORGET_READER = statement(
    delete(media_readers).where(
        media_readers.c.media_id == bindparam("media_id"),
        media_readers.c.account_id == bindparam("account"),
        media_readers.c.uses <= 0,
    )
)
_SENT_NO_MORE = statement(
    update(media)
    .where(media.c.id == bindparam("media_id"), media.c.message_uses > 0)
    .values(message_uses=media.c.message_uses - 1)
)
_LET_GO = statement(
    update(media)
    .where(in_list(media.c.id, "ids"), media.c.post_uses == 0, media.c.message_uses == 0)
    .values(expires_at=bindparam("now"))
)


async def attach_to_post(tx: Tx, account: int, ids: Sequence[int]) -> list[MediaRow]:
    """Attach an account's own media to a post of theirs, in their order. Raises MediaNotFound, NotReady, Mixed."""
    wanted = list(dict.fromkeys(ids))
    rows = await own_media(tx, account, wanted)
    if len(rows) != len(wanted):
        raise MediaNotFound
    if any(row.state != READY or row.kind == SUBTITLES for row in rows):
        raise NotReady
    if len(rows) > (MOST_PHOTOS if all(row.kind == PHOTO for row in rows) else 1):
        raise Mixed
    await tx.run(_USE, ids=wanted)
    return rows


async def detach_from_post(tx: Tx, ids: Sequence[int]) -> None:
    """Take media off a post that goes."""
    if ids:
        await tx.run(_USE_NO_MORE, ids=list(ids))
        await tx.run(_LET_GO, ids=list(ids), now=tx.now)


async def attach_to_message(tx: Tx, account: int, media_id: int, readers: Sequence[int]) -> MediaRow:
    """Attach an account's own media to a message; `readers` hold a copy of it, the sender too. Raises MediaNotFound, NotReady."""
    rows = await own_media(tx, account, [media_id])
    if not rows:
        raise MediaNotFound
    if rows[0].state != READY or rows[0].kind == SUBTITLES:
        raise NotReady
    await tx.run(_SEND, media_id=media_id, copies=len(readers))
    for reader in sorted(readers):
        await tx.run(_READER, media_id=media_id, account_id=reader, uses=1)
    return rows[0]


async def detach_from_message(tx: Tx, media_id: int, account: int) -> None:
    """One reader's copy of a message goes: they see its media no more, unless another message shows it to them."""
    if await tx.run(_READ_NO_MORE, media_id=media_id, account=account):
        await tx.run(_FORGET_READER, media_id=media_id, account=account)
        await tx.run(_SENT_NO_MORE, media_id=media_id)
        await tx.run(_LET_GO, ids=[media_id], now=tx.now)
