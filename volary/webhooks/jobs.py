"""Sending deliveries after the act, and forgetting old ones."""

import ipaddress

from volary.db import Database, Tx
from volary.jobs.declaring import GivenUp, Payload, Work, job
from volary.kit.clock import SECOND
from volary.kit.secrets import SealBroken
from volary.settings import Settings
from volary.webhooks.actions import DELIVER, end_delivery, forget_deliveries, note_try
from volary.webhooks.models import DELIVERED, DeliveryRow, SecretRow
from volary.webhooks.queries import delivery_by_id, sending
from volary.webhooks.rules.posting import Answer, NoAnswer, post
from volary.webhooks.rules.signing import PURPOSE, signature
from volary.webhooks.rules.targets import BadTarget, target_of

SWEEP_SECONDS = 3600.0


class NotTaken(Exception):
    """The receiver did not take a delivery; it is tried again."""


async def _given_up(tx: Tx, payload: Payload, why: str) -> None:
    await end_delivery(tx, int(payload["delivery_id"]))


@job(DELIVER, tries=14, seconds=30, farewell=_given_up)
async def deliver(work: Work, payload: Payload) -> None:
    """Send one delivery and write down the answer; fourteen tries take a day and a half. One that was delivered meanwhile, or whose
    webhook is gone, is left alone; one that was given up is sent after all, since somebody asked for its job again.
    """
    row = await delivery_by_id(work.db, int(payload["delivery_id"]))
    hook = await sending(work.db, row.webhook_id) if row is not None and row.state != DELIVERED else None
    if row is None or hook is None:
        return
    try:
        answer = await _sent(work, row, hook)
    except (NoAnswer, BadTarget) as error:
        why = str(error)
        await work.db.write(note_try, row.id, row.webhook_id, status=None, milliseconds=None, answer=why)
        raise NotTaken(why) from error
    if not await work.db.write(
        note_try, row.id, row.webhook_id, status=answer.status, milliseconds=answer.milliseconds, answer=answer.body
    ):
        raise NotTaken(f"the receiver answered {answer.status}")


async def _sent(work: Work, row: DeliveryRow, hook: SecretRow) -> Answer:
    """Sign and send. The signature is made at each try, so that receivers may refuse old ones; the bytes are those of the first."""
    settings, body, seconds = work.resources[Settings], row.body.encode(), work.db.now // SECOND
    try:
        secret = work.db.keys.unseal(PURPOSE, hook.secret)
    except SealBroken:
        raise GivenUp("the webhook's secret was sealed with a key that is not here: volary webhook rotate") from None
    headers = {
        "content-type": "application/json",
        "user-agent": f"Volary-Webhooks (+{settings.public_url})",
        "webhook-id": str(row.id),
        "webhook-timestamp": str(seconds),
        "webhook-signature": signature(secret, str(row.id), seconds, body),
    }
    own = [ipaddress.ip_network(one, strict=False) for one in settings.webhook_networks]
    return await post(target_of(hook.url), headers, body, own)


async def sweep(db: Database) -> None:
    """Forget old deliveries."""
    await db.write(forget_deliveries)
