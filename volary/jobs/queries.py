"""Reading the jobs that wait, and those that were given up."""

from sqlalchemy import bindparam, func, select

from volary.db import Reader, statement
from volary.jobs.models import JobRow, jobs

_ROW = tuple(jobs.c[name] for name in JobRow.__struct_fields__)
_EVERY = select(*_ROW).where(jobs.c.id > bindparam("after")).order_by(jobs.c.id).limit(bindparam("count"))
_ALL = statement(_EVERY, JobRow)
_GIVEN_UP = statement(_EVERY.where(jobs.c.given_up_at.is_not(None)), JobRow)
_IS_DUE = statement(
    select(jobs.c.id)
    .where(jobs.c.given_up_at.is_(None), jobs.c.due_at <= bindparam("now"))
    .order_by(jobs.c.due_at)
    .limit(1),
    int,
)
_COUNT_GIVEN_UP = statement(select(func.count()).select_from(jobs).where(jobs.c.given_up_at.is_not(None)), int)


async def is_any_due(reader: Reader) -> bool:
    """Whether there is anything to do now."""
    return await reader.one(_IS_DUE, now=reader.now) is not None


async def jobs_after(reader: Reader, after: int = 0, count: int = 100, *, given_up: bool = False) -> list[JobRow]:
    """Jobs in the order in which they were asked for, all or only those that were given up."""
    return await reader.all(_GIVEN_UP if given_up else _ALL, after=after, count=count)


async def count_given_up(reader: Reader) -> int:
    """How many jobs were given up and wait for an operator."""
    return await reader.one(_COUNT_GIVEN_UP) or 0
