"""What the database knows of the installation that it belongs to, checked at every start."""

from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import Connection, bindparam, func, select, union_all

from volary.db.constructs import upsert
from volary.db.errors import AnotherKey
from volary.db.models import installation
from volary.db.reading import Tx
from volary.db.schema import on_connection
from volary.db.statement import statement
from volary.db.tables import metadata

if TYPE_CHECKING:
    from volary.db.database import Database

KEY_ID, RETIRED = "key_id", "retired_keys"
"""The names of two facts: the id of the current key, and the ids of those that are no longer to be used."""

_VALUE = statement(select(installation.c.value).where(installation.c.name == bindparam("name")), str)
_SET_ONCE = statement(upsert(installation, values=["name", "value"], key=["name"]))


class _Newest(msgspec.Struct, frozen=True):
    id: int | None


async def check_installation(database: "Database") -> None:
    """Write the key's id into a new database, or turn to the key that it names, and forget those that were retired.

    Refuses to start on a database whose current key is not here (AnotherKey).
    """
    found = await database.one(_VALUE, name=KEY_ID)
    if found is None:
        await database.write(_set_once, KEY_ID, database.keys.key_id)
        found = await database.one(_VALUE, name=KEY_ID)
    if found is None or not database.keys.turn_to(found):
        raise AnotherKey(found or "", database.keys.key_ids, "set VOLARY_KEY to the installation's key")
    for retired in (await database.one(_VALUE, name=RETIRED) or "").split():
        database.keys.forget(retired)


async def key_id_of(url: str) -> str:
    """The id of the key that a database belongs to, empty before its first start; its tables stay as they are. Raises CannotStart."""

    def read(connection: Connection) -> str | None:
        found: str | None = connection.execute(
            select(installation.c.value).where(installation.c.name == KEY_ID)
        ).scalar()
        return found

    return await on_connection(url, read) or ""


async def newest_id(database: "Database") -> int:
    """The largest id in any table, so that new ids are larger even when the clock was set back."""
    tables = [found for found in metadata.sorted_tables if [column.name for column in found.primary_key] == ["id"]]
    if not tables:
        return 0
    each = union_all(*(select(func.max(found.c.id).label("id")) for found in tables)).subquery()
    row = await database.one(statement(select(func.max(each.c.id).label("id")), _Newest))
    return (row.id if row else None) or 0


async def _set_once(tx: Tx, name: str, value: str) -> None:
    await tx.run(_SET_ONCE, name=name, value=value)
