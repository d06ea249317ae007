"""However many Apps there are, a page visits the rows of its own: each question goes by the primary key, or by the index of ages."""

import sqlite3

import pytest

from tests.conftest import HeldDatabase
from volary.db import Statement
from volary.db.sqlite.engine import SqliteEngine
from volary.db.sqlite.rows import DIALECT
from volary.usage.actions import forgetting, storing
from volary.usage.queries import calls, days

pytestmark = pytest.mark.anyio

ASKED = {
    "the log": calls._LATEST,
    "days": days._DAYS,
    "endpoints": days._ENDPOINTS,
    "sizes of batches": storing._SIZES,
    "old batches": storing._PRUNE,
    "an App's counters": forgetting._OF_APP[0],
    "an App's log": forgetting._OF_APP[1],
    "what is old of the log": forgetting._OLD_CALLS,
    "what is old of the counters": forgetting._OLD_USAGE,
}


@pytest.mark.parametrize("what", ASKED)
async def test_nothing_is_looked_through_as_a_whole(sqlite_db: HeldDatabase, what: str) -> None:
    plan = await plan_of(sqlite_db, ASKED[what])
    assert plan
    assert [line for line in plan if line.startswith("SCAN")] == [], plan


async def plan_of(db: HeldDatabase, asked: Statement[object] | Statement[None]) -> list[str]:
    """How SQLite answers a statement."""
    compiled = asked.compiled(DIALECT)
    assert isinstance(db.engine, SqliteEngine)
    with sqlite3.connect(db.engine.path) as connection:
        rows = connection.execute(f"EXPLAIN QUERY PLAN {compiled.sql}", [1] * compiled.sql.count("?")).fetchall()
    connection.close()
    return [str(row[3]) for row in rows]
