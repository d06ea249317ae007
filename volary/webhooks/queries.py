"""Reading webhooks and their deliveries."""

from sqlalchemy import bindparam, func, select

from volary.db import Reader, statement
from volary.kit.ids import LARGEST_ID
from volary.webhooks.models import WAITING, DeliveryRow, SecretRow, WebhookRow, deliveries, webhooks

_ROW = tuple(webhooks.c[name] for name in WebhookRow.__struct_fields__)
_EVERY = statement(select(*_ROW).order_by(webhooks.c.id), WebhookRow)
_SECRET = statement(
    select(webhooks.c.url, webhooks.c.secret).where(webhooks.c.id == bindparam("webhook_id")), SecretRow
)
_DELIVERY = tuple(deliveries.c[name] for name in DeliveryRow.__struct_fields__)
_ONE = statement(select(*_DELIVERY).where(deliveries.c.id == bindparam("delivery_id")), DeliveryRow)
_LATEST = (
    select(*_DELIVERY)
    .where(deliveries.c.id < bindparam("before"))
    .order_by(deliveries.c.id.desc())
    .limit(bindparam("count"))
)
_OF_ALL = statement(_LATEST, DeliveryRow)
_OF_ONE = statement(_LATEST.where(deliveries.c.webhook_id == bindparam("webhook_id")), DeliveryRow)
_COUNT_WAITING = statement(
    select(func.count())
    .select_from(deliveries)
    .where(deliveries.c.webhook_id == bindparam("webhook_id"), deliveries.c.state == WAITING),
    int,
)


async def every_webhook(reader: Reader) -> list[WebhookRow]:
    """Every webhook, the oldest first; there are few."""
    return await reader.all(_EVERY)


async def sending(reader: Reader, webhook_id: int) -> SecretRow | None:
    """Where a webhook leads, and its sealed secret."""
    return await reader.one(_SECRET, webhook_id=webhook_id)


async def delivery_by_id(reader: Reader, delivery_id: int) -> DeliveryRow | None:
    """One delivery."""
    return await reader.one(_ONE, delivery_id=delivery_id)


async def latest_deliveries(
    reader: Reader, webhook_id: int | None = None, count: int = 100, before: int = LARGEST_ID
) -> list[DeliveryRow]:
    """Deliveries, the latest first, of one webhook or of all."""
    if webhook_id is None:
        return await reader.all(_OF_ALL, before=before, count=count)
    return await reader.all(_OF_ONE, before=before, count=count, webhook_id=webhook_id)


async def count_waiting(reader: Reader, webhook_id: int) -> int:
    """How much waits for a receiver."""
    return await reader.one(_COUNT_WAITING, webhook_id=webhook_id) or 0
