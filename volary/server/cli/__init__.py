"""The command line: `volary <command>`. A command's module is loaded only when it is called, so that `--help` is quick.

Every command that shows data takes `--json`. Errors are one line on standard error that says what to do; exit codes: 0 done, 1 refused
or failed, 2 wrong usage, 3 cannot start.
"""

import sys
from importlib import import_module
from typing import Any

import click

_COMMANDS = {
    "account": "accounts:account",
    "app": "apps:app",
    "demo": "demo:demo",
    "doctor": "database:doctor",
    "migrate": "database:migrate",
    "serve": "serve:serve",
}


class _Lazy(click.Group):
    """A group whose commands are found by name and imported when needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        place = _COMMANDS.get(cmd_name)
        if place is None:
            return None
        module, _, name = place.partition(":")
        command: click.Command = getattr(import_module(f"volary.server.cli.{module}"), name)
        return command


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="volary", message="%(version)s")
def cli() -> None:
    """Volary: third-party apps act for people, and people stay in charge."""


def main(arguments: list[str] | None = None) -> Any:
    """Run a command; what rooms refuse becomes one line and an exit code."""
    from volary.db.errors import CannotStart
    from volary.kit.errors import Refusal
    from volary.settings import BadSetting

    try:
        return cli(arguments, prog_name="volary")
    except (BadSetting, CannotStart) as error:
        click.echo(f"volary: {error}", err=True)
        sys.exit(3)
    except Refusal as refusal:
        click.echo(f"volary: {refusal}", err=True)
        sys.exit(1)
