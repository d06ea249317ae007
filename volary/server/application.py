"""One process from start to end: opens what it owns, answers requests, closes everything in order.

Granian calls `make` in each worker, which reads the settings again; tests and the demo make an Application of settings of their own.
"""

import asyncio
import logging
import os
from pathlib import Path

from starlette.types import Receive, Scope, Send

from volary.db import Database
from volary.db.errors import CannotStart
from volary.db.keys import keyring
from volary.jobs.declaring import jobs_of
from volary.jobs.running import Runner
from volary.kit.clock import Clock, SystemClock
from volary.kit.resources import Resources
from volary.server import logs, metrics
from volary.server.asgi import Front
from volary.server.background import Background
from volary.server.holding import end_with_parent
from volary.server.owned import closed, recurring, resources
from volary.server.registry import JOBS, front
from volary.settings import BadSetting, Settings, load

log = logging.getLogger("volary")


class Application:
    """The ASGI application with its lifespan. Between start and stop `resources` holds what the process owns."""

    def __init__(self, settings: Settings, clock: Clock | None = None, counts_folder: Path | None = None) -> None:
        self.settings = settings
        self._counts_folder = counts_folder
        self.resources = Resources()
        self._clock = clock or SystemClock()
        self._front: Front | None = None
        self._background: Background | None = None
        self._runner: Runner | None = None
        self._examination: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] != "http":  # no door speaks anything else
            await send({"type": "websocket.close", "code": 1000})
        elif self._front is not None:
            await self._front(scope, receive, send)
        else:
            await send({"type": "http.response.start", "status": 503, "headers": [(b"retry-after", b"1")]})
            await send({"type": "http.response.body", "body": b""})

    async def start(self) -> None:
        """Open the database and everything above it. Raises CannotStart, BadSetting."""
        settings = self.settings
        db = await Database.open(settings.database, self._clock, keyring(settings.key, settings.database))
        try:
            self.resources = await resources(settings, db, self._counts_folder)
            self._front = front(self.resources)
        except BaseException:
            await db.close()
            raise
        self._background = Background(recurring(self.resources))
        self._background.start()
        self._runner = Runner(db, self.resources, jobs_of(JOBS))
        self._runner.start()
        if db.engine.unclean:
            self._examination = asyncio.create_task(_examine(db))

    async def stop(self) -> None:
        """Write down what is held in memory and close everything."""
        self._front = None
        if self._background is not None:
            await self._background.stop()
            if self._runner is not None:
                await self._runner.stop()
            if self._examination is not None:
                self._examination.cancel()
            await closed(self.resources)

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                try:
                    await self.start()
                except (BadSetting, CannotStart, OSError) as error:
                    await send({"type": "lifespan.startup.failed", "message": str(error)})
                    return
                except Exception as error:
                    log.exception("cannot start")
                    await send({"type": "lifespan.startup.failed", "message": str(error)})
                    return
                log.info("Volary answers at %s", self.settings.public_url)
                await send({"type": "lifespan.startup.complete"})
            else:
                await self.stop()
                await send({"type": "lifespan.shutdown.complete"})
                return


async def _examine(db: Database) -> None:
    """Look over the stored data after a stop that closed nothing, beside the requests, and say what is wrong with it."""
    log.warning("the last process stopped without closing the database: looking over the stored data")
    damage = await db.check()
    for line in damage:
        log.error("the database is damaged: %s", line)
    if not damage:
        log.info("the stored data is whole")


def make() -> Application:
    """The application of a worker process: settings come from the environment, as the command that started it left them."""
    end_with_parent()
    settings = load()
    logs.set_up(settings.log_format)
    counted = os.environ.get(metrics.FOLDER)
    return Application(settings, counts_folder=Path(counted) if counted else None)
