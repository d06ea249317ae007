"""Naming webhooks, writing down what they are to be told, and what became of it."""

from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec
from sqlalchemy import bindparam, delete, insert, update

from volary.db import Tx, statement
from volary.jobs.actions import later
from volary.kit.clock import DAY
from volary.kit.secrets import digest
from volary.kit.urls import origin_of
from volary.webhooks.errors import BadAddress, TooManyWebhooks, TooMuchWaits, WebhookUnknown
from volary.webhooks.models import DELIVERED, FAILED, WAITING, WebhookRow, deliveries, webhooks
from volary.webhooks.queries import count_waiting, delivery_by_id, every_webhook
from volary.webhooks.rules.signing import PURPOSE, new_secret
from volary.webhooks.rules.targets import BadTarget, target_of

DELIVER = "webhook.deliver"
MOST_WEBHOOKS = 20
MOST_WAITING = 1_000
"""Deliveries that wait for one receiver; what happens beyond them is counted and not kept (SR-239)."""
KEPT = 30 * DAY

ANNOUNCED = frozenset(
    {
        *("app.created", "app.suspended", "app.restored", "app.deleted", "app.undeleted"),
        *("appeal.made", "appeal.answered", "developer.agreed"),
    }
)
"""Events of the record that operators may be told of."""
TEST = "webhook.test"


class Event(msgspec.Struct, frozen=True):
    """An event of the record, as its room hands it down. `at` is in milliseconds; ids go out as text, since some readers lose digits."""

    id: int
    kind: str
    at: int
    account_id: int | None = None
    actor_id: int | None = None
    app_id: int | None = None
    detail: dict[str, str | int] | None = None


class NewWebhook(msgspec.Struct, frozen=True):
    """A webhook and its secret, which is shown this once."""

    id: int
    url: str
    secret: str


_COLUMNS = ("digest", "id", "url", "events", "secret", "created_at")
_ADD = statement(insert(webhooks).values({name: bindparam(name) for name in _COLUMNS}))
_RENEW = statement(
    update(webhooks)
    .where(webhooks.c.id == bindparam("webhook_id"))
    .values(digest=bindparam("new_digest"), secret=bindparam("new_secret"))
)
_REMOVE = statement(delete(webhooks).where(webhooks.c.id == bindparam("webhook_id")))
_REMOVE_DELIVERIES = statement(delete(deliveries).where(deliveries.c.webhook_id == bindparam("webhook_id")))


async def add_webhook(tx: Tx, url: str, kinds: Sequence[str] = (), origins: Sequence[str] = ()) -> NewWebhook:
    """Name an address to be told of events, of all kinds or of some. Raises BadAddress, TooManyWebhooks.

    `origins` are this server's own: it is not told what it knows, and nothing can go round in circles (SR-240). Whether the host leads to
    a public address is seen when it is called, each time anew: a name may lead elsewhere by then.
    """
    try:
        target_of(url)
    except BadTarget as error:
        raise BadAddress(str(error)) from error
    if origin_of(url) in origins:
        raise BadAddress("is this server's own")
    if len(await every_webhook(tx)) >= MOST_WEBHOOKS:
        raise TooManyWebhooks(MOST_WEBHOOKS)
    secret, webhook_id = new_secret(), tx.new_id()
    await tx.run(
        _ADD,
        digest=digest(secret),
        id=webhook_id,
        url=url,
        events=" ".join(sorted(set(kinds))),
        secret=tx.keys.seal(PURPOSE, secret),
        created_at=tx.now,
    )
    return NewWebhook(webhook_id, url, secret)


async def rotate_secret(tx: Tx, webhook_id: int) -> str:
    """A new secret, shown this once. From now on everything is signed with it, also what waits. Raises WebhookUnknown."""
    secret = new_secret()
    sealed = tx.keys.seal(PURPOSE, secret)
    if not await tx.run(_RENEW, webhook_id=webhook_id, new_digest=digest(secret), new_secret=sealed):
        raise WebhookUnknown
    return secret


async def remove_webhook(tx: Tx, webhook_id: int) -> None:
    """Tell an address nothing any more; what waits for it goes too. Raises WebhookUnknown."""
    if not await tx.run(_REMOVE, webhook_id=webhook_id):
        raise WebhookUnknown
    await tx.run(_REMOVE_DELIVERIES, webhook_id=webhook_id)


_DELIVERY = ("id", "webhook_id", "kind", "body", "created_at")
_WRITE = statement(insert(deliveries).values({name: bindparam(name) for name in _DELIVERY}))
_SKIP = statement(
    update(webhooks).where(webhooks.c.id == bindparam("webhook_id")).values(skipped=webhooks.c.skipped + 1)
)


async def announce(tx: Tx, event: Event) -> None:
    """Write down an event for every webhook that is to be told of its kind, as part of the act."""
    for hook in await every_webhook(tx):
        if not hook.events or event.kind in hook.events.split():
            await _tell(tx, hook, event)


async def send_test(tx: Tx, webhook_id: int) -> int:
    """Send an event that means nothing, so that an operator sees whether it arrives; the delivery's id.

    Raises WebhookUnknown, TooMuchWaits.
    """
    hook = next((one for one in await every_webhook(tx) if one.id == webhook_id), None)
    if hook is None:
        raise WebhookUnknown
    delivery_id = await _tell(tx, hook, Event(tx.new_id(), TEST, tx.now))
    if not delivery_id:
        raise TooMuchWaits(MOST_WAITING)
    return delivery_id


async def _tell(tx: Tx, hook: WebhookRow, event: Event) -> int:
    """Write down one delivery; its id, or 0 when too much waits for this receiver already."""
    if await count_waiting(tx, hook.id) >= MOST_WAITING:
        await tx.run(_SKIP, webhook_id=hook.id)
        return 0
    delivery_id = tx.new_id()
    body = msgspec.json.encode(_facts(event)).decode()
    await tx.run(_WRITE, id=delivery_id, webhook_id=hook.id, kind=event.kind, body=body, created_at=tx.now)
    await _deliver(tx, hook.id, delivery_id)
    return delivery_id


async def _deliver(tx: Tx, webhook_id: int, delivery_id: int) -> None:
    """Each receiver has a lane of its own, so that a slow one holds up no other."""
    await later(tx, DELIVER, {"delivery_id": delivery_id}, lane=f"webhook {webhook_id}")


def _facts(event: Event) -> dict[str, object]:
    """An event as receivers read it."""
    at = datetime.fromtimestamp(event.at / 1000, UTC).isoformat(timespec="milliseconds")
    ids = {
        name: str(value) for name in ("app_id", "account_id", "actor_id") if (value := getattr(event, name)) is not None
    }
    return {
        "id": str(event.id),
        "type": event.kind,
        "timestamp": at.replace("+00:00", "Z"),
        "data": {**ids, **(event.detail or {})},
    }


_TRIED = {"tries": deliveries.c.tries + 1, "tried_at": bindparam("at"), "answer": bindparam("said")}
_NOTE = statement(
    update(deliveries)
    .where(deliveries.c.id == bindparam("delivery_id"), deliveries.c.state != DELIVERED)
    .values(**_TRIED, state=bindparam("new"), status=bindparam("got"), milliseconds=bindparam("took"))
)
_REACHED = statement(
    update(webhooks).where(webhooks.c.id == bindparam("webhook_id")).values(delivered_at=bindparam("at"))
)
_END = statement(
    update(deliveries)
    .where(deliveries.c.id == bindparam("delivery_id"), deliveries.c.state != DELIVERED)
    .values(state=FAILED)
)
_AGAIN = statement(
    update(deliveries)
    .where(deliveries.c.id == bindparam("delivery_id"), deliveries.c.state != WAITING)
    .values(state=WAITING)
)


async def note_try(
    tx: Tx, delivery_id: int, webhook_id: int, *, status: int | None, milliseconds: int | None, answer: str
) -> bool:
    """Write down what came of a try; whether the receiver took it (2xx)."""
    taken = status is not None and 200 <= status < 300
    new = DELIVERED if taken else WAITING
    await tx.run(_NOTE, delivery_id=delivery_id, at=tx.now, said=answer, new=new, got=status, took=milliseconds)
    if taken:
        await tx.run(_REACHED, webhook_id=webhook_id, at=tx.now)
    return taken


async def end_delivery(tx: Tx, delivery_id: int) -> None:
    """A delivery is not tried any more."""
    await tx.run(_END, delivery_id=delivery_id)


async def redeliver(tx: Tx, delivery_id: int) -> None:
    """Send again what was delivered or given up: the same id and the same bytes. Raises WebhookUnknown."""
    row = await delivery_by_id(tx, delivery_id)
    if row is None or not await tx.run(_AGAIN, delivery_id=delivery_id):
        raise WebhookUnknown
    await _deliver(tx, row.webhook_id, delivery_id)


_FORGET = statement(delete(deliveries).where(deliveries.c.created_at < bindparam("before")))


async def forget_deliveries(tx: Tx) -> int:
    """Forget deliveries that are old; how many."""
    return await tx.run(_FORGET, before=tx.now - KEPT)
