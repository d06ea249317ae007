"""The examples of the API's reference, taken from honest calls: `python -m tests.examples` makes each operation's call and keeps what was
asked and answered.

Ids, moments and keys are numbered anew in the order in which they appear, so that two recordings of the same answers are alike. The
caller's own id is always ME.
"""

import asyncio
import re

import msgspec

from tests.server.calls import ASK, FORM, caller_of
from tests.server.house import House, opened
from tests.server.houses import sqlite_place
from volary.api.reference.examples import FILE, ME, Example

_ID = re.compile(r"(?<![\w.])\d{15,19}(?![\w.])")
_MOMENT = re.compile(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z")


async def recorded(house: House, name: str) -> Example:
    """The honest call of an operation and its answer."""
    who = await house.signed(house.cast.ann) if "/1.1/" in name else await caller_of(house, name)
    ask = await ASK[name](house)
    got = await house.send(name.split(" ", maxsplit=1)[0], ask.target, who, body=ask.body, kind=ask.kind)
    assert got.status < 300, (name, got.status, got.body)
    sent = ask.body.decode() if ask.kind.startswith(("application/json", FORM)) else ""
    answered = got.body.decode() if (got.header("content-type") or "").startswith("application/json") else ""
    target, sent, answered = _plain(house.cast.ann.id, ask.target, sent, answered)
    return Example(target, sent, answered, ask.kind, got.status)


def _plain(me: int, *texts: str) -> list[str]:
    """Texts with numbers that do not change from one recording to the next."""
    seen = {str(me): ME}

    def numbered(found: re.Match[str]) -> str:
        return seen.setdefault(found[0], str(int(ME) + 1000 + len(seen)))

    return [_MOMENT.sub("2026-01-02T03:04:05.000Z", _ID.sub(numbered, text)) for text in texts]


async def record(url: str) -> None:
    """Record every operation."""
    async with opened(url) as house:
        found = {name: await recorded(house, name) for name in sorted(ASK)}
    FILE.write_bytes(msgspec.json.format(msgspec.json.encode(found), indent=1) + b"\n")


if __name__ == "__main__":
    with sqlite_place() as place:
        asyncio.run(record(place))
