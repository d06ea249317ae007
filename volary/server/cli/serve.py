"""`volary serve`: the server itself, Granian with this application in its worker."""

import contextlib
import logging
import os
import tempfile
from typing import Any

import click

from volary.settings import PREFIX, Settings, load, unknown_variables

log = logging.getLogger("volary")

BACKLOG, CONNECTIONS = 2048, 4096
"""Connections that wait to be taken, and those that one worker holds at the same time."""


@click.command()
@click.option("--database", help="sqlite:///path or postgresql://user:password@host/name")
@click.option("--host", help="The address to listen on (127.0.0.1); pages then go by it.")
@click.option("--port", type=int, help="The port to listen on (8000); 0 takes a free one.")
@click.option("--public-url", help="The address under which people and apps reach the server.")
def serve(**flags: str | int | None) -> None:
    """Serve people's pages and apps' API. Creates or updates the database's tables first."""
    run(flags)


def run(flags: dict[str, str | int | None]) -> None:
    """Start the server with flags over the environment over volary.toml, and stay until it is told to stop.

    Flags are passed on through the environment: the worker process reads its settings again.
    """
    for name, value in flags.items():
        if value is not None:
            os.environ[PREFIX + name.upper()] = str(value)
    settings = load()
    from volary.server import holding, logs, metrics  # what a wrong setting should not have to wait for

    logs.set_up(settings.log_format)
    port = holding.port_of(settings)
    if port != settings.port:
        os.environ[PREFIX + "PORT"] = str(port)
        settings = load()
    if flags.get("host"):
        os.environ.update(named(settings))
        settings = load()
    with contextlib.ExitStack() as held:
        if (lock := holding.database_of(settings)) is not None:
            held.enter_context(lock)
        _prepare(settings)
        _warn(settings)
        holding.allow_many_files()
        holding.leave_no_core()
        os.environ[metrics.FOLDER] = held.enter_context(tempfile.TemporaryDirectory(prefix="volary-counts-"))
        _granian(settings)


def named(settings: Settings) -> dict[str, str]:
    """The variables by which the server's public name is the host that it was told to listen on, not localhost.

    Whoever says `--host 127.0.0.1` goes on to use that name, for pages too. A public URL that was told stays, and no name is made of
    an address that stands for all.
    """
    port = settings.port
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    if settings.public_url != f"http://localhost:{port}" or host in {"0.0.0.0", "[::]"}:  # noqa: S104 - compared
        return {}
    return {PREFIX + "PUBLIC_URL": f"http://{host}:{port}", PREFIX + "PUBLIC_ORIGINS": ",".join(settings.origins)}


def _prepare(settings: Settings) -> None:
    """Bring the tables up to date in this process and look at the other files, so that what is wrong is said here and once."""
    import asyncio

    from volary.server.database import prepare
    from volary.server.owned import look_at_files

    asyncio.run(prepare(settings))
    asyncio.run(look_at_files(settings))


def _warn(settings: Settings) -> None:
    """Say what works, but will surprise somebody."""
    from volary.kit.hosts import is_loopback

    for name in unknown_variables(os.environ):
        log.warning("%s is no setting and has no effect; docs/settings.md lists them", name)
    if not settings.secure and not is_loopback(settings.public_url):
        log.warning("%s is not https: passwords and tokens travel in the open", settings.public_url)


def _granian(settings: Settings) -> None:
    """Run the workers. They are forked, so what is loaded here is there once for all of them, and a worker starts at once."""
    import gc

    from granian.constants import HTTPModes, Interfaces, Loops
    from granian.http import HTTP1Settings
    from granian.log import LogLevels
    from granian.server import Server

    import volary.server.application  # noqa: F401 - loaded for the workers

    gc.collect()
    gc.freeze()  # a worker's collections would touch every object, and each page that is touched is a page of its own
    Server(
        "volary.server.application:make",
        factory=True,
        interface=Interfaces.ASGI,
        address=settings.host,
        port=settings.port,
        workers=settings.workers,
        loop=Loops.uvloop,
        http=HTTPModes.http1,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=30,
        backlog=BACKLOG,
        backpressure=CONNECTIONS,
        log_level=LogLevels.warning,
        log_dictconfig=_as_ours(),
        http1_settings=HTTP1Settings(header_read_timeout=10_000, max_buffer_size=64 * 1024),
    ).serve()


def _as_ours() -> dict[str, Any]:
    """What the supervisor says goes the way of all our records, in their form."""
    through = {"handlers": [], "propagate": True}
    return {"loggers": {"_granian": {**through, "level": "WARNING"}, "granian.access": through}}
