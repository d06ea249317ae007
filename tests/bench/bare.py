"""The bare server: the least that an ASGI application can do, with the answer of `GET /2/users/me`."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

BODY = b'{"data":{"id":"2124451977218420736","name":"Ann Ameland","username":"ann"}}'
HEADERS = [(b"content-type", b"application/json; charset=utf-8"), (b"content-length", b"%d" % len(BODY))]


async def app(
    scope: MutableMapping[str, Any],
    receive: Callable[[], Awaitable[MutableMapping[str, Any]]],
    send: Callable[[MutableMapping[str, Any]], Awaitable[None]],
) -> None:
    """Answer everything alike, after reading the body where there is one."""
    if scope["type"] == "lifespan":
        while True:
            kind = (await receive())["type"]
            await send({"type": f"{kind}.complete"})
            if kind == "lifespan.shutdown":
                return
    if scope["method"] == "POST":
        while (await receive()).get("more_body"):
            pass
    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
    await send({"type": "http.response.body", "body": BODY})
