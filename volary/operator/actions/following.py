"""What operators switched, as one process follows it: read-only mode and the limits of single Apps."""

from sqlalchemy import bindparam, select

from volary.access.closing import ReadOnly
from volary.api.limits import Limiter
from volary.db import Reader, statement
from volary.developers.models import LimitRow, app_limits
from volary.operator.models import READ_ONLY, switches

FOLLOW_SECONDS = 2.0
"""How long another process may go on by what was switched before."""

_VALUE = statement(select(switches.c.value).where(switches.c.name == bindparam("name")), str)
_LIMITS = statement(select(app_limits.c.app_id, app_limits.c.percent), LimitRow)


class Followed:
    """Looks at the tables and turns what the doors look at, so that no request has to ask the database."""

    def __init__(self, read_only: ReadOnly, limiter: Limiter) -> None:
        self.read_only = read_only
        self._limiter = limiter

    async def look(self, reader: Reader) -> None:
        """Take over what is switched now."""
        self.read_only.reason = await reader.one(_VALUE, name=READ_ONLY)
        self._limiter.shares = {row.app_id: row.percent / 100 for row in await reader.all(_LIMITS)}
