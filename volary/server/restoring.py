"""What comes back to life with a backup must not: what was ended since then, nobody can know, so everything that can be ended is
(decision 0032).

Sessions, connections of Apps with their tokens, codes and requests that were open. People sign in again and Apps ask again, on the
consent page: a connection that was cut since the backup is not there to be gone on with. In batches, each of which may be done again.
"""

import msgspec
from sqlalchemy import Delete, Table, bindparam, delete, select, update

from volary.activity.actions import record
from volary.db import Database, Statement, statement
from volary.db.batches import in_batches, rows_of
from volary.developers.models import credentials
from volary.kit.whence import COMMAND_LINE
from volary.oauth.models import codes, families, grants, pending_authorizations, request_tokens
from volary.sessions.models import lock_links, sessions

_BATCH = 2000
_WHY = "restored from a backup"


class Ended(msgspec.Struct, frozen=True, kw_only=True):
    """What a restore ended."""

    sessions: int
    connections: int
    app_credentials: int


def _ending(table: Table) -> Statement[None]:
    some = select(table.c.id).where(table.c.ended_at.is_(None)).limit(_BATCH)
    return statement(
        update(table).where(table.c.id.in_(some)).values(ended_at=bindparam("now"), ended_why=bindparam("why"))
    )


def _dropping(table: Table) -> Delete:
    return delete(table).where(table.c.digest.in_(select(table.c.digest).limit(_BATCH)))


_END_SESSIONS, _END_GRANTS, _END_FAMILIES = map(_ending, (sessions, grants, families))
_OPEN = [statement(_dropping(table)) for table in (codes, request_tokens, pending_authorizations, lock_links)]
_CREDENTIALS = statement(_dropping(credentials))


async def end_what_came_back(db: Database, *, keep_tokens: bool = False, end_app_keys: bool = False) -> Ended:
    """End what a restore brought back. With `keep_tokens` only what is good for one use goes; `end_app_keys` takes Apps' keys too."""
    for dropping in _OPEN:
        await _every(db, dropping)
    sessions = connections = 0
    if not keep_tokens:
        sessions = await _every(db, _END_SESSIONS, ended=True)
        connections = await _every(db, _END_GRANTS, ended=True)
        await _every(db, _END_FAMILIES, ended=True)
    keys = await _every(db, _CREDENTIALS) if end_app_keys else 0
    ended = Ended(sessions=sessions, connections=connections, app_credentials=keys)
    await db.write(
        record,
        "installation.restored",
        account_id=None,
        actor_id=COMMAND_LINE,
        detail=msgspec.structs.asdict(ended),
    )
    return ended


async def _every(db: Database, some: Statement[None], *, ended: bool = False) -> int:
    if ended:
        return await in_batches(db, _BATCH, rows_of, some, now=db.now, why=_WHY)
    return await in_batches(db, _BATCH, rows_of, some)
