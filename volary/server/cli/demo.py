"""`volary demo`: everything on this machine, thrown away at the end."""

import json
import signal
import tempfile
import threading
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from volary.kit.errors import Refusal

if TYPE_CHECKING:
    from volary.server.demo.running import Demo

_OF_THE_SAMPLE_APP = ("authlib", "requests", "requests_oauthlib")
"""What a third party would use; the platform itself does without."""
_PORT = click.IntRange(0, 65_535)


@click.command(short_help="A throw-away platform with people, and an app to try.")
@click.option(
    "--port", type=_PORT, default=8000, show_default=True, help="The platform's port; a free one where it is taken."
)
@click.option(
    "--app-port",
    type=_PORT,
    default=8001,
    show_default=True,
    help="The sample app's port; a free one where it is taken.",
)
@click.option("--tour", is_flag=True, help="Walk the whole story over HTTP, print each step, and exit.")
@click.option("--json", "as_json", is_flag=True, help="Print addresses, people and credentials as JSON.")
def demo(port: int, app_port: int, tour: bool, as_json: bool) -> None:
    """Run a throw-away platform with people, posts and a sample third-party app."""
    if port and port == app_port:
        raise click.UsageError("the platform and the sample app need a port each")
    missing = [name for name in _OF_THE_SAMPLE_APP if find_spec(name) is None]
    if missing:
        raise Refusal("The sample app needs more packages: pip install %(names)s", names=" ".join(missing))
    from volary.server.demo.running import running
    from volary.server.demo.tour import walk

    with tempfile.TemporaryDirectory(prefix="volary-demo-") as folder:
        if not as_json:
            click.echo("Starting a throw-away platform …")
        with running(Path(folder), port, app_port) as started:
            if tour:
                if not walk(started, click.echo):
                    raise Refusal("The tour stopped: a step did not go as it should.")
                return
            _warn(started.platform, port)
            _warn(started.sample_app, app_port)
            stop = _stopping()
            _introduce(started, as_json)
            stop.wait()
    click.echo("\nStopped. Nothing of the demo is left.", err=as_json)


def _warn(address: str, wanted: int) -> None:
    """Say that an address is not the one that was asked for."""
    if wanted and urlsplit(address).port != wanted:
        click.echo(f"Port {wanted} is taken: {address} instead.", err=True)


def _introduce(started: "Demo", as_json: bool) -> None:
    from volary.server.demo.people import PASSWORD

    if as_json:
        made = started.cast.app
        credentials = {name: getattr(made, name) for name in made.__struct_fields__}
        told = {
            "platform": started.platform,
            "sample_app": started.sample_app,
            "people": list(started.cast.usernames),
            "password": PASSWORD,
            "app": credentials,
        }
        click.echo(json.dumps(told, indent=2))
        return
    click.echo(f"""
  The platform      {started.platform}
  The sample app    {started.sample_app}     <- begin here: connect it, see it act

  Sign in as        {", ".join(started.cast.usernames)}
  Password          {PASSWORD}   (everybody's; bob's pages are in Dutch, carol's in German)

  Then              {started.platform}/settings/apps   to cut the app off
  Their letters     {started.platform}/outbox   in place of a mail server
  As a developer    {started.platform}/portal   signed in as dev
  API credentials   volary demo --json   prints them at the start

  Press Ctrl+C to stop. Nothing of it stays.
""")


def _stopping() -> threading.Event:
    """What Ctrl+C or a polite signal sets: there before the addresses are told, since a script may stop the demo as it reads them."""
    stop = threading.Event()
    for sign in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sign, lambda *_: stop.set())
    return stop
