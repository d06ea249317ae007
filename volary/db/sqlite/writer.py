"""The writer: actions that wait while a commit is on its way to the disk share the next one, a savepoint each.

    write() ──► waiting ──► BEGIN IMMEDIATE, each action under a savepoint (event loop) ──► COMMIT with its fsync (thread) ──► answers

Nobody is answered before the fsync of the group. An action that fails rolls back alone. When SQLite itself ended the transaction (full
disk, I/O error) the whole group is lost: with no room everybody is refused, otherwise each action is tried again by itself.
"""

import asyncio
import sqlite3
import time
from collections import deque
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Any, TypeVar

from volary.db.bells import Bells
from volary.db.driving import at_once
from volary.db.errors import busy
from volary.db.sqlite import rows
from volary.db.sqlite.transaction import SqliteTx
from volary.kit.clock import Clock
from volary.kit.secrets import Keyring

T = TypeVar("T")
Action = Callable[[SqliteTx], Coroutine[Any, Any, T]]

_QUEUE = 4096
_GROUP = 512
_SLICE = 0.004
"""Seconds that a group's actions may hold the event loop before others get a turn."""


class _Waiter:
    """An action, and the future of whoever waits for it."""

    __slots__ = ("action", "done", "error", "rung", "value")

    def __init__(self, action: Action[Any], done: asyncio.Future[Any]) -> None:
        self.action = action
        self.done = done
        self.value: Any = None
        self.error: Exception | None = None
        self.rung: tuple[str, ...] = ()

    def refuse(self, error: Exception) -> None:
        if not self.done.done():
            self.done.set_exception(error)

    def answer(self) -> None:
        if self.done.done():
            return
        if self.error is not None:
            self.done.set_exception(self.error)
        else:
            self.done.set_result(self.value)


class Writer:
    """Owns the one connection that writes."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        clock: Clock,
        keys: Keyring,
        new_id: Callable[[], int],
        lock_wait: float,
        bells: Bells | None = None,
    ) -> None:
        self._connection = connection
        self._clock, self._keys, self._new_id = clock, keys, new_id
        self._lock_wait = lock_wait
        self._bells = bells or Bells()
        self._waiting: deque[_Waiter] = deque()
        self._working: asyncio.Task[None] | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="volary-commit")
        self._closed = False
        self.groups = 0
        """Groups committed so far; with the count of writes it tells how well commits are shared."""

    async def write(self, action: Action[T]) -> T:
        """Run an action in the next group and return its value once the group is on the disk."""
        if self._closed:
            raise busy("the database is closed")
        if len(self._waiting) >= _QUEUE:
            raise busy("too many writes wait")
        done: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiter(action, done))
        if self._working is None:
            self._working = asyncio.create_task(self._work(), name="volary-writer")
        try:
            return await done
        except GeneratorExit:
            done.cancel()  # the caller was itself an action, which was stopped for waiting here
            raise

    async def close(self) -> None:
        """Finish what waits, then close the connection."""
        self._closed = True
        while self._working is not None:
            await asyncio.wait([self._working])
        self._thread.shutdown()
        self._connection.close()

    async def _work(self) -> None:
        try:
            while self._waiting:
                group = [self._waiting.popleft() for _ in range(min(_GROUP, len(self._waiting)))]
                # Whoever went away before the action began is spared it; an action that began is finished.
                await self._settle([waiter for waiter in group if not waiter.done.done()])
        finally:
            self._working = None

    async def _settle(self, group: list[_Waiter]) -> None:
        """Commit a group, or tell everybody in it why not. Nobody hangs, whatever happens."""
        try:
            lost = await self._attempt(group)
            if lost is not None and rows.is_full(lost):
                raise lost
            if lost is not None:
                for waiter in group:
                    await self._alone(waiter)
        except BaseException as error:
            for waiter in group:
                waiter.refuse(rows.translated(error) if isinstance(error, Exception) else busy(repr(error)))
            self._roll_back()
            if not isinstance(error, Exception):
                raise

    async def _alone(self, waiter: _Waiter) -> None:
        """Try an action of a lost group again, in transactions of its own."""
        lost = await self._attempt([waiter])
        if lost is not None:
            lost = await self._attempt([waiter])
        if lost is not None:
            waiter.refuse(rows.translated(lost))

    async def _attempt(self, group: list[_Waiter]) -> Exception | None:
        """Run a group's actions and commit. None when everybody was answered, else the error with which SQLite lost the group."""
        await self._begin()
        turn = time.perf_counter()
        for waiter in group:
            lost = self._perform(waiter)
            if lost is not None:
                return lost
            if time.perf_counter() - turn > _SLICE:
                await asyncio.sleep(0)
                turn = time.perf_counter()
        try:
            await self._commit()
        except sqlite3.Error as error:
            self._roll_back()
            return error
        self.groups += 1
        for waiter in group:
            waiter.answer()
            if waiter.rung and waiter.error is None:
                self._bells.ring(waiter.rung)
        return None

    async def _begin(self) -> None:
        """Take the write lock. While another process holds it a timer tries again; the event loop never waits inside SQLite."""
        loop = asyncio.get_running_loop()
        deadline, pause = loop.time() + self._lock_wait, 0.001
        while True:
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                return
            except sqlite3.OperationalError as error:
                if not rows.is_busy(error) or loop.time() >= deadline:
                    raise
            await asyncio.sleep(pause)
            pause = min(2 * pause, 0.05)

    def _perform(self, waiter: _Waiter) -> Exception | None:
        """Run one action under its savepoint and keep its value or its error. SQLite's error when it ended the whole transaction."""
        connection = self._connection
        waiter.value = waiter.error = None
        connection.execute("SAVEPOINT action")
        tx = SqliteTx(connection, self._clock.now(), self._keys, self._new_id)
        try:
            waiter.value = at_once(waiter.action(tx))
            tx.raise_failure()
            waiter.rung = tx.rung
        except Exception as error:  # noqa: BLE001 - it goes to whoever waits
            waiter.error = error
        finally:
            tx.end()
        if not connection.in_transaction:
            return tx.cause or waiter.error or busy("SQLite ended the transaction")
        if waiter.error is not None:
            connection.execute("ROLLBACK TO action")
        connection.execute("RELEASE action")
        return None

    async def _commit(self) -> None:
        """COMMIT with its fsync, in the thread. A cancellation (the program ends) waits for it, since it may be half done."""
        commit = self._thread.submit(self._connection.execute, "COMMIT")
        try:
            await asyncio.wrap_future(commit)
        except asyncio.CancelledError:
            wait([commit])
            raise

    def _roll_back(self) -> None:
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")
