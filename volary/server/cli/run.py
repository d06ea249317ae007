"""`volary run -- COMMAND`: a command with a throw-away platform of its own, for tests and CI."""

import asyncio
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import click
import msgspec

from volary.access.levels import Level
from volary.accounts.actions import create_account
from volary.accounts.rules.hashing import PasswordHasher
from volary.db import Database
from volary.kit.secrets import mint_alphanumeric
from volary.portal.actions.commands import AppOrder, Created, create_app_for
from volary.server.database import opened
from volary.server.programs import free_port, program, throw_away, wait_until_answers
from volary.settings import PREFIX, Settings

_OWNER = "dev"
_NOT_FOUND, _NOT_EXECUTABLE, _BY_SIGNAL = 127, 126, 128
_PASSED_ON = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@click.command(
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
    short_help="Run a command with a throw-away platform of its own.",
)
@click.option("--callback", "callbacks", multiple=True, help="A callback URL of the App; again for each.")
@click.option(
    "--permission",
    type=click.Choice([level.wire for level in Level]),
    default=Level.DIRECT_MESSAGES.wire,
    show_default=True,
    help="The App's OAuth 1.0a level.",
)
@click.option(
    "--type",
    "kind",
    type=click.Choice(["native", "spa", "web", "bot"]),
    default="web",
    show_default=True,
    help="The App's OAuth 2.0 type.",
)
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
def run(callbacks: tuple[str, ...], permission: str, kind: str, command: tuple[str, ...]) -> None:
    """Run a command with a throw-away platform of its own, and end with its exit code.

    The platform is at VOLARY_URL. It has an account (VOLARY_USERNAME, VOLARY_PASSWORD) and an App of it: VOLARY_APP_ID, VOLARY_API_KEY,
    VOLARY_API_KEY_SECRET, VOLARY_ACCESS_TOKEN, VOLARY_ACCESS_TOKEN_SECRET, VOLARY_CLIENT_ID, VOLARY_CLIENT_SECRET (where the type has one),
    VOLARY_BEARER_TOKEN. VOLARY_DATABASE is set too, so that `volary account create` and its kin work inside. Nothing of it stays.

    A client under test must be told the address: X's own host names do not lead here.
    """
    order = AppOrder(name="Test app", callbacks=callbacks, level=Level.from_wire(permission), type=kind)
    with tempfile.TemporaryDirectory(prefix="volary-run-") as folder, _platform(Path(folder), order) as variables:
        code = _called(command, variables)
    sys.exit(code)


@contextmanager
def _platform(folder: Path, order: AppOrder) -> Iterator[dict[str, str]]:
    """A server with an account and an App, until the block ends; the environment that tells of them."""
    port = free_port(0)
    url, password = f"http://localhost:{port}", mint_alphanumeric(20)
    environment, settings = throw_away(folder, port)
    made = asyncio.run(_filled(settings, password, order))
    serve = [sys.executable, "-m", "volary", "serve"]
    for sign in (signal.SIGTERM, signal.SIGHUP):  # until the command runs, they end the server too, as Ctrl+C does
        signal.signal(sign, _leave)
    with program("serve", serve, environment, folder) as server:
        wait_until_answers(f"{url}/readyz", server)
        told: dict[str, Any] = msgspec.to_builtins(made)
        names = [name for name in told if name.endswith(("_id", "_key", "_secret", "_token")) and name != "project_id"]
        told = {name: told[name] for name in names} | {"url": url, "username": _OWNER, "password": password}
        yield environment | {PREFIX + name.upper(): value for name, value in told.items() if value is not None}


async def _filled(settings: Settings, password: str, order: AppOrder) -> Created:
    hasher = PasswordHasher()
    try:
        hashed = await hasher.hash(password)
    finally:
        hasher.close()

    async def fill(db: Database) -> Created:
        await db.write(
            create_account,
            _OWNER,
            name="Dev",
            email="dev@volary.example",
            email_confirmed=True,
            password_hash=hashed,
        )
        return await db.write(create_app_for, _OWNER, order)

    async with opened(settings) as db:
        return await fill(db)


def _leave(got: int, _: FrameType | None) -> None:
    sys.exit(_BY_SIGNAL + got)


def _called(command: tuple[str, ...], environment: dict[str, str]) -> int:
    """Run the command to its end, passing on what would stop us; its exit code, as a shell would give it."""
    process: subprocess.Popen[bytes] | None = None
    early: list[int] = []

    def pass_on(got: int, _: FrameType | None) -> None:
        if process is None:
            early.append(got)
        else:
            process.send_signal(got)

    before = {sign: signal.signal(sign, pass_on) for sign in _PASSED_ON}
    try:
        process = subprocess.Popen(command, env=environment)
        for got in early:
            process.send_signal(got)
        code = process.wait()
    except FileNotFoundError:
        click.echo(f"volary: there is no command {command[0]}", err=True)
        return _NOT_FOUND
    except OSError as error:
        click.echo(f"volary: {command[0]} cannot be run: {error.strerror}", err=True)
        return _NOT_EXECUTABLE
    finally:
        for sign, handler in before.items():
            signal.signal(sign, handler)
    return code if code >= 0 else _BY_SIGNAL - code
