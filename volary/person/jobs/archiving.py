"""Making an archive: a ZIP of JSON files and of the account's own pictures and videos, written piece by piece into the media's folder."""

import shutil
from asyncio import to_thread
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import msgspec

from volary.accounts.models import ACTIVE
from volary.accounts.queries import account_by_id
from volary.db import Tx
from volary.jobs.declaring import GivenUp, Payload, Work, job
from volary.media.errors import NoFolder
from volary.media.rules.folder import Folder, new_name
from volary.person.actions.archiving import DISCARD, MAKE, be_ready, discard, fail, say_how_far
from volary.person.models import ArchiveRow
from volary.person.queries.archives import archive_by_id
from volary.person.queries.parts import PARTS, FileRow, Part, count_files, files_after

FILE = "archive"
"""The part of a name in the media's folder under which an archive lies. No media is called so: only the owner's page finds it."""
_PIECE = 1024 * 1024


async def _not_made(tx: Tx, payload: Payload, why: str) -> None:
    await fail(tx, int(payload["archive_id"]))


@job(MAKE, tries=3, seconds=150, farewell=_not_made)
async def make(work: Work, payload: Payload) -> None:
    """Make an archive. One that nobody waits for any more is not made; a second try begins anew."""
    archive = await archive_by_id(work.db, int(payload["archive_id"]))
    account = None if archive is None else await account_by_id(work.db, archive.account_id)
    if archive is None or account is None or account.state != ACTIVE:
        return
    folder = work.resources[Folder]
    try:
        place = await to_thread(folder.drawing, archive.id)
    except NoFolder as error:
        raise GivenUp("there is no folder for media, in which archives lie too") from error
    try:
        name = new_name()
        if not await _written(work, archive, place / FILE):
            return
        size = (place / FILE).stat().st_size
        await to_thread(folder.keep, place, name, [FILE])
        if not await work.db.write(be_ready, archive, name, size):
            await to_thread(folder.remove, name)
    finally:
        await to_thread(folder.forget, archive.id)


@job(DISCARD)
async def throw_away(work: Work, payload: Payload) -> None:
    """Delete an archive that expired, and its file."""
    name = await work.db.write(discard, int(payload["archive_id"]))
    if name:
        await to_thread(work.resources[Folder].remove, name)


async def _written(work: Work, archive: ArchiveRow, path: Path) -> bool:
    """Write the whole file; False when nobody waits for it any more."""
    files = await count_files(work.db, archive.account_id)
    total = len(PARTS) + files
    with await to_thread(_opened, path) as whole:
        for done, part in enumerate(PARTS):
            if not await work.db.write(say_how_far, archive.id, part.name, done, total):
                return False
            await _write_part(work, archive.account_id, part, whole)
        after, done = 0, len(PARTS)
        while rows := await files_after(work.db, archive.account_id, after):
            if not await work.db.write(say_how_far, archive.id, "media", done, total):
                return False
            for row in rows:
                await to_thread(_copy, work.resources[Folder], row, whole)
            after, done = rows[-1].id, done + len(rows)
    return True


async def _write_part(work: Work, owner: int, part: Part, whole: ZipFile) -> None:
    """One JSON file: a list, of which a page of rows is in memory at a time."""
    with whole.open(ZipInfo(part.name), "w", force_zip64=True) as into:
        after: int | None = 0
        lead = b"[\n"
        while after is not None:
            rows, after = await part.page(work.db, owner, after)
            if rows:
                text = lead + b",\n".join(msgspec.json.encode(row) for row in rows)
                await to_thread(into.write, text)
                lead = b",\n"
        into.write(b"[]\n" if lead == b"[\n" else b"\n]\n")


def _opened(path: Path) -> ZipFile:
    path.touch(mode=0o600)
    return ZipFile(path, "w", ZIP_DEFLATED)


def _copy(folder: Folder, row: FileRow, whole: ZipFile) -> None:
    """One picture or video as it was read in; one whose file is gone is passed over."""
    there = row.parts.split()
    part = "orig" if "orig" in there else next(iter(there), "")
    if not part:
        return
    entry = ZipInfo(f"media/{row.id}.{row.format}")
    entry.compress_type = ZIP_STORED
    try:
        with folder.file(row.name, part).open("rb") as source, whole.open(entry, "w", force_zip64=True) as into:
            shutil.copyfileobj(source, into, _PIECE)
    except FileNotFoundError:
        return
