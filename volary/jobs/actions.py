"""Asking for work, taking it, and saying what became of it."""

from collections.abc import Mapping, Sequence

import msgspec
from sqlalchemy import bindparam, delete, insert, not_, select, update

from volary.db import Tx, in_list, statement
from volary.jobs.models import DueRow, TakenRow, jobs

BELL = "jobs"
"""What is rung when there is a new job: the runner of the same process need not wait for its next look."""

_COLUMNS = ("id", "name", "lane", "payload", "due_at", "created_at")
_ADD = statement(insert(jobs).values({name: bindparam(name) for name in _COLUMNS}))


async def later(tx: Tx, name: str, payload: Mapping[str, str | int], *, after: int = 0, lane: str = "") -> None:
    """Have a job done once the act that this is part of is committed, `after` so many milliseconds at the earliest.

    `name` is the handler's. The payload names what is to be worked on; it is no place for secrets, operators see it. Jobs of one `lane`
    (by default those of one name) are done by two at a time in each process, so that a slow receiver holds up nobody but itself.
    """
    text = msgspec.json.encode(payload).decode()
    await tx.run(
        _ADD, id=tx.new_id(), name=name, lane=lane or name, payload=text, due_at=tx.now + after, created_at=tx.now
    )
    if not after:
        tx.ring(BELL)


_OPEN = jobs.c.given_up_at.is_(None)
_DUE = statement(
    select(jobs.c.id, jobs.c.lane)
    .where(_OPEN, jobs.c.due_at <= bindparam("now"), not_(in_list(jobs.c.lane, "full")))
    .order_by(jobs.c.due_at)
    .limit(bindparam("count"))
    .with_for_update(skip_locked=True),
    DueRow,
)
_TAKE = statement(
    update(jobs)
    .where(in_list(jobs.c.id, "ids"), _OPEN, jobs.c.due_at <= bindparam("now"))
    .values(due_at=bindparam("until"), holder=bindparam("holder"), tries=jobs.c.tries + 1)
    .returning(jobs.c.id, jobs.c.name, jobs.c.lane, jobs.c.payload, jobs.c.tries),
    TakenRow,
)


async def take(tx: Tx, holder: str, lease: int, count: int, room: Mapping[str, int], each: int) -> list[TakenRow]:
    """Take jobs that are due, `count` at the most, for `lease` milliseconds: nobody else gets them until then.

    A lane takes `each` jobs, or what `room` says is left of that.
    """
    full = [lane for lane, left in room.items() if left <= 0]
    left = dict(room)
    ids = []
    for due in await tx.all(_DUE, now=tx.now, full=full, count=count):
        left[due.lane] = left.get(due.lane, each) - 1
        if left[due.lane] >= 0:
            ids.append(due.id)
    return await tx.all(_TAKE, ids=ids, now=tx.now, until=tx.now + lease, holder=holder) if ids else []


_MINE = (jobs.c.id == bindparam("job_id"), jobs.c.holder == bindparam("by"))
_DONE = statement(delete(jobs).where(*_MINE))
_AGAIN = statement(update(jobs).where(*_MINE).values(due_at=bindparam("due"), holder="", error=bindparam("why")))
_HANDED_BACK = statement(update(jobs).where(*_MINE).values(due_at=bindparam("due"), holder="", tries=jobs.c.tries - 1))
_GIVE_UP = statement(update(jobs).where(*_MINE).values(holder="", error=bindparam("why"), given_up_at=bindparam("at")))


async def done(tx: Tx, holder: str, job_id: int) -> bool:
    """A job is done. False when its lease had ended and somebody else holds it."""
    return bool(await tx.run(_DONE, job_id=job_id, by=holder))


async def again(tx: Tx, holder: str, job_id: int, wait: int, why: str) -> bool:
    """A job failed and is to be tried again in a while."""
    return bool(await tx.run(_AGAIN, job_id=job_id, by=holder, due=tx.now + wait, why=why))


async def hand_back(tx: Tx, holder: str, job_ids: Sequence[int]) -> None:
    """Let others take jobs that this process began and cannot end, since it stops. That try does not count."""
    for job_id in job_ids:
        await tx.run(_HANDED_BACK, job_id=job_id, by=holder, due=tx.now)


async def give_up(tx: Tx, holder: str, job_id: int, why: str) -> bool:
    """A job is not tried any more. It stays, for operators to see and to ask for again."""
    return bool(await tx.run(_GIVE_UP, job_id=job_id, by=holder, why=why, at=tx.now))


_AGAIN_AT_ONCE = {"due_at": bindparam("due"), "tries": 0, "given_up_at": None}
_GIVEN_UP = jobs.c.given_up_at.is_not(None)
_RETRY = statement(update(jobs).where(jobs.c.id == bindparam("job_id"), jobs.c.holder == "").values(_AGAIN_AT_ONCE))
_RETRY_ALL = statement(update(jobs).where(_GIVEN_UP).values(_AGAIN_AT_ONCE))


async def retry(tx: Tx, job_id: int) -> bool:
    """Try a job again now, as if it were new. False when there is none of that number, or somebody is at it."""
    tx.ring(BELL)
    return bool(await tx.run(_RETRY, job_id=job_id, due=tx.now))


async def retry_all(tx: Tx) -> int:
    """Try everything again that was given up; how many jobs."""
    tx.ring(BELL)
    return await tx.run(_RETRY_ALL, due=tx.now)


_DROP = statement(delete(jobs).where(jobs.c.id == bindparam("job_id"), jobs.c.holder == ""))
_FORGET = statement(delete(jobs).where(_GIVEN_UP, jobs.c.given_up_at < bindparam("before")))


async def drop(tx: Tx, job_id: int) -> bool:
    """Forget a job. False when there is none of that number, or somebody is at it."""
    return bool(await tx.run(_DROP, job_id=job_id))


async def forget(tx: Tx, before: int) -> int:
    """Forget what was given up before a moment; how many jobs."""
    return await tx.run(_FORGET, before=before)
