"""Writers with one step left out or drawn out. A test that such a writer passes too would prove nothing."""

import asyncio
import sqlite3
from contextlib import suppress
from typing import Any

from volary.db.driving import at_once
from volary.db.sqlite.transaction import SqliteTx
from volary.db.sqlite.writer import Writer


class WithoutSavepoints(Writer):
    """A control: an action's error is told, and what it had written before is left in the group."""

    def _perform(self, waiter: Any) -> Exception | None:
        tx = SqliteTx(self._connection, self._clock.now(), self._keys, self._new_id)
        try:
            waiter.value = at_once(waiter.action(tx))
        except Exception as error:  # noqa: BLE001 - as the writer does
            waiter.error = error
        return None


class SlowCommit(Writer):
    """Commits that take a while, to look at what is seen meanwhile."""

    committing = False

    async def _commit(self) -> None:
        self.committing = True
        await asyncio.sleep(0.05)
        await super()._commit()
        self.committing = False


class AnswersEarly(SlowCommit):
    """A control: answers before the commit."""

    async def _commit(self) -> None:
        for waiter in self.group:
            waiter.answer()
        await super()._commit()

    async def _attempt(self, group: list[Any]) -> Exception | None:
        self.group = group
        return await super()._attempt(group)


class KeepsLostValues(Writer):
    """A control: when a group is lost its actions run again on top of what a first run left, as if each run were the first."""

    async def _attempt(self, group: list[Any]) -> Exception | None:
        for waiter in group:
            await self._begin()
            self._perform(waiter)
            await self._commit()
        return await super()._attempt(group)


class TrustsItsTransaction(Writer):
    """A control, as the first prototype was: it does not look whether SQLite has ended the transaction."""

    def _perform(self, waiter: Any) -> Exception | None:
        self._connection.execute("SAVEPOINT action")
        tx = SqliteTx(self._connection, self._clock.now(), self._keys, self._new_id)
        try:
            waiter.value = at_once(waiter.action(tx))
        except Exception as error:  # noqa: BLE001 - as the writer does
            waiter.error = error
            self._connection.execute("ROLLBACK TO action")
        self._connection.execute("RELEASE action")
        return None

    async def _settle(self, group: list[Any]) -> None:
        with suppress(sqlite3.Error):
            await self._attempt(group)
