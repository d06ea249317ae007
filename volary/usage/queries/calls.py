"""An App's latest calls, the newest first."""

import msgspec
from sqlalchemy import bindparam, select

from volary.db import Reader, statement
from volary.usage.models import LoggedCall, app_calls
from volary.usage.rules.bounds import most_kept

_LATEST = statement(
    select(app_calls.c.calls)
    .where(
        app_calls.c.app_id == bindparam("app_id"),
        app_calls.c.proven == bindparam("proven"),
        app_calls.c.last_at >= bindparam("since"),
    )
    .order_by(app_calls.c.id.desc())
    .limit(bindparam("most")),
    bytes,
)
_decode = msgspec.msgpack.Decoder(list[LoggedCall]).decode


class Wanted(msgspec.Struct, frozen=True):
    """Which of the calls: those of a class of statuses (4 for 4xx; 0 for all), of an endpoint, or with a request id."""

    status_class: int = 0
    endpoint: str = ""
    request_id: str = ""

    def takes(self, call: LoggedCall) -> bool:
        """Whether a call is one of them."""
        return (
            (not self.status_class or call.status // 100 == self.status_class)
            and (not self.endpoint or call.endpoint == self.endpoint)
            and (not self.request_id or call.request_id == self.request_id)
        )


async def latest_calls(reader: Reader, app_id: int, since: int, *, proven: bool = True) -> list[LoggedCall]:
    """The calls that are kept of an App since a moment, the newest first. `proven=False` gives those that only named it."""
    most = most_kept(app_id, proven=proven)
    calls: list[LoggedCall] = []
    for batch in await reader.all(_LATEST, app_id=app_id, proven=int(proven), since=since, most=most):
        calls += reversed(_decode(batch))
        if (
            len(calls) >= 2 * most
        ):  # several processes write their batches beside each other, so the order is not quite theirs
            break
    calls.sort(key=_when, reverse=True)
    return [call for call in calls if call.at >= since][:most]


def _when(call: LoggedCall) -> int:
    return call.at
