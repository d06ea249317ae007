"""The way of a request through the process, on one screen.

id → gate (size, host, https, address) → which door → the API's ring or the pages' ring → counters and log

A path belongs to the API when an operation or a machine door is declared for it, else to the pages. What lies under the API's own
prefixes and has neither is answered as X answers an unknown path: 404, no body.
"""

import itertools
import logging
import os
import time
from collections.abc import MutableMapping
from typing import Any

from starlette.responses import StreamingResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from volary.api.answer import Answer, Headers, Pieces, json_answer
from volary.api.machine import RawCall
from volary.api.serve import Api, Broken, Found
from volary.db import Database
from volary.kit.resources import Resources
from volary.kit.whence import ACTOR, ADDRESS
from volary.server.cors import CrossOrigin
from volary.server.gate import Arrival, Gate
from volary.server.metrics import Counts
from volary.settings import Settings
from volary.usage.actions.noting import Calls
from volary.web import Site
from volary.web.headers import HSTS
from volary.web.visit import REFUSAL

log = logging.getLogger("volary.requests")

_PREFIXES = ("/2/", "/1.1/", "/1/", "/oauth2/", "/12/")
_WATCHED = ("/healthz", "/readyz", "/metrics")
"""Doors that a load balancer asks over plain http."""
_UNKNOWN = Answer(404, content_type=b"")
_ALWAYS = ((b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff"))
"""Where a door says nothing else."""
_FAILED = {"title": "Internal Server Error", "type": "about:blank", "status": 500, "detail": "Something went wrong."}
_NO_TLS = json_answer(403, {"errors": [{"code": 92, "message": "SSL is required"}]})


class Front:
    """The ASGI application: takes every request, gives it to the ring that it belongs to, and sends what comes back."""

    def __init__(self, api: Api, site: Site, cross_origin: CrossOrigin, resources: Resources) -> None:
        self.api = api
        self.site = site
        self._pages: ASGIApp = site
        self._cross_origin = cross_origin
        self._resources = resources
        self._settings = resources[Settings]
        self._db = resources[Database]
        self._counts = resources[Counts]
        self._calls = resources[Calls]
        self._gate = Gate(self._settings)
        self._ids = itertools.count(int.from_bytes(os.urandom(6)))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        began = time.perf_counter()
        request_id = f"{next(self._ids) & 0xFFFFFFFFFFFF:012x}"
        path, raw_path = scope["path"], scope.get("raw_path") or scope["path"].encode()
        peer = scope["client"][0] if scope.get("client") else ""
        arrival = self._gate.admit(path, raw_path, scope["query_string"], scope["headers"], peer)
        answer = None
        ACTOR.set(None)  # a process that began with commands serves people now
        ADDRESS.set("" if isinstance(arrival, Answer) else arrival.address)
        if isinstance(arrival, Answer):
            status, door = await _send(send, arrival, request_id), ""
        elif (found := self._machines(scope["method"], arrival)) is not None:
            raw = RawCall(
                method=scope["method"],
                path=arrival.path,
                raw_path=raw_path,
                query_string=scope["query_string"],
                headers=scope["headers"],
                body=b"",
                address=arrival.address,
                request_id=request_id,
                db=self._db,
                settings=self._settings,
                resources=self._resources,
            )
            status, door, answer = await self._machine(scope, found, raw, arrival, receive, send)
        elif arrival.path.startswith(_PREFIXES) and not self.site.routes.named(arrival.path):
            status, door = await _send(send, _UNKNOWN, request_id), ""
        elif arrival.plain:
            status, door = await _send(send, _over_https(scope, arrival, raw_path), request_id), "page"
        else:
            status, door = await self._page(scope, arrival, request_id, receive, send), "page"
        seconds = time.perf_counter() - began
        if answer is not None:
            self._calls.note(answer, door, began, seconds, request_id)
        self._tell(scope, arrival, request_id, door, status, seconds)

    def _machines(self, method: str, arrival: Arrival) -> Found | None:
        """The API's doors at a path, unless a page is there that takes this method."""
        found = self.api.router.find(arrival.path)
        return found if found and (method in found[0] or not self.site.routes.named(arrival.path)) else None

    async def _machine(
        self, scope: Scope, found: Found, raw: RawCall, arrival: Arrival, receive: Receive, send: Send
    ) -> tuple[int, str, Answer]:
        """The API's ring. Whatever goes wrong in it, the caller gets an answer that clients can read."""
        door = ""
        try:
            if arrival.plain and arrival.path not in _WATCHED:
                answer = _NO_TLS  # credentials that came over plain http are not even looked at (SR-305)
            else:
                answer, door = await self.api.answer(found, raw, receive)
                await self._cross_origin.allow(raw, answer)
        except Exception as error:
            log.exception("%s %s failed", raw.method, raw.path, extra={"request_id": raw.request_id})
            answer, door = json_answer(500, _FAILED), f"{raw.method} {raw.path}"
            if isinstance(error, Broken):
                answer.caller, door = error.caller, error.door
        more = [(b"strict-transport-security", HSTS.encode())] if arrival.origin.startswith("https:") else []
        if answer.pieces is not None:
            return await _stream(scope, receive, send, answer, answer.pieces, raw.request_id, more), door, answer
        return await _send(send, answer, raw.request_id, more, head=raw.method == "HEAD"), door, answer

    async def _page(self, scope: Scope, arrival: Arrival, request_id: str, receive: Receive, send: Send) -> int:
        """The pages' ring; its answers are watched for their status."""
        status = 500

        async def watched(message: MutableMapping[str, Any]) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        inner = {**scope, "path": arrival.path, "state": {"address": arrival.address, "request_id": request_id}}
        began = time.perf_counter()
        await self._pages(inner, receive, watched)
        refusal = inner["state"].get(REFUSAL)
        if refusal is not None:
            endpoint, seconds = f"{scope['method']} {arrival.path}", time.perf_counter() - began
            self._calls.note(Answer(status, refusal=refusal), endpoint, began, seconds, request_id)
        return status

    def _tell(
        self, scope: Scope, arrival: Arrival | Answer, request_id: str, door: str, status: int, seconds: float
    ) -> None:
        """Count the answer, and log it where that is wanted or something is wrong. A query is never logged: tokens travel in some."""
        self._counts.count(door, status, seconds)
        if status >= 500 or self._settings.log_requests:
            log.log(
                logging.ERROR if status >= 500 else logging.INFO,
                "request",
                extra={
                    "request_id": request_id,
                    "method": scope["method"],
                    "path": scope["path"],
                    "status": status,
                    "milliseconds": round(seconds * 1000, 1),
                    "address": "" if isinstance(arrival, Answer) else arrival.address,
                },
            )


async def _send(send: Send, answer: Answer, request_id: str, more: Headers | None = None, *, head: bool = False) -> int:
    """Send an answer whole. An answer to HEAD has the same headers and no body."""
    headers = [(b"content-length", b"%d" % len(answer.body)), *_headers(answer, request_id, more)]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if head else answer.body})
    return answer.status


def _headers(answer: Answer, request_id: str, more: Headers | None) -> Headers:
    """The headers of an answer, but for its length."""
    told = {name for name, _ in answer.headers}
    headers = [(b"x-transaction-id", request_id.encode()), *(more or ()), *answer.headers]
    headers += [header for header in _ALWAYS if header[0] not in told]
    if answer.content_type:
        headers.append((b"content-type", answer.content_type))
    return headers


async def _stream(
    scope: Scope, receive: Receive, send: Send, answer: Answer, pieces: Pieces, request_id: str, more: Headers
) -> int:
    """Send an answer piece by piece, for as long as somebody listens."""
    headers = _headers(answer, request_id, more)
    if scope["method"] == "HEAD":
        pieces.close()
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await send({"type": "http.response.body", "body": b""})
        return answer.status
    response = StreamingResponse(pieces, answer.status)
    response.raw_headers = headers
    await response(scope, receive, send)
    return answer.status


def _over_https(scope: Scope, arrival: Arrival, raw_path: bytes) -> Answer:
    """Where a page that was asked for over plain http is found. A form is not sent on: what was typed into it travelled in the open."""
    if scope["method"] not in {"GET", "HEAD"}:
        return Answer(403, b"This server takes forms over https only.\n", content_type=b"text/plain; charset=utf-8")
    query = b"?" + scope["query_string"] if scope["query_string"] else b""
    return Answer(308, headers=[(b"location", arrival.origin.encode() + raw_path + query)], content_type=b"")
