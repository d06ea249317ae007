"""Starting and stopping the demo's two programs: the server and the sample app, each a process of its own."""

import asyncio
import contextlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from volary.server.database import opened
from volary.server.demo import sample_app
from volary.server.demo.people import Cast, fill
from volary.server.programs import free_port, program, throw_away, wait_until_answers
from volary.settings import Settings


class Demo(msgspec.Struct, frozen=True):
    """A running demo."""

    platform: str
    sample_app: str
    cast: Cast
    folder: Path


@contextmanager
def running(folder: Path, port: int, app_port: int) -> Iterator[Demo]:
    """Run the demo in a folder until the block ends. A port that is taken is replaced by a free one."""
    port, app_port = free_port(port), free_port(app_port)
    platform, app = f"http://localhost:{port}", f"http://127.0.0.1:{app_port}"
    environment, settings = throw_away(folder, port, DEMO="true")
    cast = asyncio.run(_filled(settings, app))
    with contextlib.ExitStack() as programs:
        serve = [sys.executable, "-m", "volary", "serve"]
        server = programs.enter_context(program("serve", serve, environment, folder))
        started = [sys.executable, sample_app.__file__, platform, app]
        sample = programs.enter_context(
            program("sample_app", started, environment, folder, msgspec.json.encode(cast.app))
        )
        wait_until_answers(f"{platform}/readyz", server)
        wait_until_answers(app, sample)
        yield Demo(platform, app, cast, folder)


async def _filled(settings: Settings, app: str) -> Cast:
    async with opened(settings) as db:
        return await fill(db, app)
