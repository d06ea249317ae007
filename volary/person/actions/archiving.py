"""Asking for an archive, saying how far it is, and throwing it away. Its file is the job's: here stand only its name and state."""

from sqlalchemy import bindparam, delete, insert, update

from volary.accounts.actions import write_to
from volary.accounts.queries import account_by_id
from volary.activity.actions import record
from volary.db import Tx, statement
from volary.jobs.actions import later
from volary.kit.clock import DAY
from volary.mail.actions import Parameters
from volary.person.errors import ArchiveTooSoon, ArchiveUnderWay
from volary.person.models import FAILED, MAKING, READY, WAITING, ArchiveRow, archives
from volary.person.queries.archives import archive_by_id, archive_of
from volary.sessions.actions.sign_in import Proof, accept

MAKE, DISCARD = "person.archive", "person.archive_discard"
"""The jobs that make an archive and throw it away."""
HOLDS = 7 * DAY
"""How long an archive can be downloaded."""
EVERY = DAY
"""How often somebody can have a new one."""

_ASK = statement(insert(archives).values({name: bindparam(name) for name in ("id", "account_id", "state", "asked_at")}))
_THIS = archives.c.id == bindparam("archive_id")
_PROGRESS = statement(
    update(archives)
    .where(_THIS, archives.c.state.in_((WAITING, MAKING)))
    .values(state=MAKING, part=bindparam("now_part"), done=bindparam("now_done"), total=bindparam("now_total"))
)
_READY = statement(
    update(archives)
    .where(_THIS, archives.c.state == MAKING)
    .values(
        state=READY,
        name=bindparam("file"),
        size=bindparam("bytes"),
        ready_at=bindparam("at"),
        expires_at=bindparam("until"),
    )
)
_FAIL = statement(update(archives).where(_THIS, archives.c.state.in_((WAITING, MAKING))).values(state=FAILED))
_DROP = statement(delete(archives).where(_THIS))


async def ask_for_archive(tx: Tx, proof: Proof, address: str) -> str:
    """Have an archive made, for whoever has just entered the password. The name of the file of the one before, empty where there is none.

    Raises ArchiveUnderWay, ArchiveTooSoon, WrongPassword, TooManyGuesses.
    """
    await accept(tx, proof)
    before = await archive_of(tx, proof.account_id)
    if before is not None:
        if before.state in {WAITING, MAKING}:
            raise ArchiveUnderWay
        if before.state == READY and before.asked_at > tx.now - EVERY:
            raise ArchiveTooSoon(-(-(before.asked_at + EVERY - tx.now) // 1000))
        await tx.run(_DROP, archive_id=before.id)
    archive_id = tx.new_id()
    await tx.run(_ASK, id=archive_id, account_id=proof.account_id, state=WAITING, asked_at=tx.now)
    await record(tx, "archive.asked", account_id=proof.account_id, subject_id=archive_id, address=address)
    await later(tx, MAKE, {"archive_id": archive_id})
    return before.name if before is not None else ""


async def say_how_far(tx: Tx, archive_id: int, part: str, done: int, total: int) -> bool:
    """Tell the owner what is being written. False when nobody waits for it any more."""
    return bool(await tx.run(_PROGRESS, archive_id=archive_id, now_part=part, now_done=done, now_total=total))


async def be_ready(tx: Tx, archive: ArchiveRow, file: str, size: int) -> bool:
    """Let an archive be downloaded for a while, and write to its owner. False when nobody waits for it any more."""
    until = tx.now + HOLDS
    if not await tx.run(_READY, archive_id=archive.id, file=file, bytes=size, at=tx.now, until=until):
        return False
    account = await account_by_id(tx, archive.account_id)
    if account is not None:
        told: Parameters = {"name": account.name, "username": account.username, "until": until}
        await write_to(tx, account.id, "person/letters/archive_ready", told, confirmed=True)
    await later(tx, DISCARD, {"archive_id": archive.id}, after=HOLDS)
    return True


async def note_download(tx: Tx, archive: ArchiveRow, address: str) -> None:
    """Write down that an archive was downloaded, and from where."""
    await record(tx, "archive.downloaded", account_id=archive.account_id, subject_id=archive.id, address=address)


async def fail(tx: Tx, archive_id: int) -> None:
    """Say that an archive could not be made."""
    await tx.run(_FAIL, archive_id=archive_id)


async def discard(tx: Tx, archive_id: int) -> str:
    """Forget an archive; the name of its file, which is to be deleted, empty where there is none."""
    archive = await archive_by_id(tx, archive_id)
    await tx.run(_DROP, archive_id=archive_id)
    return archive.name if archive is not None else ""
