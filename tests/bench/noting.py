"""`python -m tests.bench.noting [bearer|signed|post|read …]`: what noting the calls of Apps costs, in µs of processor time a request.

One run, two applications: one that notes and writes down, one that does neither, by turns, so that whatever else the machine does meets
both. Writing down is part of what is measured.
"""

import argparse
import asyncio
import gc
import tempfile
import time
from pathlib import Path
from typing import Any

import uvloop

from tests.bench import making
from tests.bench.inside import _AT_ONCE, _KINDS, _ROUNDS, _send
from tests.cast import people
from volary.access.levels import Level
from volary.db import Database
from volary.portal.actions.commands import AppOrder, create_app_for
from volary.server.application import Application
from volary.server.database import opened
from volary.settings import load
from volary.usage.actions.noting import Calls

_COUNT = _AT_ONCE * _ROUNDS
_TURNS = 4
"""So many times `_COUNT` requests are written down together: still fewer than a busy server has in two seconds."""
_SWITCHES = {"on": {}, "off": {"VOLARY_USAGE_DAYS": "0", "VOLARY_REQUEST_LOG_DAYS": "0"}}


def main() -> None:
    """Measure each kind of request."""
    options = argparse.ArgumentParser(prog="python -m tests.bench.noting")
    options.add_argument("kinds", nargs="*", default=["bearer", "signed", "post"], metavar="kind")
    options.add_argument("--tries", type=int, default=12)
    chosen = options.parse_args()
    for kind in chosen.kinds:
        uvloop.run(measure(kind, chosen.tries))


async def measure(kind: str, tries: int) -> None:
    """Both, by turns; the best of each is told."""
    with tempfile.TemporaryDirectory(prefix="volary-bench-") as folder:
        started = {name: await _start(Path(folder) / name, kind, tries, more) for name, more in _SWITCHES.items()}
        gc.collect()
        gc.freeze()  # as `volary serve` does before it starts its workers
        best = dict.fromkeys(started, float("inf"))
        for _ in range(tries):
            for name, (application, requests) in started.items():
                began = time.process_time()
                for _ in range(_TURNS):
                    await _send(application, requests, _COUNT)
                await application.resources[Calls].flush(application.resources[Database])
                best[name] = min(best[name], (time.process_time() - began) / (_TURNS * _COUNT) * 1e6)
        for application, _ in started.values():
            await application.stop()
    cost = best["on"] - best["off"]
    print(f"{kind}: {best['on']:.2f} µs on, {best['off']:.2f} µs off: {cost:.2f} µs, {cost / best['off']:.1%}")


async def _start(folder: Path, kind: str, tries: int, more: dict[str, str]) -> tuple[Application, Any]:
    folder.mkdir()
    url = f"sqlite:///{folder}/bench.db"
    settings = load({"VOLARY_DATABASE": url, "VOLARY_RATE_LIMITS": "100000", **more}, None)
    async with opened(settings) as db:
        cast = await people(db)
        app = await db.write(create_app_for, "dev", AppOrder(name="Bench", type="web", level=Level.READ_WRITE))
        token = await making.access_token(db, cast.ann.id, int(app.app_id))
    application = Application(settings, counts_folder=folder)
    await application.start()
    await asyncio.sleep(0)
    return application, iter(_KINDS[kind](app, token, tries * _TURNS * _COUNT))


if __name__ == "__main__":
    main()
