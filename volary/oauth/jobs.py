"""Clearing away what is dead: expired tokens, codes and requests, and tokens whose family ended. Nothing depends on it (SR-366).

And telling people's records what an act for everybody ended.
"""

from sqlalchemy import Table, bindparam, delete, select

from volary.db import Database, Statement, statement
from volary.db.batches import in_batches, rows_of
from volary.jobs.declaring import Payload, Work, job
from volary.kit.clock import DAY, MINUTE
from volary.oauth.models import (
    access_tokens,
    codes,
    families,
    oauth1_tokens,
    pending_authorizations,
    refresh_tokens,
    request_tokens,
)
from volary.oauth.revoking import TELL_ENDED, end_every_expired, tell_ended

SWEEP_SECONDS = 300
"""How often a process sweeps."""

BATCH = 1_000
"""Rows of one table in one action: short enough that nobody who writes meanwhile notices."""

KEPT = DAY
"""How long an expired row stays, so that a late replay of a code or refresh token is still recognised."""

KEPT_REQUEST = 10 * MINUTE
"""How long a request that nobody answered stays, to be told from one that was answered. Anybody can make many of them (SR-367)."""


def _expired(table: Table) -> Statement[None]:
    dead = select(table.c.digest).where(table.c.expires_at < bindparam("before")).limit(BATCH)
    return statement(delete(table).where(table.c.digest.in_(dead)))


def _orphaned(table: Table) -> Statement[None]:
    dead = (
        select(table.c.digest)
        .join_from(table, families, families.c.id == table.c.family_id)
        .where(families.c.ended_at < bindparam("before"))
        .limit(BATCH)
    )
    return statement(delete(table).where(table.c.digest.in_(dead)))


_SWEEPS = (
    *((_expired(table), KEPT_REQUEST) for table in (pending_authorizations, request_tokens)),
    *((_expired(table), KEPT) for table in (codes, access_tokens, refresh_tokens)),
    *((_orphaned(table), KEPT) for table in (access_tokens, refresh_tokens, oauth1_tokens)),
)


async def sweep(db: Database) -> int:
    """Remove what has been dead for long enough, in small actions; how many rows went."""
    gone = 0
    for asked, kept in _SWEEPS:
        gone += await in_batches(db, BATCH, rows_of, asked, before=db.now - kept)
    return gone + await in_batches(db, BATCH, end_every_expired, BATCH)


@job(TELL_ENDED)
async def tell_people_s_records(work: Work, payload: Payload) -> None:
    """Write into each person's record that their grant to an app ended with everybody's. Doing it twice writes nothing twice."""
    app_id, ended_at, actor_id = (int(payload[name]) for name in ("app_id", "ended_at", "actor_id"))
    after: int | None = 0
    while after is not None:
        after = await work.db.write(
            tell_ended, app_id, ended_at, actor_id=actor_id, why=str(payload["why"]), after=after
        )
