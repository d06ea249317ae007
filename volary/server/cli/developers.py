"""`volary developer …`: developer accounts, their teams and access tiers, for whoever runs the server."""

import click
import msgspec

from volary.db import Database
from volary.developers.models import APPROVED, PENDING, REFUSED
from volary.developers.rules.tiers import TIERS
from volary.kit.errors import NotFound
from volary.kit.ids import id_in
from volary.portal.actions import governing
from volary.server.cli.shown import as_json, database, show, show_all, with_database

_COLUMNS = ("username", "state", "team_id", "team", "tier", "wanted_tier", "use_case")
"""What people see of each developer in a list; --json tells everything."""


@click.group()
def developer() -> None:
    """Developer accounts, teams and access tiers."""


@developer.command("list")
@click.option("--state", type=click.Choice([PENDING, APPROVED, REFUSED]), help="Only those in this state.")
@database
@as_json
def list_all(state: str | None, database: str | None, as_json: bool) -> None:
    """List developer accounts, those that wait for an answer first."""

    async def work(db: Database) -> list[governing.DeveloperFacts]:
        return await governing.list_developers(db, state or "")

    found = [msgspec.to_builtins(one) for one in with_database(database, work)]
    if not as_json:
        found = [{name: one[name] for name in _COLUMNS} for one in found]
    show_all(found, as_json, "There are no developer accounts.")


@developer.command()
@click.argument("username")
@database
@as_json
def approve(username: str, database: str | None, as_json: bool) -> None:
    """Let a developer create Projects and Apps."""

    async def work(db: Database) -> None:
        await db.write(governing.decide_developer, username)

    with_database(database, work)
    _done({"username": username, "state": APPROVED}, as_json)


@developer.command()
@click.argument("username")
@click.option("--reason", required=True, help="The developer reads it.")
@database
@as_json
def refuse(username: str, reason: str, database: str | None, as_json: bool) -> None:
    """Refuse a developer; Apps that exist can still be managed."""

    async def work(db: Database) -> None:
        await db.write(governing.decide_developer, username, refused_for=reason)

    with_database(database, work)
    _done({"username": username, "state": REFUSED, "reason": reason}, as_json)


@developer.command()
@click.argument("username")
@click.argument("tier", type=click.Choice(list(TIERS)))
@click.option("--answer", default="", help="What the team reads beside it, such as why not.")
@database
@as_json
def tier(username: str, tier: str, answer: str, database: str | None, as_json: bool) -> None:
    """Set the access tier of the team that a developer founded; it answers a request that waits."""

    async def work(db: Database) -> None:
        await db.write(governing.set_tier_of, username, tier, answer)

    with_database(database, work)
    _done({"username": username, "tier": tier, "answer": answer}, as_json)


@developer.command()
@click.argument("team")
@click.option("--appoint", metavar="USERNAME", help="Make this account an administrator of the team.")
@database
@as_json
def team(team: str, appoint: str | None, database: str | None, as_json: bool) -> None:
    """Show a team by its number, with its members."""

    async def work(db: Database) -> governing.TeamFacts:
        number = id_in(team)
        if number is None:
            raise NotFound("There is no such team.")
        if appoint:
            await db.write(governing.appoint, number, appoint)
        return await governing.team_facts(db, number)

    show(msgspec.to_builtins(with_database(database, work)), as_json)


def _done(said: dict[str, str], json_wanted: bool) -> None:
    show({name: value for name, value in said.items() if value}, json_wanted)
