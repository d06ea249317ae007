"""Doing the jobs: takes what is due, a few at a time, and says what became of each.

Every process that serves has a runner. It looks once a second, and at once when an action of its own process asked for a job. A job that
is taken is leased: nobody else gets it until the lease ends, which it does by itself when the process dies (SR-324, SR-351).
"""

import asyncio
import contextlib
import logging
import random
from collections import Counter
from collections.abc import Mapping

import msgspec

from volary.db import Database, Tx
from volary.jobs.actions import BELL, again, done, give_up, hand_back, take
from volary.jobs.declaring import GivenUp, Job, Payload, Work
from volary.jobs.models import TakenRow
from volary.jobs.queries import is_any_due
from volary.jobs.rules import wait_after
from volary.kit.clock import SECOND
from volary.kit.errors import Refusal
from volary.kit.resources import Resources
from volary.kit.secrets import mint
from volary.kit.whence import ACTOR, SYSTEM

log = logging.getLogger("volary.jobs")

LOOK_SECONDS = 1.0
AT_ONCE = 16
"""Jobs that one process does at the same time."""
EACH_LANE = 2
"""And of those, how many of one lane."""
_BEYOND = 30
"""Seconds that a lease outlasts what a try may take, so that it never ends while somebody is at it."""
STOP_SECONDS = 10.0
"""How long a process that stops waits for the jobs that it has begun."""
_LONGEST_WHY = 500


class Runner:
    """The jobs of one process. `start` in the event loop; `stop` before the database is closed."""

    def __init__(
        self, db: Database, resources: Resources, known: Mapping[str, Job], patience: float = STOP_SECONDS
    ) -> None:
        self._db, self._resources, self._known, self._patience = db, resources, known, patience
        self._holder = mint()[:22]
        self._lease = int(max([one.seconds for one in known.values()], default=60) + _BEYOND) * SECOND
        self._running: dict[int, asyncio.Task[None]] = {}
        self._lanes: Counter[str] = Counter()
        self._wanted = asyncio.Event()
        self._looking: asyncio.Task[None] | None = None
        self._stopped = False
        self.done = 0
        """Jobs done so far, by this process."""

    def start(self) -> None:
        """Begin to look for jobs."""
        self._db.listen(BELL, self._wanted.set)
        self._looking = asyncio.create_task(self._look(), name="doing jobs")

    async def stop(self) -> None:
        """Take nothing more, wait a little for what was begun, and give the rest back to others."""
        self._stopped = True
        self._wanted.set()
        if self._looking is not None:
            await self._looking
        if self._running:
            await asyncio.wait(self._running.values(), timeout=self._patience)
        left = dict(self._running)
        for task in left.values():
            task.cancel()
        if left:
            await asyncio.wait(left.values())
            await self._db.write(hand_back, self._holder, list(left))

    async def _look(self) -> None:
        while not self._stopped:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wanted.wait(), LOOK_SECONDS)
            self._wanted.clear()
            try:
                while await self._take():
                    pass
            except Refusal as refusal:
                log.warning("cannot look for jobs now: %s", refusal.why)
            except Exception:
                log.exception("looking for jobs failed")

    async def _take(self) -> bool:
        """Begin what is due and has room; whether there may be more of it."""
        free = AT_ONCE - len(self._running)
        if self._stopped or free <= 0 or not await is_any_due(self._db):
            return False
        room = {lane: EACH_LANE - busy for lane, busy in self._lanes.items()}
        taken = await self._db.write(take, self._holder, self._lease, free, room, EACH_LANE)
        for row in taken:
            self._lanes[row.lane] += 1
            self._running[row.id] = asyncio.create_task(self._do(row), name=f"{row.name} {row.id}")
        return bool(taken)

    async def _do(self, row: TakenRow) -> None:
        ACTOR.set(SYSTEM)
        try:
            await self._settle(row)
        except Exception:
            log.exception(
                "what became of the job %s %s could not be written down; it will be done again", row.name, row.id
            )
        finally:
            self._running.pop(row.id, None)
            self._lanes[row.lane] -= 1
            if not self._lanes[row.lane]:
                del self._lanes[row.lane]
            self._wanted.set()  # there is room for another one

    async def _settle(self, row: TakenRow) -> None:
        one = self._known.get(row.name)
        if one is None:
            why = "this version of the program does not know such jobs"
            await self._db.write(again, self._holder, row.id, wait_after(row.tries, random.random()), why)  # noqa: S311 - spreads tries
            return
        try:
            if row.tries > one.tries:  # each of them ended with its process
                raise GivenUp("every try ended without a word")
            async with asyncio.timeout(one.seconds):
                payload = msgspec.json.decode(row.payload, type=Payload)
                await one.handler(Work(self._db, self._resources, row.id, row.tries), payload)
        except Exception as error:  # noqa: BLE001 - a handler may raise anything, and it is written down
            await self._failed(row, one, error)
        else:
            await self._db.write(done, self._holder, row.id)
            self.done += 1

    async def _failed(self, row: TakenRow, one: Job, error: Exception) -> None:
        why = _told(error, one)
        if isinstance(error, GivenUp) or row.tries >= one.tries:
            log.error("the job %s %s is given up: %s", row.name, row.id, why)
            await self._db.write(_give_up, self._holder, row, one, why)
            return
        wait = wait_after(row.tries, random.random())  # noqa: S311 - spreads tries
        log.warning("the job %s %s failed and is tried again in %d seconds: %s", row.name, row.id, wait // SECOND, why)
        await self._db.write(again, self._holder, row.id, wait, why)


async def _give_up(tx: Tx, holder: str, row: TakenRow, one: Job, why: str) -> None:
    if await give_up(tx, holder, row.id, why) and one.farewell is not None:
        await one.farewell(tx, msgspec.json.decode(row.payload, type=Payload), why)


def _told(error: Exception, one: Job) -> str:
    """A failure in words, on one line and not too long."""
    if isinstance(error, TimeoutError) and not str(error):
        return f"it took more than {one.seconds:g} seconds"
    text = error.why or str(error) if isinstance(error, Refusal) else str(error)
    told = " ".join(text.split()) or type(error).__name__
    return told[:_LONGEST_WHY] if isinstance(error, GivenUp) else f"{type(error).__name__}: {told}"[:_LONGEST_WHY]
