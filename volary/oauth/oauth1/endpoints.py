"""The doors of OAuth 1.0a that apps call: what is answered, in which form (X facts 1.2)."""

from collections.abc import Awaitable, Callable
from urllib.parse import urlencode

from volary.api.answer import FORM, Answer, Headers, json_answer
from volary.api.errors import Numbered
from volary.api.machine import RawCall, machine
from volary.api.problems import refused
from volary.api.reasons import reasons
from volary.kit.errors import Refusal
from volary.oauth.oauth1 import access_token as third_leg
from volary.oauth.oauth1 import invalidate_token as way_out
from volary.oauth.oauth1 import request_token as first_leg
from volary.oauth.throttle import Throttle

_NEVER_KEPT: Headers = [
    (b"cache-control", b"no-cache, no-store, must-revalidate, pre-check=0, post-check=0"),
    (b"pragma", b"no-cache"),
    (b"expires", b"Tue, 31 Mar 1981 05:00:00 GMT"),
    (b"vary", b"Accept-Encoding"),
    (b"x-content-type-options", b"nosniff"),
]
"""On every answer, since each holds a secret or speaks about one (SR-110)."""


@machine("POST", "/oauth/request_token")
@machine("GET", "/oauth/request_token")
async def request_token(call: RawCall) -> Answer:
    """First leg of OAuth 1.0a: a request token, for a callback or a PIN. POST, and GET as the seeds write it (contradiction 17)."""
    return await _answered(call, _request_token)


@machine("POST", "/oauth/access_token")
async def access_token(call: RawCall) -> Answer:
    """Third leg of OAuth 1.0a: a person's token for an approved request token and its verifier."""
    return await _answered(call, _access_token)


@machine("POST", "/1.1/oauth/invalidate_token")
@machine("POST", "/1.1/oauth/invalidate_token.json")
async def invalidate_token(call: RawCall) -> Answer:
    """End the token that signs this call."""
    return await _answered(call, _invalidate_token)


async def _request_token(call: RawCall) -> Answer:
    made = await first_leg.request_token(call)
    answer = _form(oauth_token=made.token, oauth_token_secret=made.secret, oauth_callback_confirmed="true")
    answer.app_id = made.app_id
    return answer


async def _access_token(call: RawCall) -> Answer:
    access = await third_leg.access_token(call)
    answer = _form(
        oauth_token=access.pair.token,
        oauth_token_secret=access.pair.secret,
        user_id=str(access.account_id),
        screen_name=access.username,
    )
    answer.app_id = access.app_id
    return answer


async def _invalidate_token(call: RawCall) -> Answer:
    token, caller = await way_out.invalidate_token(call)
    answer = json_answer(200, {"access_token": token}, [(b"x-access-level", caller.level.wire.encode())])
    answer.caller = caller
    return answer


def _form(**values: str) -> Answer:
    """Form-encoded text without a line end: clients decode it strictly (X facts 12.3)."""
    return Answer(200, urlencode(values).encode(), [], FORM)


async def _answered(call: RawCall, door: Callable[[RawCall], Awaitable[Answer]]) -> Answer:
    """The door's answer or its refusal. Refused calls are counted by network, as those of OAuth 2.0 are (SR-056, SR-083)."""
    try:
        try:
            answer = await door(call)
        except Numbered:
            await call.resources[Throttle].failed(call.address, call.db.now)
            raise
    except Refusal as refusal:
        reasons.tell(refusal, call.request_id)
        answer = refused(refusal, call.path, "")
        answer.refusal = refusal
    answer.headers = [*answer.headers, *_NEVER_KEPT]
    return answer
