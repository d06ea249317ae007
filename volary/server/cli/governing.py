"""`volary read-only …`, `volary name …` and `volary appeal …`: what operators do in their console, for whoever runs the server."""

import click
import msgspec

from volary.db import Database
from volary.db.paging import Bounds
from volary.developers.models.governing import CLOSED, OPEN, AppealRow, ReservedRow
from volary.developers.queries.appeals import appeals_in, messages_of
from volary.developers.queries.names import reserved
from volary.kit.ids import LARGEST_ID
from volary.operator.actions.actors import Actor
from volary.operator.actions.appeals import answer
from volary.operator.actions.governing import close, release, reopen, reserve
from volary.server.cli.shown import as_json, database, show, show_all, with_database

_MOST = 1_000


@click.group("read-only")
def read_only() -> None:
    """Take no changes for a while."""


@read_only.command("on")
@click.option("--reason", required=True, help="Everybody reads it.")
@database
@as_json
def switch_on(reason: str, database: str | None, as_json: bool) -> None:
    """Answer every write with 503; signing in, revoking and ending sessions go on. Servers follow within seconds."""

    async def work(db: Database) -> None:
        await db.write(close, Actor(), reason=reason)

    with_database(database, work)
    show({"read_only": True, "reason": reason}, as_json)


@read_only.command("off")
@database
@as_json
def switch_off(database: str | None, as_json: bool) -> None:
    """Take changes again."""

    async def work(db: Database) -> bool:
        return await db.write(reopen, Actor())

    show({"read_only": False, "changed": with_database(database, work)}, as_json)


@click.group("name")
def name() -> None:
    """Names that no App may take."""


@name.command("reserve")
@click.argument("text", metavar="NAME")
@database
@as_json
def reserve_it(text: str, database: str | None, as_json: bool) -> None:
    """Keep a name, and all that read or look the same, from every App."""

    async def work(db: Database) -> str:
        return await db.write(reserve, Actor(), text)

    show({"name": with_database(database, work), "reserved": True}, as_json)


@name.command("release")
@click.argument("text", metavar="NAME")
@database
@as_json
def release_it(text: str, database: str | None, as_json: bool) -> None:
    """Let Apps have a name again."""

    async def work(db: Database) -> None:
        await db.write(release, Actor(), text)

    with_database(database, work)
    show({"name": text, "reserved": False}, as_json)


@name.command("list")
@database
@as_json
def list_names(database: str | None, as_json: bool) -> None:
    """List reserved names."""

    async def work(db: Database) -> list[ReservedRow]:
        return await reserved(db)

    rows = [{"name": one.name, "added_at": one.added_at} for one in with_database(database, work)]
    show_all(rows, as_json, "No name is reserved.")


@click.group("appeal")
def appeal() -> None:
    """Appeals against suspensions."""


@appeal.command("list")
@click.option("--closed", is_flag=True, help="Those that are closed.")
@database
@as_json
def list_appeals(closed: bool, database: str | None, as_json: bool) -> None:
    """List appeals, the newest first."""

    async def work(db: Database) -> list[AppealRow]:
        return await appeals_in(db, CLOSED if closed else OPEN, Bounds(), _MOST)

    show_all([_facts(one) for one in with_database(database, work)], as_json, "There are no appeals.")


@appeal.command("show")
@click.argument("appeal_id", type=click.IntRange(1, LARGEST_ID), metavar="APPEAL")
@database
@as_json
def show_appeal(appeal_id: int, database: str | None, as_json: bool) -> None:
    """Show what both sides wrote."""

    async def work(db: Database) -> list[dict[str, object]]:
        return [msgspec.structs.asdict(one) | {"id": str(one.id)} for one in await messages_of(db, appeal_id)]

    show_all(with_database(database, work), as_json, "There is nothing in this appeal.")


@appeal.command("answer")
@click.argument("appeal_id", type=click.IntRange(1, LARGEST_ID), metavar="APPEAL")
@click.option("--text", required=True, help="The App's owner reads it, in the portal and as a letter.")
@click.option("--close", "closes", is_flag=True, help="Close the appeal; the App stays suspended.")
@database
@as_json
def answer_it(appeal_id: int, text: str, closes: bool, database: str | None, as_json: bool) -> None:
    """Answer an appeal. volary app restore gives the App back, and closes it too."""

    async def work(db: Database) -> None:
        await db.write(answer, Actor(), appeal_id, text, close=closes)

    with_database(database, work)
    show({"appeal_id": str(appeal_id), "answered": True, "closed": closes}, as_json)


def _facts(one: AppealRow) -> dict[str, object]:
    return msgspec.structs.asdict(one) | {"id": str(one.id), "app_id": str(one.app_id)}
