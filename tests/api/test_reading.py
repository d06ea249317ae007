"""Bodies as they come in: in pieces, too many of them, or never."""

import asyncio
from collections.abc import MutableMapping
from typing import Any

import pytest

from volary.api.bodies import TooLarge, TooSlow, read_body, refuse_if_declared_too_large


class Sender:
    """A client that sends these pieces and then nothing more."""

    def __init__(self, *pieces: bytes, last: bool = True) -> None:
        self._pieces = list(pieces)
        self._last = last
        self.asked = 0

    async def __call__(self) -> MutableMapping[str, Any]:
        self.asked += 1
        if not self._pieces:
            await asyncio.Event().wait()
        piece = self._pieces.pop(0)
        return {"type": "http.request", "body": piece, "more_body": bool(self._pieces) or not self._last}


async def test_pieces_become_one_body() -> None:
    assert await read_body(Sender(b"a", b"", b"bc"), 3) == b"abc"
    assert await read_body(Sender(b""), 0) == b""


@pytest.mark.attack("SR-243")
async def test_reading_stops_as_soon_as_there_is_too_much() -> None:
    sender = Sender(*[b"x" * 10] * 1000)
    with pytest.raises(TooLarge, match="at most 25 bytes"):
        await read_body(sender, 25)
    assert sender.asked == 3


@pytest.mark.attack("SR-252")
async def test_a_body_that_does_not_come_is_not_waited_for() -> None:
    with pytest.raises(TooSlow, match="too long"):
        await read_body(Sender(b"abc", last=False), 100, seconds=0.02)
    drip = Sender(*[b"x"] * 1000, last=False)

    async def slowly() -> MutableMapping[str, Any]:
        await asyncio.sleep(0.002)
        return await drip()

    with pytest.raises(TooSlow):  # each piece in time, the whole too late
        await read_body(slowly, 100_000, seconds=0.02)
    assert drip.asked < 50


async def test_a_client_that_went_away_is_not_waited_for() -> None:
    async def gone() -> MutableMapping[str, Any]:
        return {"type": "http.disconnect"}

    with pytest.raises(TooSlow, match="ended"):
        await read_body(gone, 100)


@pytest.mark.attack("SR-249")
@pytest.mark.parametrize("length", [b"101", b"5000000000", b"9" * 5_000])
def test_what_is_announced_as_too_large_is_refused_before_it_is_asked_for(length: bytes) -> None:
    with pytest.raises(TooLarge):
        refuse_if_declared_too_large(length, 100)


@pytest.mark.parametrize("length", [None, b"100", b"0", b"", b"-1", b"+5", b"ten"])
def test_other_lengths_are_left_to_the_reading(length: bytes | None) -> None:
    refuse_if_declared_too_large(length, 100)
