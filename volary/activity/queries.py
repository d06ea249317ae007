"""Reading the record: what an account's owner is shown of it."""

from sqlalchemy import bindparam, select

from volary.activity.models import SIGN_INS, EventRow, events
from volary.db import Reader, statement

_COLUMNS = tuple(events.c[name] for name in EventRow.__struct_fields__)
_SIGN_INS = statement(
    select(*_COLUMNS)
    .where(
        events.c.account_id == bindparam("account_id"), events.c.kind.in_(SIGN_INS), events.c.id < bindparam("before")
    )
    .order_by(events.c.id.desc())
    .limit(bindparam("count")),
    EventRow,
)


async def sign_ins_of(reader: Reader, account_id: int, before: int, count: int) -> list[EventRow]:
    """Sign-ins to an account that succeeded and that failed, the newest first."""
    return await reader.all(_SIGN_INS, account_id=account_id, before=before, count=count)
