"""The doors of consent: GET asks, POST answers, on the same paths (design: one request, contradiction 17)."""

from collections.abc import Callable

import msgspec
from starlette.responses import Response

from volary.api.reasons import reasons
from volary.kit.secrets import digest
from volary.oauth import pending
from volary.oauth.asking import Choice, Redirect, Request
from volary.oauth.consent import deciding
from volary.oauth.consent.answering import answered, mistaken, refused
from volary.oauth.consent.limiting import device_text
from volary.oauth.consent.protocols import PATHS, begin_at, finish_of
from volary.oauth.consent.showing import covered, show
from volary.oauth.errors import PageRefusal
from volary.oauth.grants import live_grant
from volary.oauth.throttle import Throttle
from volary.web import Visit, page
from volary.web.page import Handler


def _at_every_path(method: str, stale: Handler | None = None) -> Callable[[Handler], Handler]:
    """The door at each address of both protocols."""

    def declare(handler: Handler) -> Handler:
        for path in PATHS:
            page(method, path, stale=stale)(handler)
        return handler

    return declare


@_at_every_path("GET")
async def ask(visit: Visit) -> Response:
    """Check what an app asks for, keep it, and show it. Only "Sign in with…" can go on without a page, when nothing new is asked."""
    scope = visit.request.scope
    try:
        request = await begin_at(scope["path"])(visit.db, visit.settings, scope["path"], scope["query_string"])
        if isinstance(request, Redirect):
            reasons.tell(request.refusal, visit.request_id)
            visit.refused_to(request.refusal.named(request.app_id))
            if await _connected_here(visit, request.app_id):
                return _closed(visit.leave(request.url))
            return mistaken(visit, request)
        if await _needs_no_page(visit, request):
            here = Choice(device=device_text(visit.user_agent))
            finish, account = finish_of(request.protocol), visit.accounts[0].account_id
            outcome = await visit.db.write(finish, request, account, approved=True, address=visit.address, choice=here)
            return _closed(await answered(visit, request.app_id, outcome))
        request = msgspec.structs.replace(request, here=visit.here)
        token = ""
        if visit.request.method == "GET":
            await visit.resources[Throttle].asked(visit.address, visit.db.now)
            token = await visit.db.write(pending.save, request, digest(visit.binding))
        return await show(visit, request, token)
    except PageRefusal as refusal:
        return refused(visit, refusal)


@_at_every_path("POST", stale=deciding.ask_again)
async def answer(visit: Visit) -> Response:
    """Carry out what the person decided."""
    try:
        return await deciding.decide(visit)
    except PageRefusal as refusal:
        return refused(visit, refusal)


async def _needs_no_page(visit: Visit, request: Request) -> bool:
    """Whether "Sign in with…" goes straight back: one account is signed in, and its grant holds all that is asked (SR-065).

    With several accounts the person chooses. An app that answers for a scheme of its own asks each time: another program on the device
    may have taken the scheme (RFC 8252 §8.6, SR-130). A request that is not a person's own step to a new page (HEAD, a prefetch, a picture
    or a frame on another site) gets nothing without a press (SR-125).
    """
    if not request.sign_in or request.force_login or len(visit.accounts) != 1 or not _is_navigation(visit):
        return False
    if not request.target.startswith(("https://", "http://")):
        return False
    return covered(request, await live_grant(visit.db, visit.accounts[0].account_id, request.app_id))


async def _connected_here(visit: Visit, app_id: int) -> bool:
    """Whether somebody who is signed in in this browser has connected the App, and so has heard of where it leads (decision 0040)."""
    grants = [await live_grant(visit.db, account.account_id, app_id) for account in visit.accounts]
    return any(grant is not None for grant in grants)


def _closed(answer: Response) -> Response:
    """The redirect with an empty fragment. Without one, browsers carry on the fragment of the address that somebody was sent to, and
    the app would find a stranger's words, such as `access_token=…`, in its own address (SR-034). A form's redirect carries none on.
    """
    answer.headers["location"] += "#"
    return answer


def _is_navigation(visit: Visit) -> bool:
    headers = visit.request.headers
    ahead = any("prefetch" in headers.get(name, "") for name in ("sec-purpose", "purpose", "x-moz"))
    return visit.request.method == "GET" and not ahead and headers.get("sec-fetch-dest", "document") == "document"
