"""Giving videos subtitles, in one file for each language."""

import msgspec
from sqlalchemy import bindparam, update

from volary.access.caller import Caller
from volary.activity.actions import note
from volary.db import Tx, in_list, statement
from volary.media.errors import MediaNotFound, NotReady
from volary.media.models import READY, MediaRow, media
from volary.media.queries import own_media
from volary.media.rules.keys import SUBTITLES, VIDEO


class Subtitle(msgspec.Struct, frozen=True):
    """A file of subtitles, and the name under which it is offered."""

    id: int
    name: str


_KEEP = statement(update(media).where(media.c.id == bindparam("media_id")).values(subtitles=bindparam("kept")))
_EXPIRE = statement(update(media).where(in_list(media.c.id, "ids")).values(expires_at=bindparam("at")))


def subtitles_in(kept: str) -> dict[str, Subtitle]:
    """The subtitles of a video, by language."""
    return msgspec.json.decode(kept, type=dict[str, Subtitle]) if kept else {}


async def add_subtitles(tx: Tx, caller: Caller, media_id: int, language: str, file_id: int, name: str) -> None:
    """Give a video of one's own subtitles in a language, in the place of others. Raises MediaNotFound, NotReady."""
    video = await _video(tx, caller, media_id)
    rows = await own_media(tx, caller.me, [file_id])
    if not rows:
        raise MediaNotFound
    if rows[0].state != READY or rows[0].kind != SUBTITLES:
        raise NotReady
    before = subtitles_in(video.subtitles)
    await _keep(tx, media_id, before, before | {language: Subtitle(file_id, name)})
    await tx.run(_EXPIRE, ids=[file_id], at=None)
    await note(tx, caller, "media.described", media_id)


async def remove_subtitles(tx: Tx, caller: Caller, media_id: int, language: str) -> bool:
    """Take a language's subtitles off a video; whether there were any. Raises MediaNotFound, NotReady."""
    video = await _video(tx, caller, media_id)
    before = subtitles_in(video.subtitles)
    if language not in before:
        return False
    await _keep(tx, media_id, before, {one: kept for one, kept in before.items() if one != language})
    await note(tx, caller, "media.described", media_id)
    return True


async def _video(tx: Tx, caller: Caller, media_id: int) -> MediaRow:
    rows = await own_media(tx, caller.me, [media_id])
    if not rows:
        raise MediaNotFound
    if rows[0].kind != VIDEO:
        raise NotReady
    return rows[0]


async def _keep(tx: Tx, media_id: int, before: dict[str, Subtitle], after: dict[str, Subtitle]) -> None:
    """Let a video have these subtitles; a file that no language of it has any more goes."""
    await tx.run(_KEEP, media_id=media_id, kept=msgspec.json.encode(after).decode() if after else "")
    gone = {one.id for one in before.values()} - {one.id for one in after.values()}
    if gone:
        await tx.run(_EXPIRE, ids=sorted(gone), at=tx.now)
