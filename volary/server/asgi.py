"""The way of a request through the process, on one screen.

id → host → client's address → which door → the API's ring or the pages' ring → counters and log

A path belongs to the API when an operation or a machine door is declared for it, else to the pages. What lies under the API's own
prefixes and has neither is answered as X answers an unknown path: 404, no body.
"""

import itertools
import logging
import os
import time
from collections.abc import MutableMapping
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send

from volary.api.answer import Answer, json_answer
from volary.api.machine import RawCall
from volary.api.serve import Api
from volary.db import Database
from volary.kit.hosts import client_address, matching_origin, networks
from volary.kit.resources import Resources
from volary.server.cors import CrossOrigin
from volary.server.metrics import Counts
from volary.settings import Settings
from volary.web import Site

log = logging.getLogger("volary.requests")

_PREFIXES = ("/2/", "/1.1/", "/1/", "/oauth2/", "/12/")
_UNKNOWN = Answer(404, content_type=b"")
_ELSEWHERE = Answer(421, b"This server does not answer for this host.\n", content_type=b"text/plain; charset=utf-8")
_FAILED = {"title": "Internal Server Error", "type": "about:blank", "status": 500, "detail": "Something went wrong."}


class Front:
    """The ASGI application: takes every request, gives it to the ring that it belongs to, and sends what comes back."""

    def __init__(self, api: Api, site: Site, cross_origin: CrossOrigin, resources: Resources) -> None:
        self._api = api
        self._site: ASGIApp = site
        self._has_page = site.routes.find
        self._cross_origin = cross_origin
        self._resources = resources
        self._settings = resources[Settings]
        self._db = resources[Database]
        self._counts = resources[Counts]
        self._trusted = networks(self._settings.trusted_proxies)
        self._prefix = self._settings.path_prefix
        self._hosts: dict[bytes, bool] = {}
        self._ids = itertools.count(int.from_bytes(os.urandom(6)))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        began = time.perf_counter()
        request_id = f"{next(self._ids) & 0xFFFFFFFFFFFF:012x}"
        headers: list[tuple[bytes, bytes]] = scope["headers"]
        address = self._address(scope, headers)
        path = _without(self._prefix, scope["path"])
        if not self._is_ours(headers):
            status, door = await _send(send, _ELSEWHERE, request_id), ""
        elif (found := self._api.router.find(path)) is not None and (
            scope["method"] in found[0] or not self._has_page(path)[0]
        ):
            raw = RawCall(
                method=scope["method"],
                path=path,
                raw_path=scope.get("raw_path") or scope["path"].encode(),
                query_string=scope["query_string"],
                headers=headers,
                body=b"",
                address=address,
                request_id=request_id,
                db=self._db,
                settings=self._settings,
                resources=self._resources,
            )
            status, door = await self._machine(found, raw, receive, send)
        elif path.startswith(_PREFIXES) and not self._has_page(path)[0]:
            status, door = await _send(send, _UNKNOWN, request_id), ""
        else:
            status, door = await self._page(scope, path, address, request_id, receive, send)
        self._counts.count(door, status, time.perf_counter() - began)
        if status >= 500:
            log.error("%s %s answered %d", scope["method"], path, status, extra={"request_id": request_id})

    async def _machine(self, found: Any, raw: RawCall, receive: Receive, send: Send) -> tuple[int, str]:
        """The API's ring. Whatever goes wrong in it, the caller gets an answer that clients can read."""
        try:
            preflight = await self._cross_origin.preflight(raw, found[0])
            answer, door = (preflight, "") if preflight else await self._api.answer(found, raw, receive)
            await self._cross_origin.allow(raw, answer)
        except Exception:
            log.exception("%s %s failed", raw.method, raw.path, extra={"request_id": raw.request_id})
            answer, door = json_answer(500, _FAILED), f"{raw.method} {raw.path}"
        return await _send(send, answer, raw.request_id, head=raw.method == "HEAD"), door

    async def _page(
        self, scope: Scope, path: str, address: str, request_id: str, receive: Receive, send: Send
    ) -> tuple[int, str]:
        """The pages' ring; its answers are watched for their status."""
        status = 500

        async def watched(message: MutableMapping[str, Any]) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        inner = {**scope, "path": path, "state": {"address": address, "request_id": request_id}}
        await self._site(inner, receive, watched)
        return status, "page"

    def _address(self, scope: Scope, headers: list[tuple[bytes, bytes]]) -> str:
        peer = scope["client"][0] if scope.get("client") else ""
        if not self._trusted:
            return peer
        forwarded = [value.decode("latin-1") for name, value in headers if name == b"x-forwarded-for"]
        return client_address(peer, forwarded, self._trusted)

    def _is_ours(self, headers: list[tuple[bytes, bytes]]) -> bool:
        """Whether exactly one Host header names this server (SR-256, SR-297). Answers are kept for the hosts that do."""
        hosts = [value for name, value in headers if name == b"host"]
        if len(hosts) != 1:
            return False
        known = self._hosts.get(hosts[0])
        if known is None:
            known = matching_origin(hosts[0].decode("latin-1"), self._settings.origins) is not None
            if known:
                self._hosts[hosts[0]] = known
        return known


async def _send(send: Send, answer: Answer, request_id: str, *, head: bool = False) -> int:
    """Send an answer whole. An answer to HEAD has the same headers and no body."""
    headers = [
        (b"content-length", b"%d" % len(answer.body)),
        (b"x-transaction-id", request_id.encode()),
        *answer.headers,
    ]
    if answer.content_type:
        headers.append((b"content-type", answer.content_type))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if head else answer.body})
    return answer.status


def _without(prefix: str, path: str) -> str:
    """The path below the public URL's own; a proxy may pass it on whole or without the prefix."""
    return path.removeprefix(prefix) or "/" if prefix and path.startswith(prefix) else path
