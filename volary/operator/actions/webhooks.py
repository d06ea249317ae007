"""What operators do with webhooks. A secret stands in no event."""

from collections.abc import Sequence

from volary.activity.actions import record
from volary.db import Tx
from volary.operator.actions.actors import Actor, ensure_operator
from volary.webhooks import actions
from volary.webhooks.actions import NewWebhook


async def add(tx: Tx, actor: Actor, url: str, kinds: Sequence[str] = (), origins: Sequence[str] = ()) -> NewWebhook:
    """Name an address to be told of events. Raises NotAnOperator, BadAddress, TooManyWebhooks."""
    await ensure_operator(tx, actor)
    made = await actions.add_webhook(tx, url, kinds, origins)
    await _note(tx, actor, "webhook.added", made.id, {"url": made.url, "events": " ".join(sorted(set(kinds)))})
    return made


async def renew(tx: Tx, actor: Actor, webhook_id: int) -> str:
    """Sign everything with a new secret from now on; it is shown this once. Raises NotAnOperator, WebhookUnknown."""
    await ensure_operator(tx, actor)
    secret = await actions.rotate_secret(tx, webhook_id)
    await _note(tx, actor, "webhook.renewed", webhook_id)
    return secret


async def remove(tx: Tx, actor: Actor, webhook_id: int) -> None:
    """Tell an address nothing any more. Raises NotAnOperator, WebhookUnknown."""
    await ensure_operator(tx, actor)
    await actions.remove_webhook(tx, webhook_id)
    await _note(tx, actor, "webhook.removed", webhook_id)


async def test(tx: Tx, actor: Actor, webhook_id: int) -> int:
    """Send an event that means nothing; the delivery's number. Raises NotAnOperator, WebhookUnknown."""
    await ensure_operator(tx, actor)
    delivery_id = await actions.send_test(tx, webhook_id)
    await _note(tx, actor, "webhook.tested", webhook_id)
    return delivery_id


async def redeliver(tx: Tx, actor: Actor, delivery_id: int) -> None:
    """Send again what was delivered or given up. Raises NotAnOperator, and what `webhooks.actions.redeliver` raises."""
    await ensure_operator(tx, actor)
    await actions.redeliver(tx, delivery_id)
    await _note(tx, actor, "webhook.redelivered", delivery_id)


async def _note(tx: Tx, actor: Actor, kind: str, subject_id: int, detail: dict[str, str | int] | None = None) -> None:
    await record(
        tx,
        kind,
        account_id=None,
        actor_id=actor.account_id,
        subject_id=subject_id,
        address=actor.address,
        detail=detail,
    )
