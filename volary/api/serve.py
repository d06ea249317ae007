"""The API's ring: from a request to its answer, one step after the other.

find the door → read the body → identify the caller → need → limits → query and body → the operation → encode

This is the hot path; it stays short enough to be read at a glance.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

import msgspec

from volary.access.caller import Caller
from volary.api.answer import JSON, Answer, Headers
from volary.api.kinds import Kinds
from volary.api.limits import Limited, Limiter
from volary.api.machine import Machine, RawCall
from volary.api.operation import Operation
from volary.api.problems import refused
from volary.api.reasons import reasons
from volary.api.router import Router
from volary.kit.errors import Refusal

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Found = tuple[dict[str, "Operation | Machine"], list[str]]
"""The doors of a path by method, and the values of its parameters."""

Identify = Callable[[RawCall], Awaitable[Caller]]
"""Turns a request's credentials into a Caller; raises a refusal when there are none, or none that are valid."""

BODY_DEADLINE = 15.0
"""Seconds in which a body must arrive: the server below has no such limit (SR-252)."""

_TOO_LARGE = "The request body is too large: at most %(limit)s bytes."
_encode = msgspec.json.Encoder().encode
_COMMON: Headers = [
    (b"cache-control", b"no-cache, no-store, must-revalidate, private"),
    (b"vary", b"Authorization, Cookie"),
]


class TooLarge(Refusal):
    """The body has more bytes than the door takes."""

    status = 413


class TooSlow(Refusal):
    """The body did not arrive in time."""

    status = 408


class WrongMethod(Refusal):
    """The path is known, the method is not."""

    status = 405


class Api:
    """Every operation and machine door behind one router."""

    def __init__(
        self,
        operations: list[Operation],
        machines: list[Machine],
        identify: Identify,
        limiter: Limiter,
        kinds: Kinds,
        portal: str,
    ) -> None:
        self.router: Router[Operation | Machine] = Router()
        doors: list[Operation | Machine] = [*operations, *machines]
        for door in doors:
            self.router.add(door.method, door.path, door)
        self._identify = identify
        self._limiter = limiter
        self._kinds = kinds
        self._portal = portal

    async def answer(self, found: Found, raw: RawCall, receive: Receive) -> tuple[Answer, str]:
        """The answer of the doors that `router.find` found, and the name of the one that gave it ("" for none)."""
        methods, values = found
        door = methods.get(raw.method) or (methods.get("GET") if raw.method == "HEAD" else None)
        if door is None:
            return self._without_door(methods, raw), ""
        name = f"{door.method} {door.path}"
        try:
            if raw.method not in {"GET", "HEAD"}:
                refuse_if_declared_too_large(raw.header(b"content-length"), door.body_limit)
                raw = msgspec.structs.replace(raw, body=await read_body(receive, door.body_limit))
            if isinstance(door, Operation):
                return await self._operate(door, raw, values), name
            return await door.handler(raw), name
        except Refusal as refusal:
            return self._refused(refusal, raw), name

    def _without_door(self, methods: Iterable[str], raw: RawCall) -> Answer:
        """The path is known, the method is not. OPTIONS says which are; the rest of a preflight's answer is added by the server."""
        allowed = ", ".join(sorted(methods)).encode()
        if raw.method == "OPTIONS":
            return Answer(204, headers=[(b"allow", allowed)], content_type=b"")
        answer = refused(WrongMethod("This method is not allowed here."), raw.path, self._portal)
        answer.headers.append((b"allow", allowed))
        return answer

    def _refused(self, refusal: Refusal, raw: RawCall) -> Answer:
        """The answer to a refusal; its private reason, which a developer looks for, goes to the log."""
        reasons.tell(refusal, raw.request_id)
        answer = refused(refusal, raw.path, self._portal)
        if isinstance(refusal, TooLarge | TooSlow):  # what is left of the body is not read, so nothing can follow it
            answer.headers = [*answer.headers, (b"connection", b"close")]
        return answer

    async def _operate(self, asked: Operation, raw: RawCall, values: list[str]) -> Answer:
        caller = await self._identify(raw)
        headers: Headers = [*_COMMON, (b"x-access-level", caller.level.wire.encode())]
        try:
            asked.need.check(caller)
            headers += await self._limiter.check(asked.name, asked.limits, asked.need.app_only, caller, raw.db.now)
            reply = await asked.run(raw, caller, values, self._kinds)
        except Refusal as refusal:
            answer = self._refused(refusal, raw)
            answer.headers += headers
            if isinstance(refusal, Limited):
                answer.headers += refusal.headers
            return answer
        return Answer(reply.status or asked.status, _encode(reply.body), headers, JSON)


def refuse_if_declared_too_large(length: bytes | None, limit: int) -> None:
    """Raise TooLarge for a Content-Length above the limit before anything is read: a client that waits for `100 Continue` keeps its
    body to itself then (SR-249).
    """
    if length is not None and length.isdigit() and (len(length) > 18 or int(length) > limit):
        raise TooLarge(_TOO_LARGE, limit=limit)


async def read_body(receive: Receive, limit: int, seconds: float = BODY_DEADLINE) -> bytes:
    """The whole body. Raises TooLarge before it is all there, TooSlow when it does not come within so many seconds."""
    chunks: list[bytes] = []
    size = 0
    with _Deadline(seconds):
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise TooSlow("The connection ended before the body was there.")
            chunk = message.get("body", b"")
            size += len(chunk)
            if size > limit:
                raise TooLarge(_TOO_LARGE, limit=limit)
            chunks.append(chunk)
            if not message.get("more_body"):
                return chunks[0] if len(chunks) == 1 else b"".join(chunks)


class _Deadline:
    """Ends what the task is waiting for after so many seconds, with TooSlow. `asyncio.timeout`, which pages use, in little: 3 µs
    instead of 10, on the hot path.
    """

    __slots__ = ("_late", "_task", "_timer")

    def __init__(self, seconds: float) -> None:
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("a deadline needs a task")
        self._task, self._late = task, False
        self._timer = task.get_loop().call_later(seconds, self._over)

    def _over(self) -> None:
        self._late = True
        self._task.cancel()

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._timer.cancel()
        if self._late and self._task.uncancel() == 0 and kind is asyncio.CancelledError:
            raise TooSlow("The request body took too long to arrive.") from None
