"""The tables of webhooks and of what is sent by them, and the rows that queries give."""

import msgspec
from sqlalchemy import Index, UniqueConstraint

from volary.db.tables import digest_column, id_column, moment, octets, table, text, whole

WAITING, DELIVERED, FAILED = "waiting", "delivered", "failed"
"""A delivery waits (or is tried again), was taken with a status of 2xx, or was given up."""

webhooks = table(
    "webhooks",
    digest_column(),
    whole("id"),
    text("url"),
    text("events", default=""),
    octets("secret"),
    moment("created_at"),
    moment("delivered_at", optional=True),
    whole("skipped", default=0),
    UniqueConstraint("id"),
)
"""`digest` is that of the secret, which is sealed. `events` are kinds with spaces between, empty for all of them. `skipped` counts events
that were not even written down, since too many waited for a receiver that does not answer."""

deliveries = table(
    "webhook_deliveries",
    id_column(),
    whole("webhook_id"),
    text("kind"),
    text("body"),
    text("state", default=WAITING),
    whole("tries", default=0),
    whole("status", optional=True),
    whole("milliseconds", optional=True),
    text("answer", default=""),
    moment("created_at"),
    moment("tried_at", optional=True),
    Index(None, "webhook_id", "state"),
    Index(None, "created_at"),
)
"""`body` is what is sent, byte for byte, at every try. `answer` is how what came back begins, or why nothing did."""


class WebhookRow(msgspec.Struct, frozen=True):
    """A webhook as operators see it."""

    id: int
    url: str
    events: str
    created_at: int
    delivered_at: int | None
    skipped: int


class SecretRow(msgspec.Struct, frozen=True):
    """What sending needs."""

    url: str
    secret: bytes


class DeliveryRow(msgspec.Struct, frozen=True):
    """One thing that is sent to one webhook."""

    id: int
    webhook_id: int
    kind: str
    body: str
    state: str
    tries: int
    status: int | None
    milliseconds: int | None
    answer: str
    created_at: int
    tried_at: int | None
