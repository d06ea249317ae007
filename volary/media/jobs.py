"""Sweeping media: uploads that expired, media that nothing uses, files that nobody knows, pictures that no account names. Nothing
depends on when it runs.
"""

from asyncio import to_thread

import msgspec
from sqlalchemy import bindparam, delete, select, update

from volary.accounts.queries import account_by_id
from volary.db import Database, Tx, in_list, statement
from volary.jobs.declaring import Payload, Work, job
from volary.kit.clock import DAY, MINUTE
from volary.kit.ids import moment_of
from volary.media.actions.portraying import LOOK
from volary.media.actions.subtitling import let_subtitles_go
from volary.media.models import FAILED, READING, media, media_subtitles
from volary.media.rules.folder import Folder

SWEEP_SECONDS = 300
BATCH = 200
STUCK = 15 * MINUTE
"""After so long, what is still being read was being read by a process that is no more."""


class Gone(msgspec.Struct, frozen=True):
    """A media that nobody can see any more, and its files."""

    id: int
    name: str


_DEAD = media.c.expires_at <= bindparam("now")
_EXPIRED = statement(select(media.c.id, media.c.name).where(_DEAD).limit(BATCH), Gone)
_DELETE = statement(delete(media).where(in_list(media.c.id, "ids"), _DEAD).returning(media.c.id, media.c.name), Gone)
_STUCK = statement(
    update(media)
    .where(media.c.state == READING, media.c.changed_at < bindparam("before"), media.c.expires_at.is_not(None))
    .values(state=FAILED)
)
_THEIR_SUBTITLES = statement(
    select(media_subtitles.c.file_id).distinct().where(in_list(media_subtitles.c.media_id, "ids")), int
)
_KNOWN = statement(select(media.c.id).where(in_list(media.c.id, "ids")), int)


async def sweep(db: Database, folder: Folder) -> int:
    """Remove what expired: its row first, so that nobody finds it, then its files. How many media went."""
    await db.write(_give_up, db.now - STUCK)
    gone = 0
    while rows := await db.all(_EXPIRED, now=db.now):
        removed = await db.write(_remove, [row.id for row in rows])
        for row in removed:
            await to_thread(folder.remove, row.name)
            await to_thread(folder.forget, row.id)
        gone += len(removed)
        if len(rows) < BATCH:
            break
    await _forget_strays(db, folder)
    return gone


async def _give_up(tx: Tx, before: int) -> None:
    await tx.run(_STUCK, before=before)


async def _remove(tx: Tx, ids: list[int]) -> list[Gone]:
    files = await tx.all(_THEIR_SUBTITLES, ids=ids)
    gone = await tx.all(_DELETE, ids=ids, now=tx.now)
    await let_subtitles_go(tx, files)
    return gone


async def _forget_strays(db: Database, folder: Folder) -> None:
    """Delete what came in of uploads that nobody knows any more, such as those of accounts that were deleted."""
    if folder.path is None:
        return
    old = [one for one in await to_thread(folder.incoming) if moment_of(one) < db.now - DAY]
    known = set(await db.all(_KNOWN, ids=old)) if old else set()
    for one in old:
        if one not in known:
            await to_thread(folder.forget, one)


@job(LOOK)
async def look_at_picture(work: Work, payload: Payload) -> None:
    """Delete the files of a picture or banner, unless the account names them: the process that was to do so died meanwhile."""
    name = str(payload["name"])
    row = await account_by_id(work.db, int(payload["account_id"]))
    if row is None or name not in {row.picture.partition(".")[0], row.banner}:
        await to_thread(work.resources[Folder].remove, name)
