"""Who may see a List: one expression, which is part of every statement that gives away a List or what is in it.

A List is seen by who may see what its owner makes (`graph.queries.visibility`), a private one by its owner alone (SR-204).
"""

from sqlalchemy import BigInteger, ColumnElement, and_, bindparam, or_

from volary.accounts.models import accounts
from volary.graph.queries.visibility import visible
from volary.lists.models import lists

owners = accounts.alias("owners")
"""The owners of `lists`, in every statement that has `shown()` inside."""

_VIEWER = bindparam("viewer", type_=BigInteger())


def shown() -> ColumnElement[bool]:
    """Whether the parameter `viewer` may see a List, in a statement that joins `lists` with their `owners`."""
    return and_(visible(owners), or_(lists.c.private == 0, lists.c.owner_id == _VIEWER))
