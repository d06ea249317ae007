"""Reading archives: each is its owner's alone."""

from sqlalchemy import bindparam, select

from volary.db import Reader, statement
from volary.person.models import READY, ArchiveRow, archives

_COLUMNS = tuple(archives.c[name] for name in ArchiveRow.__struct_fields__)
_OF_ACCOUNT = statement(select(*_COLUMNS).where(archives.c.account_id == bindparam("account_id")), ArchiveRow)
_BY_ID = statement(select(*_COLUMNS).where(archives.c.id == bindparam("id")), ArchiveRow)
_READY = statement(
    select(*_COLUMNS).where(
        archives.c.account_id == bindparam("account_id"),
        archives.c.state == READY,
        archives.c.expires_at > bindparam("now"),
    ),
    ArchiveRow,
)


async def archive_of(reader: Reader, account_id: int) -> ArchiveRow | None:
    """The archive that an account asked for last, in whatever state."""
    return await reader.one(_OF_ACCOUNT, account_id=account_id)


async def archive_by_id(reader: Reader, archive_id: int) -> ArchiveRow | None:
    """An archive, for whoever makes it."""
    return await reader.one(_BY_ID, id=archive_id)


async def ready_archive_of(reader: Reader, account_id: int) -> ArchiveRow | None:
    """An account's archive that it can download now."""
    return await reader.one(_READY, account_id=account_id, now=reader.now)
