"""A server that is killed while somebody gets another picture leaves no file that no account names."""

import asyncio
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cast import People
from tests.conftest import HeldDatabase
from tests.media.samples import picture
from volary.access.caller import in_person
from volary.accounts.models import AccountRow
from volary.accounts.queries import account_by_id
from volary.jobs.declaring import jobs_of
from volary.jobs.queries import jobs_after
from volary.jobs.running import Runner
from volary.kit.resources import Resources
from volary.media import jobs as media_jobs
from volary.media.actions.portraying import LOOK_AFTER, Which, take_picture
from volary.media.rules.folder import Folder
from volary.media.rules.readers import Readers

PROGRAM = """
import asyncio, os, signal, sys
from pathlib import Path
from volary.access.caller import in_person
from volary.db import Database
from volary.kit.clock import HeldClock
from volary.kit.resources import Resources
from volary.kit.secrets import Keyring
from volary.media.actions.portraying import take_picture
from volary.media.rules.folder import Folder
from volary.media.rules.readers import Readers

url, folder, account, now, which, moment = sys.argv[1:]

def die():
    os.kill(os.getpid(), signal.SIGKILL)

class Dying(Folder):
    def keep(self, *what):
        super().keep(*what)
        if moment == "before the row":
            die()

    def remove(self, name):
        if moment == "after the row":
            die()
        super().remove(name)

async def run():
    db = await Database.open(url, HeldClock(int(now)), Keyring(bytes(range(32))), worker_id=3)
    owned = Resources()
    owned.put(Folder, Dying(Path(folder)))
    owned.put(Readers, Readers())
    await take_picture(db, owned, in_person(int(account), "ann"), which, sys.stdin.buffer.read())

asyncio.run(run())
"""


@pytest.fixture
def owned(tmp_path: Path) -> Resources:
    made = Resources()
    made.put(Folder, Folder(tmp_path / "media"))
    made.put(Readers, Readers())
    return made


def names(owned: Resources) -> set[str]:
    """The names of which there are files."""
    folder = owned[Folder].path
    assert folder is not None
    return {one.name.partition(".")[0] for one in folder.glob("??/*")}


async def ann_s(db: HeldDatabase, cast: People, which: str) -> str:
    row: AccountRow | None = await account_by_id(db, cast.ann.id)
    assert row is not None
    return (row.picture if which == "picture" else row.banner).partition(".")[0]


async def do_what_waits(db: HeldDatabase, owned: Resources) -> None:
    """Do every job, as a server does."""
    runner = Runner(db, owned, jobs_of([media_jobs]))
    runner.start()
    async with asyncio.timeout(60):
        while await jobs_after(db):
            await asyncio.sleep(0.01)
    await runner.stop()


async def take_one(db: HeldDatabase, owned: Resources, cast: People, which: Which) -> str:
    """Ann gets a picture; the name of its files."""
    await take_picture(db, owned, in_person(cast.ann.id, "ann"), which, picture())
    return await ann_s(db, cast, which)


@pytest.mark.parametrize("which", ["picture", "banner"])
@pytest.mark.parametrize("moment", ["before the row", "after the row"])
async def test_what_a_killed_server_left_goes_an_hour_later(
    db: HeldDatabase, database_url: str, owned: Resources, cast: People, which: Which, moment: str
) -> None:
    first = await take_one(db, owned, cast, which)
    folder = str(owned[Folder].path)
    command = [sys.executable, "-c", PROGRAM, database_url, folder, str(cast.ann.id), str(db.now), which, moment]
    done = subprocess.run(command, check=False, input=picture("JPEG", 500, 500), capture_output=True, timeout=120)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    named = await ann_s(db, cast, which)
    assert (named == first) == (moment == "before the row")
    left = names(owned)
    assert len(left) == 2  # the control: there is something to clear away
    assert {first, named} <= left
    db.clock.advance(LOOK_AFTER)
    await do_what_waits(db, owned)
    assert names(owned) == {named}


async def test_pictures_that_are_named_stay(db: HeldDatabase, owned: Resources, cast: People) -> None:
    kept = {await take_one(db, owned, cast, "picture"), await take_one(db, owned, cast, "banner")}
    assert names(owned) == kept
    db.clock.advance(LOOK_AFTER)
    await do_what_waits(db, owned)
    assert names(owned) == kept == {await ann_s(db, cast, which) for which in ("picture", "banner")}
