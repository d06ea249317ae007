"""The command line: `volary <command>`. A command's module is loaded only when it is called, so that `--help` is quick.

Every command that shows data takes `--json`. Errors are one line on standard error that says what to do; exit codes: 0 done, 1 refused
or failed, 2 wrong usage, 3 cannot start.
"""

import sys
from importlib import import_module
from typing import Any

import click

_COMMANDS = {
    "account": ("accounts:account", "Accounts of people and bots."),
    "appeal": ("governing:appeal", "Appeals against suspensions."),
    "app": ("apps:app", "Apps and their keys and tokens."),
    "audit": ("audit:audit", "The record of every act: only ever added to."),
    "backup": ("backups:backup", "Copy the database into a new file, while servers go on writing."),
    "demo": ("demo:demo", "Run a throw-away platform with people, posts and a sample third-party app."),
    "developer": ("developers:developer", "Developer accounts, teams and access tiers."),
    "doctor": ("database:doctor", "Look at settings, key, database and time, and say what to do about what is wrong."),
    "jobs": ("jobs:jobs", "What is done later: what waits, what was given up, and trying it again."),
    "key": ("keys:key", "The installation's key: what needs it, and changing it."),
    "mail": ("mail:mail", "Letters: what was sent, what stays in the outbox, and sending it again."),
    "messages": ("messages:messages", "Direct Messages: groups, and who can write to somebody."),
    "migrate": ("database:migrate", "Bring the database's tables up to date."),
    "name": ("governing:name", "Names that no App may take."),
    "operator": ("operators:operator", "Operators: the accounts that govern this installation in their browser."),
    "read-only": ("governing:read_only", "Take no changes for a while."),
    "report": ("reports:report", "What people report."),
    "post": ("posts:post", "Posts and their polls."),
    "restore": (
        "backups:restore",
        "Put a backup in the database's place, and end what must not come back to life.",
    ),
    "run": ("run:run", "Run a command with a throw-away platform of its own, and end with its exit code."),
    "serve": ("serve:serve", "Serve people's pages and apps' API."),
    "space": ("spaces:space", "Spaces: announce one, start and end it, be in it."),
    "webhook": ("webhooks:webhook", "Webhooks: being told, signed, of what happens to Apps."),
}
"""Where each command is, and its first sentence: telling what there is must not load what it needs."""


class _Lazy(click.Group):
    """A group whose commands are found by name and imported when needed."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, _COMMANDS[name][1]) for name in sorted(_COMMANDS)])

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module, _, name = _COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(import_module(f"volary.server.cli.{module}"), name)
        return command


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="volary", message="%(version)s")
def cli() -> None:
    """Volary: third-party apps act for people, and people stay in charge."""


def main(arguments: list[str] | None = None) -> Any:
    """Run a command; what rooms refuse becomes one line and an exit code."""
    try:
        return cli(arguments, prog_name="volary")
    except Exception as error:
        code = _exit_code(error)
        if code is None:
            raise
        click.echo(f"volary: {error}", err=True)
        sys.exit(code)


def _exit_code(error: Exception) -> int | None:
    """How a refusal ends the program; None for what is no refusal."""
    from volary.kit.errors import Refusal
    from volary.settings import BadSetting

    if isinstance(error, Refusal):
        return 1
    if isinstance(error, BadSetting):
        return 3
    from volary.db.errors import CannotStart

    return 3 if isinstance(error, CannotStart) else None
