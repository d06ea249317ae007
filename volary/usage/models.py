"""The tables of usage, and the values that queries give."""

import msgspec
from sqlalchemy import Index

from volary.db.tables import id_column, moment, octets, table, text, whole

app_usage = table(
    "app_usage",
    whole("app_id", key=True),
    whole("day", key=True),
    text("endpoint", key=True),
    whole("requests", default=0),
    whole("refused", default=0),
    whole("limited", default=0),
    whole("failed", default=0),
    whole("microseconds", default=0),
    Index(None, "day"),
    by_key=True,
)
"""How often an App called an endpoint on a day (days since 1970, UTC). Of `requests`, `refused` were answered 4xx, `limited` 429 and
`failed` 5xx, each counted in one of them only. The endpoint "" counts calls that named the App and proved nothing."""

app_calls = table(
    "app_calls",
    whole("app_id", key=True),
    whole("proven", key=True),
    id_column(),
    whole("size"),
    moment("last_at"),
    octets("calls"),
    Index(None, "last_at"),
    by_key=True,
)
"""An App's latest calls, those of one process and one flush to a row: `calls` holds so many (`size`) of them as msgpack. `proven` is 0 for
those that only named the App. App 0 stands for calls that named no App. The last column is the long one: who counts never reads it."""


class LoggedCall(msgspec.Struct, frozen=True, array_like=True, omit_defaults=True):
    """A call as it is kept. `endpoint` is a declared door's name, `scheme` how the caller proved who it is, `account_id` whom it acted
    for; `reason` names a sentence of `rules.reasons`, `facts` fill its places.
    """

    at: int
    endpoint: str
    status: int
    microseconds: int
    request_id: str
    scheme: str = ""
    account_id: int | None = None
    reason: str = ""
    facts: dict[str, str | int] = {}

    @property
    def milliseconds(self) -> float:
        """How long it took, to a tenth."""
        return round(self.microseconds / 1000, 1)


class Tally(msgspec.Struct):
    """What calls of one App at one endpoint come to."""

    requests: int = 0
    refused: int = 0
    limited: int = 0
    failed: int = 0
    microseconds: int = 0

    def wrong(self, status: int) -> None:
        """One of the calls was answered with this status of 400 or more."""
        if status >= 500:
            self.failed += 1
        elif status == 429:
            self.limited += 1
        else:
            self.refused += 1


class DayRow(msgspec.Struct, frozen=True):
    """A day of an App."""

    day: int
    requests: int
    refused: int
    limited: int
    failed: int
    microseconds: int


class EndpointRow(msgspec.Struct, frozen=True):
    """An endpoint of an App, over some days."""

    endpoint: str
    requests: int
    refused: int
    limited: int
    failed: int
    microseconds: int
