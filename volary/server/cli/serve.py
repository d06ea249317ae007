"""`volary serve`: the server itself, Granian with this application in its worker."""

import contextlib
import os
import socket

import click

from volary.settings import PREFIX, BadSetting, Settings, load


@click.command()
@click.option("--database", help="sqlite:///path or postgresql://user:password@host/name")
@click.option("--host", help="The address to listen on (127.0.0.1).")
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
    port = _free_port(settings)
    if port != settings.port:
        os.environ[PREFIX + "PORT"] = str(port)
        settings = load()
    _prepare(settings)
    _granian(settings)


def _free_port(settings: Settings) -> int:
    """The port to listen on. Raises BadSetting when it is taken, instead of a trace from deep inside."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with contextlib.closing(socket.socket(family, socket.SOCK_STREAM)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise BadSetting(
                f"cannot listen on {settings.host} port {settings.port} ({error.strerror}): "
                "choose another with --port, or 0 for a free one"
            ) from error
        port: int = probe.getsockname()[1]
        return port


def _prepare(settings: Settings) -> None:
    """Bring the tables up to date in this process, so that what is wrong is said here and once."""
    import asyncio

    from volary.server.database import prepare

    asyncio.run(prepare(settings))


def _granian(settings: Settings) -> None:
    from granian.constants import Interfaces, Loops
    from granian.http import HTTP1Settings
    from granian.log import LogLevels
    from granian.server import Server

    Server(
        "volary.server.application:make",
        factory=True,
        interface=Interfaces.ASGI,
        address=settings.host,
        port=settings.port,
        workers=settings.workers,
        loop=Loops.uvloop,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=30,
        backlog=2048,
        log_level=LogLevels.warning,
        http1_settings=HTTP1Settings(header_read_timeout=10_000, max_buffer_size=64 * 1024),
    ).serve()
