"""Calling an address that somebody typed: the name is resolved once, each address is checked, and a checked one is called.

Within ten seconds for everything; nothing is followed, nothing is unpacked, and no more is read than the beginning (SR-231, SR-234).
"""

import asyncio
import socket
import ssl
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import cache

import h11
import msgspec

from volary.webhooks.rules.targets import BadTarget, Network, Target, checked_addresses

SECONDS = 10.0
"""For everything: the name, the connection, and the answer up to the end of what is read (SR-234)."""
MOST_READ = 64 * 1024
"""Bytes of an answer, its head included; what comes after them is not waited for."""
_HEAD = 16 * 1024
SHOWN = 500
"""Characters of an answer's body that are kept for the operator."""

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]


class NoAnswer(Exception):
    """Nobody answered in time, or what came is no HTTP; the text says what happened."""


class Answer(msgspec.Struct, frozen=True):
    """What came back: the status, how long it took, and how the body begins."""

    status: int
    milliseconds: int
    body: str


async def addresses_of(host: str, port: int) -> Sequence[str]:
    """The addresses of a name, by the system's resolver."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


async def post(
    target: Target,
    headers: Mapping[str, str],
    body: bytes,
    own: Sequence[Network] = (),
    *,
    resolve: Resolve = addresses_of,
    seconds: float = SECONDS,
) -> Answer:
    """POST a body. Raises BadTarget for an address that must not be called, NoAnswer."""
    began = time.monotonic()
    try:
        async with asyncio.timeout(seconds):
            status, said = await _exchange(target, headers, body, own, resolve)
    except TimeoutError:
        raise NoAnswer(f"no whole answer within {seconds:g} seconds") from None
    except (OSError, h11.ProtocolError, asyncio.IncompleteReadError) as error:
        raise NoAnswer(" ".join(str(error).split())[:SHOWN] or type(error).__name__) from error
    return Answer(status, int((time.monotonic() - began) * 1000), _shown(said))


async def _exchange(
    target: Target, headers: Mapping[str, str], body: bytes, own: Sequence[Network], resolve: Resolve
) -> tuple[int, bytes]:
    found = await resolve(target.host, target.port)
    reader, writer = await _connected(target, checked_addresses(target, found, own))
    try:
        talk = h11.Connection(h11.CLIENT, max_incomplete_event_size=_HEAD)
        head = {
            "host": target.named,
            "content-length": str(len(body)),
            "accept-encoding": "identity",
            "connection": "close",
        }
        request = h11.Request(method="POST", target=target.path, headers=list({**headers, **head}.items()))
        for event in (request, h11.Data(data=body), h11.EndOfMessage()):
            writer.write(talk.send(event) or b"")
        await writer.drain()
        return await _answer(talk, reader)
    finally:
        writer.transport.abort()


async def _connected(target: Target, addresses: Sequence[str]) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A connection to the first of the checked addresses that takes one. The certificate must be the name's, not the address's."""
    secure = target.scheme == "https"
    failure: OSError = OSError("no address")
    for address in addresses:
        try:
            return await asyncio.open_connection(
                address,
                target.port,
                ssl=_trust() if secure else None,
                server_hostname=target.host if secure else None,
            )
        except OSError as error:
            failure = error
    raise failure


@cache
def _trust() -> ssl.SSLContext:
    return ssl.create_default_context()


async def _answer(talk: h11.Connection, reader: asyncio.StreamReader) -> tuple[int, bytes]:
    """The status and the beginning of the body. An answer that goes on for ever is cut off, not refused: its status is known."""
    status, said, read = 0, b"", 0
    while True:
        event = talk.next_event()
        if event is h11.NEED_DATA:
            some = b"" if read >= MOST_READ else await reader.read(4096)
            if not some and status and read >= MOST_READ:
                return status, said
            read += len(some)
            talk.receive_data(some)
        elif isinstance(event, h11.Response):
            status = event.status_code
        elif isinstance(event, h11.Data) and len(said) < 4 * SHOWN:
            said += bytes(event.data)
        elif isinstance(event, h11.EndOfMessage | h11.ConnectionClosed):
            return status, said


def _shown(said: bytes) -> str:
    """The beginning of a body as text that can be shown anywhere: one line, nothing that moves a cursor."""
    text = said[: 4 * SHOWN].decode("utf-8", "replace")
    return "".join(one if one.isprintable() else " " for one in text)[:SHOWN]


__all__ = ["Answer", "BadTarget", "NoAnswer", "addresses_of", "post"]
