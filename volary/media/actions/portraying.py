"""Having a picture or a banner: read in a process of its own, kept in the folder, and named by the account in the place of the last.

No file stays that no account names, wherever a process dies: before files take their places, and with each change, it is written down
that they are to be looked at an hour later (`jobs`).
"""

from asyncio import to_thread
from typing import Literal

from volary.access.caller import Caller
from volary.accounts.actions import change_picture
from volary.db import Database, Tx
from volary.jobs.actions import later
from volary.kit.clock import HOUR
from volary.kit.ids import first_id_at
from volary.kit.resources import Resources
from volary.kit.secrets import digest
from volary.media.rules.folder import Folder, new_name
from volary.media.rules.readers import Readers

Which = Literal["picture", "banner"]
_KINDS = {"picture": "portrait", "banner": "banner"}

LOOK = "media.look_at_picture"
"""The job that deletes the files of a picture which its account does not name."""
LOOK_AFTER = HOUR
"""Far longer than files and the account's row can be apart in a process that lives."""


async def take_picture(db: Database, owned: Resources, caller: Caller, which: Which, content: bytes) -> None:
    """Read a picture, put its files in their places, and let the account name them. Raises Unreadable, ReadersBusy, NoFolder."""
    folder, name = owned[Folder], new_name()
    work = first_id_at(db.now) + (int.from_bytes(digest(name)[:3]) >> 2)
    try:
        await to_thread(folder.segment, work, 0, content)
        source = await to_thread(folder.joined, work, [len(content)])
        found = await owned[Readers].read(_KINDS[which], source, await to_thread(folder.drawing, work))
        await db.write(_look_later, caller.me, name)
        await to_thread(folder.keep, source.with_name("drawn"), name, found.parts)
    finally:
        await to_thread(folder.forget, work)
    await _replace(db, folder, caller, which, f"{name}.{found.format}" if which == "picture" else name)


async def drop_picture(db: Database, owned: Resources, caller: Caller, which: Which) -> None:
    """Have none."""
    await _replace(db, owned[Folder], caller, which, "")


async def _replace(db: Database, folder: Folder, caller: Caller, which: Which, name: str) -> None:
    """Let the account have another file, and delete the one before."""
    before = await db.write(_change, caller, which, name)
    if before:
        await to_thread(folder.remove, before)


async def _change(tx: Tx, caller: Caller, which: Which, name: str) -> str:
    """Name another file; the name of the one before, empty where there was none."""
    before = (await change_picture(tx, caller, which, name)).partition(".")[0]
    if before:
        await _look_later(tx, caller.me, before)
    return before


async def _look_later(tx: Tx, account_id: int, name: str) -> None:
    await later(tx, LOOK, {"account_id": account_id, "name": name}, after=LOOK_AFTER)
