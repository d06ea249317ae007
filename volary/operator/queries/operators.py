"""Who the operators are."""

from sqlalchemy import select

from volary.accounts.models import accounts
from volary.db import Reader, statement
from volary.operator.queries.people import FoundPerson

_EVERY = statement(
    select(*(accounts.c[name] for name in FoundPerson.__struct_fields__))
    .where(accounts.c.operator == 1)
    .order_by(accounts.c.id),
    FoundPerson,
)


async def every_operator(reader: Reader) -> list[FoundPerson]:
    """Every operator of the installation, the oldest account first."""
    return await reader.all(_EVERY)
