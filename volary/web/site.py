"""The ring around every page: an ASGI application made of doors."""

import logging
from collections.abc import Iterable
from itertools import chain

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from volary.access.closing import ReadOnly
from volary.db import Database
from volary.kit.errors import Refusal
from volary.kit.hosts import client_address, is_loopback, matching_origin, networks
from volary.kit.resources import Resources
from volary.kit.secrets import mint
from volary.language import chosen
from volary.settings import Settings
from volary.web import components, csrf, language_menu, problems
from volary.web.finish import finished
from volary.web.kinds import BY_STATUS, FORM_EXPIRED, FORM_FROM_ELSEWHERE
from volary.web.local import going_on_to
from volary.web.navigation import SIGN_IN, Navigation
from volary.web.page import Door, doors_of
from volary.web.reading import read_form
from volary.web.render import Renderer
from volary.web.routes import Routes
from volary.web.static import PREFIX, assets
from volary.web.visit import SignedIn, Visit, VisitorResolver

log = logging.getLogger("volary.web")


class Site:
    """All pages of an installation. Give it to the ASGI server, or to a larger application that passes page requests on.

    `resources` holds the Database, the Settings and, once there are sessions, the VisitorResolver.
    """

    def __init__(self, doors: Iterable[Door], resources: Resources) -> None:
        self.resources = resources
        self.settings: Settings = resources[Settings]
        self.db: Database = resources[Database]
        self.renderer = Renderer(self.settings)
        self.assets = assets(self.settings.accent)
        own = [language_menu, components] if self.settings.demo else [language_menu]
        self.routes = Routes([*doors, *chain.from_iterable(map(doors_of, own))])
        self.navigation = Navigation(self.settings, lambda path: self.has_door("GET", path))
        self.read_only = resources.get(ReadOnly) or ReadOnly()
        self._trusted = networks(self.settings.trusted_proxies)

    def has_door(self, method: str, path: str) -> bool:
        """Whether a page of our own answers there."""
        return method in self.routes.named(path)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        answer = await self.answer(request)
        await answer(scope, receive, send)

    async def answer(self, request: Request) -> Response:
        """The answer to one request; whatever happens, there is one."""
        origin = matching_origin(request.headers.get("host"), self.settings.origins)
        if origin is None:
            return PlainTextResponse(f"This server answers at {self.settings.public_url} only.\n", 421)
        path = request.scope["path"]
        if path.startswith(PREFIX) and (file := self.assets.answer(path, request.headers)):
            return file
        visit = Visit(self, request, origin, self._address(request), _request_id(request))
        try:
            answer = await self._visited(visit)
        except Refusal as refusal:
            answer = problems.refused(visit, refusal)
        except Exception:
            log.exception("page failed", extra={"request_id": visit.request_id})
            answer = visit.problem(500, visit.t(BY_STATUS[500].about))
        return finished(visit, answer)

    async def _visited(self, visit: Visit) -> Response:
        """The checks in their order, then the handler."""
        request = visit.request
        if request.method in {"GET", "HEAD"} and self._is_beside(visit.origin):
            return Response(status_code=303, headers={"location": self.settings.origins[0] + visit.as_asked})
        visit.language = self._language(visit)
        visit.accounts = await self.resources[VisitorResolver].resolve(self.db, visit.cookies)
        visit.language = self._language(visit)
        doors, visit.path = self.routes.find(request.scope["path"])
        door = doors.get("GET" if request.method == "HEAD" else request.method)
        if door is None:
            return _no_door(visit, doors)
        if door.signed_in and visit.current is None:
            return visit.redirect(going_on_to(SIGN_IN, visit.here) if door.method == "GET" else SIGN_IN)
        if door.method == "GET":
            return await door.handler(visit)
        visit.form, visit.files = await read_form(request, door)
        # Whoever keeps the end of a form back until their session has ended must not act in it any more (SR-146).
        visit.accounts = await self.resources[VisitorResolver].resolve(self.db, visit.cookies)
        if door.signed_in and visit.current is None:
            return visit.redirect(SIGN_IN)
        return await self._checked(visit, door)

    async def _checked(self, visit: Visit, door: Door) -> Response:
        """The answer to a form, once it is known to be one of ours, filled in by whoever is signed in now."""
        token = visit.form.pop(csrf.FIELD, "")
        if not csrf.same_site(visit.request.headers, self.settings.origins):
            raise problems.FormFromElsewhere(
                FORM_FROM_ELSEWHERE.about, why="the browser says that the form came from another site"
            )
        if csrf.holds(token, self.db.keys, visit.binding):
            if not door.always:
                self.read_only.refuse()
            return await door.handler(visit)
        if door.stale is not None:
            return await door.stale(visit)
        raise problems.FormRefused(FORM_EXPIRED.about, why="the form's token is missing or belongs to another session")

    def _is_beside(self, origin: str) -> bool:
        """Whether this is another name of this computer than the public one. Pages live under one: cookies know no ports, so an app
        that somebody builds at 127.0.0.1 would be sent the session of whoever signed in at 127.0.0.1 (design §8).
        """
        return origin != self.settings.origins[0] and is_loopback(origin)

    def _language(self, visit: Visit) -> str:
        account: SignedIn | None = visit.current
        return chosen(
            visit.cookies.get(language_menu.COOKIE),
            account.language if account else None,
            accept=visit.request.headers.get("accept-language"),
        )

    def _address(self, request: Request) -> str:
        """The client's address: what an outer ring found out, else what trusted proxies say."""
        known = request.scope.get("state", {}).get("address")
        if known is not None:
            return str(known)
        peer = request.client.host if request.client else ""
        return client_address(peer, request.headers.getlist("x-forwarded-for"), self._trusted)


def _request_id(request: Request) -> str:
    """The id that an outer ring gave the request, else a new one."""
    return str(request.scope.get("state", {}).get("request_id") or mint()[:22])


def _no_door(visit: Visit, doors: dict[str, Door]) -> Response:
    if not doors:
        return visit.problem(404, visit.t(BY_STATUS[404].about))
    answer = visit.problem(405, visit.t(BY_STATUS[405].about))
    answer.headers["allow"] = ", ".join(sorted(doors))
    return answer
