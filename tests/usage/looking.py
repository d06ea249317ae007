"""Looking at what was written down."""

import msgspec
from sqlalchemy import bindparam, select

from tests.server.house import House
from volary.db import Database, statement
from volary.usage.actions.noting import Calls
from volary.usage.models import LoggedCall, app_calls
from volary.usage.queries.calls import latest_calls
from volary.usage.queries.days import endpoints_of_app


class Looked(msgspec.Struct):
    """What is written down of the calls of a house."""

    house: House

    @property
    def calls(self) -> Calls:
        """What the server holds in memory."""
        return self.house.application.resources[Calls]

    def app_id(self, app: str) -> int:
        """An App's number; 0 for "", which stands for no App."""
        return self.house.apps[app].app.id if app else 0

    async def log(self, app: str = "Messenger", *, proven: bool = True) -> list[LoggedCall]:
        """An App's latest calls, with what is in memory."""
        await self.calls.flush(self.house.db)
        self.house.clock.advance(1_000)  # what comes is later than what was
        return await latest_calls(self.house.db, self.app_id(app), 0, proven=proven)

    async def last(self, app: str = "Messenger", *, proven: bool = True) -> LoggedCall:
        """The latest of them."""
        return (await self.log(app, proven=proven))[0]

    async def counted(self, app: str = "Messenger") -> dict[str, tuple[int, int, int, int]]:
        """Requests, refused, limited and failed ones of an App today, by endpoint."""
        await self.calls.flush(self.house.db)
        rows = await endpoints_of_app(self.house.db, self.app_id(app), 1)
        return {row.endpoint: (row.requests, row.refused, row.limited, row.failed) for row in rows}


class Kept(msgspec.Struct, frozen=True):
    """A row of the log, without its calls."""

    id: int
    size: int


_ROWS = statement(
    select(app_calls.c.id, app_calls.c.size).where(
        app_calls.c.app_id == bindparam("app_id"), app_calls.c.proven == bindparam("proven")
    ),
    Kept,
)


async def rows_of(db: Database, app_id: int, *, proven: int = 0) -> list[Kept]:
    """The rows of a log."""
    return await db.all(_ROWS, app_id=app_id, proven=proven)
