"""Giving videos subtitles, in one file for each language; one file may serve several videos and languages."""

from sqlalchemy import bindparam, delete, exists, select, update

from volary.access.caller import Caller
from volary.activity.actions import note
from volary.db import Tx, in_list, statement, upsert
from volary.media.errors import MediaNotFound, NotReady, TooManyLanguages
from volary.media.models import READY, media, media_subtitles
from volary.media.queries import languages_of, own_media
from volary.media.rules.keys import SUBTITLES, VIDEO
from volary.media.rules.limits import MOST_LANGUAGES

_OF_VIDEO = media_subtitles.c.media_id == bindparam("media_id")
_OF_LANGUAGE = media_subtitles.c.language == bindparam("language")
_BEFORE = statement(select(media_subtitles.c.file_id).where(_OF_VIDEO, _OF_LANGUAGE), int)
_GIVE = statement(
    upsert(
        media_subtitles,
        values=["media_id", "language", "file_id", "name"],
        key=["media_id", "language"],
        update=["file_id", "name"],
    )
)
_TAKE = statement(delete(media_subtitles).where(_OF_VIDEO, _OF_LANGUAGE))
_KEEP = statement(update(media).where(media.c.id == bindparam("id")).values(expires_at=None))
_LET_GO = statement(
    update(media)
    .where(
        in_list(media.c.id, "ids"),
        media.c.kind == SUBTITLES,
        ~exists(select(media_subtitles.c.media_id).where(media_subtitles.c.file_id == media.c.id)),
    )
    .values(expires_at=bindparam("now"))
)


async def add_subtitles(tx: Tx, caller: Caller, media_id: int, language: str, file_id: int, name: str) -> None:
    """Give a video of one's own subtitles in a language, in the place of others. Raises MediaNotFound, NotReady, TooManyLanguages."""
    await _check_video(tx, caller, media_id)
    rows = await own_media(tx, caller.me, [file_id])
    if not rows:
        raise MediaNotFound
    if rows[0].state != READY or rows[0].kind != SUBTITLES:
        raise NotReady
    there = await languages_of(tx, media_id)
    if language not in there and len(there) >= MOST_LANGUAGES:
        raise TooManyLanguages(MOST_LANGUAGES)
    before = await tx.all(_BEFORE, media_id=media_id, language=language)
    await tx.run(_GIVE, media_id=media_id, language=language, file_id=file_id, name=name)
    await tx.run(_KEEP, id=file_id)
    await let_subtitles_go(tx, before)
    await note(tx, caller, "media.described", media_id)


async def remove_subtitles(tx: Tx, caller: Caller, media_id: int, language: str) -> bool:
    """Take a language's subtitles off a video; whether there were any. Raises MediaNotFound, NotReady."""
    await _check_video(tx, caller, media_id)
    before = await tx.all(_BEFORE, media_id=media_id, language=language)
    if not await tx.run(_TAKE, media_id=media_id, language=language):
        return False
    await let_subtitles_go(tx, before)
    await note(tx, caller, "media.described", media_id)
    return True


async def let_subtitles_go(tx: Tx, files: list[int]) -> None:
    """Let those of the files go with the next sweep that no video has any more, in any language."""
    if files:
        await tx.run(_LET_GO, ids=files, now=tx.now)


async def _check_video(tx: Tx, caller: Caller, media_id: int) -> None:
    rows = await own_media(tx, caller.me, [media_id])
    if not rows:
        raise MediaNotFound
    if rows[0].kind != VIDEO:
        raise NotReady
