"""Reserved names and single Apps' limits: for the operator."""

from sqlalchemy import bindparam, select

from volary.db import Reader, statement
from volary.developers.models import ReservedRow, app_limits, reserved_names

_RESERVED = statement(
    select(reserved_names.c.name_key, reserved_names.c.name, reserved_names.c.added_at).order_by(
        reserved_names.c.name_key
    ),
    ReservedRow,
)
_PERCENT = statement(select(app_limits.c.percent).where(app_limits.c.app_id == bindparam("app_id")), int)


async def reserved(reader: Reader) -> list[ReservedRow]:
    """Every reserved name, by the alphabet."""
    return await reader.all(_RESERVED)


async def percent_of(reader: Reader, app_id: int) -> int:
    """An App's share of the usual rate limits."""
    return await reader.one(_PERCENT, app_id=app_id) or 100
