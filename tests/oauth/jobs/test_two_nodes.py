"""Two nodes do the recurring work at the same moment: each row goes once, no node fails, and what lives stays (SR-324)."""

import asyncio

import pytest
from sqlalchemy import bindparam, func, insert, select, text

from tests.cast import ANN, People
from tests.conftest import HeldDatabase
from tests.sessions.arriving import HOME, signed_in
from volary.accounts.rules.hashing import PasswordHasher
from volary.db import Tx, statement
from volary.kit.clock import DAY, HeldClock
from volary.oauth import jobs
from volary.oauth.models import pending_authorizations
from volary.oauth.oauth1.nonces.table import TableNonces
from volary.sessions import jobs as session_jobs
from volary.sessions.actions.seen import Seen
from volary.sessions.models import sign_in_failures
from volary.sessions.queries import sessions_of

pytestmark = [pytest.mark.anyio, pytest.mark.attack("SR-324")]

MANY = 2_500
_PENDING = statement(
    insert(pending_authorizations).values(
        {name: bindparam(name) for name in ("digest", "protocol", "request", "bound_to", "created_at", "expires_at")}
    )
)
_FAILED = statement(insert(sign_in_failures).values(subject=bindparam("s"), window_start=bindparam("at"), count=1))
_LEFT = statement(select(func.count(text("1"))).select_from(pending_authorizations), int)
_COUNTED = statement(select(func.count(text("1"))).select_from(sign_in_failures), int)


async def fill(tx: Tx, many: int) -> None:
    """Requests and counts of failures: all old but one of each."""
    for number in range(many + 1):
        at = tx.now if number == many else tx.now - 2 * DAY
        key = number.to_bytes(32)
        await tx.run(_PENDING, digest=key, protocol="oauth2", request="", bound_to=key, created_at=at, expires_at=at)
        await tx.run(_FAILED, s=f"network:{number}", at=at)


async def test_each_thing_is_done_once(
    db: HeldDatabase, database_url: str, cast: People, hasher: PasswordHasher
) -> None:
    await db.write(fill, MANY)
    session = await signed_in(db, hasher, ANN, HOME)
    other = await HeldDatabase.open(database_url, HeldClock(db.now), db.keys, worker_id=1)
    nodes = (db, other)
    try:
        nonces = [TableNonces(node) for node in nodes]
        for number in range(50):
            await nonces[0].take(db.now // 1000 - DAY // 1000, number.to_bytes(16))
        for node in nodes:
            node.clock.advance(DAY // 24)
        seen = [Seen() for _ in nodes]
        for one in seen:
            one.note(session.session_id, 0, db.now)
        async with asyncio.timeout(60):
            gone = await asyncio.gather(*(jobs.sweep(node) for node in nodes))
            await asyncio.gather(
                *(session_jobs.sweep(node) for node in nodes),
                *(session_jobs.write_seen(node, one) for node, one in zip(nodes, seen, strict=True)),
                *(one.sweep() for one in nonces),
            )
        assert sum(gone) == MANY + 1  # the one that was left had its hour, too
        assert await db.one(_LEFT) == 0
        assert await db.one(_COUNTED) == 1
        assert [row.last_seen_at for row in await sessions_of(other, cast.ann.id)] == [db.now]
    finally:
        await other.close()
