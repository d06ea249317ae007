"""OAuth's doors for machines (X facts 2.1, 3; RFC 6749 §3.2, RFC 7009, RFC 8414).

    POST /2/oauth2/token                              a code or a refresh token becomes tokens
    POST /2/oauth2/revoke                             an app gives a token back
    POST /oauth2/token                                an app's own bearer token
    POST /oauth2/invalidate_token                     that token is given back
    GET  /.well-known/oauth-authorization-server      what this server offers

Each answer is JSON and must not be stored (SR-110). What browsers may read of them is decided in `server.cors`.
"""

from collections.abc import Awaitable, Callable

import msgspec

from volary.api.answer import NO_STORE, Answer, json_answer
from volary.api.errors import Numbered
from volary.api.machine import RawCall, machine
from volary.api.reasons import reasons
from volary.developers.actions import bearer_of_app, invalidate_bearer
from volary.developers.queries import app_by_id
from volary.kit.errors import Busy, Refusal, RefusedTo, TooMany
from volary.oauth.identify import identify, signed
from volary.oauth.oauth2 import app_only, metadata
from volary.oauth.oauth2.app_only import NotVerified
from volary.oauth.oauth2.client_auth import Client, authenticate
from volary.oauth.oauth2.errors import Missing, TokenRefusal
from volary.oauth.oauth2.parameters import body_of
from volary.oauth.oauth2.revoke import revoke as revoke_token
from volary.oauth.oauth2.token import grant
from volary.oauth.throttle import Throttle
from volary.oauth.turns import Turns
from volary.oauth.uses import Uses

_HEADERS = [*NO_STORE, (b"x-content-type-options", b"nosniff")]
APP_ONLY_CALLS = 300
"""Calls for the app-only token in fifteen minutes; more is refused (SR-116). The token is the same each time."""


class Asker(msgspec.Struct):
    """Who is known to ask, as far as a door has got."""

    app_id: int = 0


Door = Callable[[RawCall, Asker], Awaitable[object]]


@machine("POST", "/2/oauth2/token")
async def token(call: RawCall) -> Answer:
    """Exchange a code or a refresh token for an access token (RFC 6749 §3.2)."""
    return await _answered(call, _token)


@machine("POST", "/2/oauth2/revoke")
async def revoke(call: RawCall) -> Answer:
    """End the tokens of one device (RFC 7009)."""
    return await _answered(call, _revoke)


@machine("POST", "/oauth2/token")
async def app_token(call: RawCall) -> Answer:
    """An App's own bearer token: the same string at every call, until it is invalidated or renewed (X facts 3)."""
    return await _answered(call, _app_token)


@machine("POST", "/oauth2/invalidate_token")
async def invalidate_app_token(call: RawCall) -> Answer:
    """End an App's own bearer token, which stands in the body or in the query; the App proves itself by Basic (X facts 3)."""
    return await _answered(call, _invalidate_app_token)


@machine("GET", metadata.PATH)
async def authorization_server(call: RawCall) -> Answer:
    """What this server does, and where (RFC 8414). It is the same for everybody and may be kept for a while."""
    return json_answer(200, metadata.metadata(call.settings), [(b"cache-control", b"public, max-age=300")])


async def _token(call: RawCall, asker: Asker) -> object:
    given, client = await _client(call)
    asker.app_id = client.app.id
    with RefusedTo(client.app.id, proven=client.secret is not None):
        return await grant(call.db, call.resources[Turns], client.app, given, call.address)


async def _revoke(call: RawCall, asker: Asker) -> object:
    given, client = await _client(call)
    asker.app_id = client.app.id
    with RefusedTo(client.app.id, proven=client.secret is not None):
        if "token" not in given:
            raise Missing("token")
        async with call.resources[Turns].of(given["token"]):
            await call.db.write(revoke_token, client.app, given["token"], address=call.address)
    return {"revoked": True}


async def _app_token(call: RawCall, asker: Asker) -> object:
    app = await app_only.app_of(call.db, call.headers_of(b"authorization"))
    asker.app_id = app.id
    with RefusedTo(app.id, proven=True):
        return await _app_token_of(call, app.id)


async def _app_token_of(call: RawCall, app_id: int) -> object:
    given = body_of(call.header(b"content-type"), call.body)
    if given.get("grant_type") != "client_credentials":
        raise NotVerified("the grant type is not client_credentials").because("grant_type")
    await call.resources[Throttle].count(f"app-only token {app_id}", APP_ONLY_CALLS, call.db.now)
    async with call.resources[Turns].of(f"app-only token {app_id}"):
        bearer = await call.db.write(bearer_of_app, app_id)
    return {"token_type": "bearer", "access_token": bearer}


async def _invalidate_app_token(call: RawCall, asker: Asker) -> object:
    asker.app_id = app_id = await _app_that_invalidates(call)
    given = body_of(b"", call.query_string) | body_of(call.header(b"content-type"), call.body)
    for presented in app_only.spellings(given.get("access_token", "")):
        if await call.db.write(invalidate_bearer, app_id, presented, actor_id=app_id):
            return {"access_token": presented}
    raise NotVerified("the token is not a live one of this App").because("app_token").named(app_id, proven=True)


async def _app_that_invalidates(call: RawCall) -> int:
    """By Basic, or by OAuth 1.0a signed with the token of the App's own owner, as X's documents have it now."""
    if not signed(call):
        return (await app_only.app_of(call.db, call.headers_of(b"authorization"))).id
    caller = await identify(call)
    app = await app_by_id(call.db, caller.app_id or 0)
    if app is None or app.owner_id != caller.account_id:
        raise NotVerified("the request is not signed with the owner's token")
    return app.id


async def _client(call: RawCall) -> tuple[dict[str, str], Client]:
    """What was sent and who sent it. The secret's use is noted for the portal (C185)."""
    given = body_of(call.header(b"content-type"), call.body)
    client = await authenticate(call.db, call.headers_of(b"authorization"), given)
    if client.secret is not None:
        call.resources[Uses].credential(client.secret, call.db.now)
    return given, client


async def _answered(call: RawCall, door: Door) -> Answer:
    """The door's answer, or its refusal in the door's own words. Refused calls are counted by address (SR-083)."""
    asker = Asker()
    try:
        try:
            answer = json_answer(200, await door(call, asker))
            answer.app_id = asker.app_id
        except (TokenRefusal, Numbered):
            await call.resources[Throttle].failed(call.address, call.db.now)
            raise
    except Refusal as refusal:
        reasons.tell(refusal, call.request_id)
        answer = _refused(refusal, call)
        answer.refusal = refusal
    answer.headers = [*answer.headers, *_HEADERS]
    if call.header(b"origin") is not None:
        answer.client_id = _named(call)
    return answer


def _named(call: RawCall) -> str:
    """The client that a public App's script names in its body; nothing where credentials stand in the header."""
    if call.header(b"authorization") is not None:
        return ""
    try:
        return body_of(call.header(b"content-type"), call.body).get("client_id", "")
    except Refusal:
        return ""


def _refused(refusal: Refusal, call: RawCall) -> Answer:
    """RFC 6749 §5.2's members for the version 2 doors, X's numbers for the older ones (X facts 2.4, 3)."""
    headers = []
    if isinstance(refusal, TooMany):
        headers.append((b"retry-after", b"%d" % refusal.retry_after))
    if refusal.status == 401 and call.header(b"authorization") is not None:
        headers.append((b"www-authenticate", b'Basic realm="OAuth 2.0"'))
    if not call.path.startswith("/2/"):
        return json_answer(refusal.status, {"errors": [_numbered(refusal)]}, headers)
    if isinstance(refusal, TokenRefusal):
        name = refusal.standard if call.settings.standard_errors else refusal.error
    else:
        name = "temporarily_unavailable" if isinstance(refusal, TooMany) else "invalid_request"
    return json_answer(refusal.status, {"error": name, "error_description": str(refusal)}, headers)


def _numbered(refusal: Refusal) -> dict[str, object]:
    if isinstance(refusal, NotVerified):
        return {"code": refusal.code, "label": "authenticity_token_error", "message": str(refusal)}
    if isinstance(refusal, Numbered):
        return {"code": refusal.code, "message": str(refusal)}
    if isinstance(refusal, TooMany):
        busy = isinstance(refusal, Busy)
        return {"code": 130 if busy else 88, "message": "Over capacity" if busy else "Rate limit exceeded"}
    return {"code": 214, "message": str(refusal)}
