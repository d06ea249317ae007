"""The API's ring: from a request to its answer, one step after the other.

find the door → read the body → identify the caller → need → limits → query and body → the operation → encode

This is the hot path; it stays short enough to be read at a glance.
"""

from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

import msgspec

from volary.access.caller import Caller
from volary.access.closing import ReadOnly
from volary.api.answer import JSON, Answer, Headers
from volary.api.bodies import Receive, TooLarge, TooSlow, read_body, refuse_if_declared_too_large
from volary.api.kinds import Kinds
from volary.api.large import FORM_LIMIT, LargeBodies, LargeBody
from volary.api.limits import Limited, Limiter
from volary.api.machine import Machine, RawCall
from volary.api.operation import Operation
from volary.api.problems import refused
from volary.api.reasons import reasons
from volary.api.router import Router
from volary.kit.errors import Refusal

Scope = MutableMapping[str, Any]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Found = tuple[dict[str, "Operation | Machine"], list[str]]
"""The doors of a path by method, and the values of its parameters."""

Identify = Callable[[RawCall], Awaitable[Caller]]
"""Turns a request's credentials into a Caller; raises a refusal when there are none, or none that are valid."""

_encode = msgspec.json.Encoder().encode
_FORM = b"application/x-www-form-urlencoded"
_COMMON: Headers = [
    (b"cache-control", b"no-cache, no-store, must-revalidate, private"),
    (b"vary", b"Authorization, Cookie"),
]


class WrongMethod(Refusal):
    """The path is known, the method is not."""

    status = 405


class Broken(Exception):
    """Something of ours failed while a known caller was served; what failed is the cause."""

    def __init__(self, caller: Caller, door: str) -> None:
        super().__init__(f"{door} failed")
        self.caller = caller
        self.door = door


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
        read_only: ReadOnly | None = None,
    ) -> None:
        self.router: Router[Operation | Machine] = Router()
        doors: list[Operation | Machine] = [*operations, *machines]
        for door in doors:
            self.router.add(door.method, door.path, door)
        self._identify = identify
        self._limiter = limiter
        self._kinds = kinds
        self._portal = portal
        self._read_only = read_only or ReadOnly()
        self._large = LargeBodies()

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
                if isinstance(door, Operation) and door.large:
                    return await self._take(door, raw, values, receive), name
                raw = msgspec.structs.replace(raw, body=await read_body(receive, door.body_limit))
            if isinstance(door, Operation):
                return await self._operate(door, raw, values), name
            return await door.handler(raw), name
        except Refusal as refusal:
            return self._refused(refusal, raw), name

    async def tried(self, asked: Operation, raw: RawCall, caller: Caller, values: list[str]) -> Answer:
        """An operation for a caller who is known already: a developer who tries it in the portal. Need and limits hold as for a request;
        `raw` brings a body that was read whole. Raises Broken.
        """
        return await self._operate(asked, raw, values, None, caller)

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
        answer.refusal = refusal
        if isinstance(refusal, TooLarge | TooSlow):  # what is left of the body is not read, so nothing can follow it
            answer.headers = [*answer.headers, (b"connection", b"close")]
        return answer

    async def _take(self, asked: Operation, raw: RawCall, values: list[str], receive: Receive) -> Answer:
        """An operation that takes files. A form is short, and read before its signature is checked, which covers it; of any other body
        nothing is kept before the caller is known and may call. What is refused is read and dropped: clients send first and read then.
        """
        if raw.kind == _FORM:
            refuse_if_declared_too_large(raw.header(b"content-length"), FORM_LIMIT)
            raw = msgspec.structs.replace(raw, body=await read_body(receive, FORM_LIMIT))
            return await self._operate(asked, raw, values)
        body = self._large.body(receive, asked.body_limit)
        try:
            answer = await self._operate(asked, raw, values, body)
        except Refusal as refusal:
            answer = self._refused(refusal, raw)
        finally:
            body.release()
        if not await body.drained():
            answer.headers = [*answer.headers, (b"connection", b"close")]
        return answer

    async def _operate(
        self,
        asked: Operation,
        raw: RawCall,
        values: list[str],
        body: LargeBody | None = None,
        known: Caller | None = None,
    ) -> Answer:
        caller = known or await self._identify(raw)
        headers: Headers = [*_COMMON, (b"x-access-level", caller.level.wire.encode())]
        try:
            asked.need.check(caller)
            if asked.method != "GET":
                self._read_only.refuse()
            headers += await self._limiter.check(asked.name, asked.limits, asked.need.app_only, caller, raw.db.now)
            if body is not None:
                raw = msgspec.structs.replace(raw, body=await body.read(caller.account_id))
            reply = await asked.run(raw, caller, values, self._kinds)
        except Refusal as refusal:
            answer = self._refused(refusal, raw)
            answer.headers += headers
            answer.caller = caller
            if isinstance(refusal, Limited):
                answer.headers += refusal.headers
            return answer
        except Exception as error:
            raise Broken(caller, asked.name) from error
        if isinstance(reply, Answer):
            reply.headers = [*headers, *reply.headers]
            reply.caller = caller
            return reply
        if reply.body is None:
            return Answer(reply.status or asked.status, headers=headers, content_type=b"", caller=caller)
        return Answer(reply.status or asked.status, _encode(reply.body), headers, JSON, caller=caller)
