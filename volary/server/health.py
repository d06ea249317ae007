"""Doors for those who run the server: is the process alive, can it work, what has it done."""

import ipaddress

from sqlalchemy import literal, select

from volary.api.answer import Answer, json_answer
from volary.api.machine import RawCall, machine
from volary.db import statement
from volary.kit.errors import NotFound, Refusal
from volary.kit.hosts import networks
from volary.server.metrics import Counts

_ALIVE = statement(select(literal(1).label("alive")), int)
_TEXT = b"text/plain; version=0.0.4; charset=utf-8"


@machine("GET", "/healthz")
async def alive(call: RawCall) -> Answer:
    """The process runs. It stays true while the database is away, so that nobody restarts a healthy process for that."""
    return json_answer(200, {"status": "ok"})


@machine("GET", "/readyz")
async def ready(call: RawCall) -> Answer:
    """The process can work: the database answers. 503 otherwise, so that a load balancer looks elsewhere."""
    try:
        await call.db.one(_ALIVE)
    except Refusal:
        return json_answer(503, {"status": "the database does not answer"}, [(b"retry-after", b"1")])
    return json_answer(200, {"status": "ok"})


@machine("GET", "/metrics")
async def metrics(call: RawCall) -> Answer:
    """Counters for Prometheus, for this machine and the operator's own networks only."""
    if not call.settings.metrics or not _may_read(call):
        raise NotFound("There is nothing here.")
    return Answer(200, call.resources[Counts].exposed(), content_type=_TEXT)


_FORWARDED = (b"x-forwarded-for", b"forwarded", b"x-real-ip")


def _may_read(call: RawCall) -> bool:
    """Whether the caller sits at this machine or in the operator's networks. A proxy that is not trusted hides who asks: it is refused."""
    own = networks(call.settings.trusted_proxies)
    if not own and any(call.header(name) is not None for name in _FORWARDED):
        return False
    try:
        address = ipaddress.ip_address(call.address)
    except ValueError:
        return call.address == ""  # a socket file: only this machine can use it
    return address.is_loopback or any(address in network for network in own)
