"""`volary app …`: Apps and their credentials, for whoever runs the server."""

import sys
from typing import Any

import click
import msgspec

from volary.access.further import FURTHER
from volary.access.levels import Level
from volary.db import Database
from volary.developers.actions import permit_further
from volary.developers.models import CLIENT_SECRET, AppRow
from volary.developers.queries import further_of_app
from volary.developers.rules.suspending import RULES
from volary.kit.clock import HOUR
from volary.kit.whence import COMMAND_LINE
from volary.operator.actions import apps as operators
from volary.operator.actions.actors import Actor
from volary.operator.actions.governing import MOST_PERCENT, limit, rename
from volary.portal.actions.commands import (
    ACCESS_TOKEN,
    KINDS,
    AppFacts,
    AppOrder,
    Created,
    Credentials,
    create_app_for,
    delete_app_of,
    facts_of,
    find_app,
    list_apps,
    rotate_app,
)
from volary.server.cli.shown import as_json, database, settings_for, show, show_all, with_database
from volary.server.cli.usage import log, usage

_SAVE = "Save these now: they are never shown again."
_COLUMNS = ("app_id", "name", "owner", "project", "permission", "type", "state")
"""What people see of each App in a list; --json tells everything."""


@click.group()
def app() -> None:
    """Apps and their keys and tokens."""


@app.command()
@click.option("--owner", required=True, help="The username of the account that owns the App.")
@click.option("--name", required=True, help="Unique; people see it on the consent page.")
@click.option("--callback", "callbacks", multiple=True, help="A callback URL; again for each, ten at most.")
@click.option(
    "--permission",
    type=click.Choice([level.wire for level in Level]),
    default=Level.READ.wire,
    show_default=True,
    help="The OAuth 1.0a level.",
)
@click.option("--email-permission", is_flag=True, help="Ask for email addresses; needs --terms and --privacy.")
@click.option("--terms", default="", help="The address of the App's terms of service.")
@click.option("--privacy", default="", help="The address of the App's privacy policy.")
@click.option("--website", default="", help="Shown as the source of posts.")
@click.option("--description", default="", help="Shown on the consent page.")
@click.option("--type", "kind", type=click.Choice(["native", "spa", "web", "bot"]), help="Switches OAuth 2.0 on.")
@click.option("--any-port", is_flag=True, help="Take its callbacks on 127.0.0.1 and [::1] at any port; native only.")
@click.option("--no-plain", is_flag=True, help="Refuse PKCE's method plain from this App.")
@click.option(
    "--project",
    help="The Project that it belongs to, made when there is none of that name; else one of the App's name.",
)
@click.option("--standalone", is_flag=True, help="Keep the App outside every Project; v2 refuses it.")
@database
@as_json
def create(  # noqa: PLR0913, PLR0917 - one argument for each option
    owner: str,
    name: str,
    callbacks: tuple[str, ...],
    permission: str,
    email_permission: bool,
    terms: str,
    privacy: str,
    website: str,
    description: str,
    kind: str | None,
    any_port: bool,
    no_plain: bool,
    project: str | None,
    standalone: bool,
    database: str | None,
    as_json: bool,
) -> None:
    """Make an App and print its credentials, this once."""
    if project and standalone:
        raise click.UsageError("--project and --standalone exclude each other")
    if any_port and kind != "native":
        raise click.UsageError("--any-port is for --type native")
    order = AppOrder(
        name=name,
        callbacks=callbacks,
        level=Level.from_wire(permission),
        email=email_permission,
        terms_url=terms,
        privacy_url=privacy,
        type=kind,
        any_port=any_port,
        pkce_plain=not no_plain,
        project=project,
        standalone=standalone,
        website=website,
        description=description,
    )

    async def work(db: Database) -> Created:
        return await db.write(create_app_for, owner, order)

    show(msgspec.to_builtins(with_database(database, work)), as_json)
    _remind(as_json)


@app.command("list")
@click.option("--owner", help="Only the Apps of this account.")
@database
@as_json
def list_all(owner: str | None, database: str | None, as_json: bool) -> None:
    """List Apps."""

    async def work(db: Database) -> list[AppFacts]:
        return await list_apps(db, owner)

    plain = settings_for(database).pkce_plain
    found = [_in_force(one, plain) for one in with_database(database, work)]
    if not as_json:
        found = [{name: one[name] for name in _COLUMNS} for one in found]
    show_all(found, as_json, "There are no Apps.")


@app.command("show")
@click.argument("named", metavar="APP")
@database
@as_json
def show_one(named: str, database: str | None, as_json: bool) -> None:
    """Show an App by its number or its name: everything but secrets."""

    async def work(db: Database) -> AppFacts:
        return await facts_of(db, await find_app(db, named))

    show(_in_force(with_database(database, work), settings_for(database).pkce_plain), as_json)


@app.command()
@click.argument("named", metavar="APP")
@click.option("--what", "kinds", multiple=True, type=click.Choice(KINDS), help="What to renew; everything by default.")
@click.option(
    "--overlap",
    "hours",
    type=click.IntRange(0, 720),
    default=0,
    help="Hours for which the old ones live on; an old access token ends at once.",
)
@database
@as_json
def rotate(named: str, kinds: tuple[str, ...], hours: int, database: str | None, as_json: bool) -> None:
    """Renew credentials of an App and print the new ones, this once."""
    if hours and set(kinds) == {ACCESS_TOKEN}:
        raise click.UsageError("an old access token ends at once: --overlap is for the other kinds")

    async def work(db: Database) -> Credentials:
        found = await find_app(db, named)
        every = [kind for kind in KINDS if kind != CLIENT_SECRET or (found.oauth2_enabled and found.confidential)]
        return await db.write(rotate_app, found.id, kinds or every, overlap=hours * HOUR)

    new = msgspec.to_builtins(with_database(database, work))
    show(new if as_json else {name: value for name, value in new.items() if value is not None}, as_json)
    _remind(as_json)


@app.command(short_help="Refuse every call with an App's keys and tokens.")
@click.argument("named", metavar="APP")
@click.option("--reason", required=True, help="Shown to the App's owner.")
@click.option("--rule", type=click.Choice(list(RULES)), default="terms", show_default=True, help="Which rule it broke.")
@database
@as_json
def suspend(named: str, reason: str, rule: str, database: str | None, as_json: bool) -> None:
    """Suspend an App: every call with its keys and tokens is refused from now on."""
    if not reason.strip():
        raise click.UsageError("--reason must say why: the App's owner reads it")

    async def work(db: Database) -> AppRow:
        found = await find_app(db, named)
        await db.write(operators.suspend, Actor(), found.id, rule=rule, reason=reason)
        return found

    _say(with_database(database, work), "suspended", as_json)


@app.command()
@click.argument("named", metavar="APP")
@database
@as_json
def restore(named: str, database: str | None, as_json: bool) -> None:
    """Restore a suspended App, with the connections that people had."""

    async def work(db: Database) -> AppRow:
        found = await find_app(db, named)
        await db.write(operators.restore, Actor(), found.id)
        return found

    _say(with_database(database, work), "restored", as_json)


@app.command(short_help="Give an App a permission that only the platform gives.")
@click.argument("named", metavar="APP")
@click.argument("permission", type=click.Choice(list(FURTHER)))
@click.option("--take-away", is_flag=True, help="Take it away again.")
@database
@as_json
def permit(named: str, permission: str, take_away: bool, database: str | None, as_json: bool) -> None:
    """Give an App a further permission. It matters where VOLARY_FURTHER_PERMISSIONS names it; else every App has it."""

    async def work(db: Database) -> list[str]:
        found = await find_app(db, named)
        await db.write(permit_further, found.id, permission, given=not take_away, actor_id=COMMAND_LINE)
        return sorted(await further_of_app(db, found.id))

    show({"app": named, "further_permissions": with_database(database, work)}, as_json)


@app.command(short_help="End everything that anybody allowed an App.")
@click.argument("named", metavar="APP")
@click.option("--yes", is_flag=True, help="Do not ask, as it is in scripts anyway.")
@database
@as_json
def disconnect(named: str, yes: bool, database: str | None, as_json: bool) -> None:
    """End everything that anybody allowed an App. It cannot be undone: people must authorize it again."""
    if not yes and sys.stdin.isatty():
        click.confirm(f"End everybody's connection to {named}?", abort=True)

    async def work(db: Database) -> dict[str, object]:
        found = await find_app(db, named)
        people = await db.write(operators.disconnect, Actor(), found.id)
        return {"app_id": str(found.id), "name": found.name, "disconnected": people}

    show(with_database(database, work), as_json)


@app.command("limit")
@click.argument("named", metavar="APP")
@click.argument("percent", type=click.IntRange(1, MOST_PERCENT))
@database
@as_json
def limit_app(named: str, percent: int, database: str | None, as_json: bool) -> None:
    """Give an App another share of the usual rate limits, in percent; 100 is usual. Servers follow within seconds."""

    async def work(db: Database) -> dict[str, object]:
        found = await find_app(db, named)
        await db.write(limit, Actor(), found.id, percent=percent)
        return {"app_id": str(found.id), "name": found.name, "percent": percent}

    show(with_database(database, work), as_json)


@app.command("rename")
@click.argument("named", metavar="APP")
@click.argument("name")
@database
@as_json
def rename_app(named: str, name: str, database: str | None, as_json: bool) -> None:
    """Give an App another name."""

    async def work(db: Database) -> dict[str, object]:
        found = await find_app(db, named)
        await db.write(rename, Actor(), found.id, name=name)
        return {"app_id": str(found.id), "name": name, "was": found.name}

    show(with_database(database, work), as_json)


@app.command(short_help="Delete an App with everybody's connections to it.")
@click.argument("named", metavar="APP")
@click.option("--yes", is_flag=True, help="Do not ask, as it is in scripts anyway.")
@database
@as_json
def delete(named: str, yes: bool, database: str | None, as_json: bool) -> None:
    """Delete an App with all its credentials and everybody's connections to it. At a terminal it asks for the App's name."""

    async def facts(db: Database) -> AppFacts:
        return await facts_of(db, await find_app(db, named))

    found = with_database(database, facts)
    if not yes and sys.stdin.isatty():
        typed = click.prompt(f"This cannot be undone. Type the App's name ({found.name}) to delete it")
        if typed != found.name:
            raise click.ClickException("that is another name; nothing was deleted")

    async def work(db: Database) -> int:
        return await db.write(delete_app_of, int(found.app_id))

    people = with_database(database, work)
    if as_json:
        show({"app_id": found.app_id, "name": found.name, "deleted": True, "disconnected": people}, as_json)
    else:
        are = "1 person is" if people == 1 else f"{people} people are"
        click.echo(f"{found.name} is deleted; {are} no longer connected to it.")


app.add_command(usage)
app.add_command(log)


def _say(found: AppRow, done: str, as_json: bool) -> None:
    if as_json:
        show({"app_id": str(found.id), "name": found.name, "state": done.replace("restored", "active")}, as_json)
    else:
        click.echo(f"{found.name} is {done}.")


def _in_force(facts: AppFacts, plain: bool) -> dict[str, Any]:
    """What an App's settings come to on this site, whose own come first."""
    told: dict[str, Any] = msgspec.to_builtins(facts)
    return told | {"pkce_plain": facts.pkce_plain and plain}


def _remind(as_json: bool) -> None:
    if not as_json:
        click.echo(f"\n{_SAVE}", err=True)
