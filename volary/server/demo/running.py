"""Starting and stopping the demo's two programs: the server and the sample app, each a process of its own."""

import asyncio
import contextlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from volary.server.database import opened
from volary.server.demo import sample_app
from volary.server.demo.people import Cast, fill
from volary.server.programs import DidNotStart, free_port, program, wait_until_answers
from volary.settings import PREFIX, Settings, load

__all__ = ["Demo", "DidNotStart", "free_port", "running", "wait_until_answers"]

_LOG = "%s.log"


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
    environment = _environment(folder, port)
    settings = load(environment, folder / "volary.toml" if (folder / "volary.toml").exists() else None)
    cast = asyncio.run(_filled(settings, app))
    with contextlib.ExitStack() as programs:
        serve = [sys.executable, "-m", "volary", "serve"]
        server = programs.enter_context(program("serve", serve, environment, folder))
        started = [sys.executable, sample_app.__file__, platform, app]
        sample = programs.enter_context(
            program("sample_app", started, environment, folder, msgspec.json.encode(cast.app))
        )
        wait_until_answers(f"{platform}/readyz", server, folder / (_LOG % "serve"))
        wait_until_answers(app, sample, folder / (_LOG % "sample_app"))
        yield Demo(platform, app, cast, folder)


async def _filled(settings: Settings, app: str) -> Cast:
    async with opened(settings) as db:
        return await fill(db, app)


def _environment(folder: Path, port: int) -> dict[str, str]:
    """The server's environment. Settings of the machine's own installation must not reach a throw-away one."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    own = {"DATABASE": f"sqlite:///{folder}/demo.db", "PORT": str(port), "DEMO": "true", "HOST": "127.0.0.1"}
    limits = os.environ.get(PREFIX + "RATE_LIMITS")
    if limits:
        own["RATE_LIMITS"] = limits
    return kept | {PREFIX + name: value for name, value in own.items()}
