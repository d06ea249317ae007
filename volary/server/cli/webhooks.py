"""`volary webhook …`: being told of what happens to Apps, for whoever runs the server."""

from typing import Any

import click

from volary.db import Database
from volary.kit.ids import LARGEST_ID
from volary.operator.actions import webhooks as operators
from volary.operator.actions.actors import Actor
from volary.server.cli.shown import as_json, database, settings_for, show, show_all, with_database
from volary.webhooks.actions import ANNOUNCED, NewWebhook
from volary.webhooks.models import DeliveryRow, WebhookRow
from volary.webhooks.queries import count_waiting, every_webhook, latest_deliveries

_NUMBER = click.IntRange(1, LARGEST_ID)
_SAVE = "Save the secret now: it is never shown again. docs/guide/operators.md says how to check signatures with it."
_COLUMNS = ("id", "webhook", "kind", "state", "tries", "status", "milliseconds", "tried_at", "answer")


@click.group()
def webhook() -> None:
    """Webhooks: being told, signed, of what happens to Apps."""


@webhook.command()
@click.argument("url")
@click.option("--event", "kinds", multiple=True, type=click.Choice(sorted(ANNOUNCED)), help="Only these kinds.")
@database
@as_json
def add(url: str, kinds: tuple[str, ...], database: str | None, as_json: bool) -> None:
    """Tell an address of events, and print the secret that signs what it is sent, this once."""
    origins = settings_for(database).origins

    async def work(db: Database) -> NewWebhook:
        return await db.write(operators.add, Actor(), url, kinds, origins)

    made = with_database(database, work)
    show({"id": str(made.id), "url": made.url, "secret": made.secret}, as_json)
    if not as_json:
        click.echo(f"\n{_SAVE}", err=True)


@webhook.command("list")
@database
@as_json
def list_all(database: str | None, as_json: bool) -> None:
    """List webhooks, with what waits for each."""

    async def work(db: Database) -> list[dict[str, Any]]:
        return [_facts(row, await count_waiting(db, row.id)) for row in await every_webhook(db)]

    show_all(with_database(database, work), as_json, "There are no webhooks.")


@webhook.command()
@click.argument("number", type=_NUMBER, required=False)
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 10_000), help="The latest so many.")
@database
@as_json
def deliveries(number: int | None, limit: int, database: str | None, as_json: bool) -> None:
    """List what was sent in the last thirty days, with each answer: of one webhook, or of all."""

    async def work(db: Database) -> list[DeliveryRow]:
        return await latest_deliveries(db, number, limit)

    found = [_delivery(row) for row in with_database(database, work)]
    if not as_json:
        found = [{name: one[name] for name in _COLUMNS} for one in found]
    show_all(found, as_json, "Nothing was sent.")


@webhook.command("redeliver")
@click.argument("number", metavar="DELIVERY", type=_NUMBER)
@database
def send_again(number: int, database: str | None) -> None:
    """Send again what was delivered or given up: the same id and the same bytes."""

    async def work(db: Database) -> None:
        await db.write(operators.redeliver, Actor(), number)

    with_database(database, work)
    click.echo("It is sent again.")


@webhook.command()
@click.argument("number", metavar="WEBHOOK", type=_NUMBER)
@database
@as_json
def test(number: int, database: str | None, as_json: bool) -> None:
    """Send an event that means nothing; `volary webhook deliveries` shows what came back. A server must be running."""

    async def work(db: Database) -> int:
        return await db.write(operators.test, Actor(), number)

    delivery = with_database(database, work)
    if as_json:
        show({"delivery": str(delivery)}, as_json)
    else:
        click.echo(f"It goes out as the delivery {delivery}.")


@webhook.command()
@click.argument("number", metavar="WEBHOOK", type=_NUMBER)
@database
@as_json
def rotate(number: int, database: str | None, as_json: bool) -> None:
    """Print a new secret, this once. From now on everything is signed with it, also what waits."""

    async def work(db: Database) -> str:
        return await db.write(operators.renew, Actor(), number)

    show({"id": str(number), "secret": with_database(database, work)}, as_json)
    if not as_json:
        click.echo(f"\n{_SAVE}", err=True)


@webhook.command()
@click.argument("number", metavar="WEBHOOK", type=_NUMBER)
@database
def remove(number: int, database: str | None) -> None:
    """Tell an address nothing any more; what waits for it is dropped."""

    async def work(db: Database) -> None:
        await db.write(operators.remove, Actor(), number)

    with_database(database, work)
    click.echo("The webhook is removed.")


def _facts(row: WebhookRow, waiting: int) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "url": row.url,
        "events": row.events.split(),
        "waiting": waiting,
        "skipped": row.skipped,
        "delivered_at": row.delivered_at,
        "created_at": row.created_at,
    }


def _delivery(row: DeliveryRow) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "webhook": str(row.webhook_id),
        "kind": row.kind,
        "state": row.state,
        "tries": row.tries,
        "status": row.status,
        "milliseconds": row.milliseconds,
        "tried_at": row.tried_at,
        "answer": row.answer,
        "body": row.body,
        "created_at": row.created_at,
    }
