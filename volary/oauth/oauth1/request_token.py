"""The first leg: an app asks for a request token (RFC 5849 §2.1, X facts 1.1).

The checks, in their order: the request itself (`verify`), signed with the consumer's secret alone → the App may ask → the callback →
how much is asked for.
"""

import msgspec
from sqlalchemy import bindparam, insert

from volary.access.levels import Level
from volary.api.machine import RawCall
from volary.db import Reader, Tx, statement
from volary.developers.models import ACTIVE, AppRow
from volary.developers.queries import app_by_api_key, callback_urls, siblings_with_callback
from volary.developers.rules.comparing import explain_callback
from volary.kit.clock import MINUTE
from volary.kit.errors import RefusedTo
from volary.kit.secrets import digest, mint_alphanumeric
from volary.oauth.models import request_tokens
from volary.oauth.oauth1.errors import (
    AppRefused,
    BadData,
    CallbackNotApproved,
    MissingParameter,
    NotAuthenticated,
    OnlyOutOfBand,
)
from volary.oauth.oauth1.signing_keys import NO_TOKEN, TOKEN_SECRET
from volary.oauth.oauth1.verify import Claim, Verifier
from volary.oauth.throttle import Throttle
from volary.oauth.uses import Uses

LIFETIME = 15 * MINUTE
"""How long an app has to bring the person to the consent page, and the person to decide."""

OUT_OF_BAND = "oob"
NEW, APPROVED, DENIED, USED = "new", "approved", "denied", "used"
MOST_TRIES = 5
"""Wrong verifiers that a request token survives (SR-056)."""
MOST = 10_000
"""Request tokens that an App gets in fifteen minutes: each is a row for a while, whether anybody ever sees the page or not (SR-367)."""

_MIRRORED = frozenset({"oauth_callback"})
_ACCESS_TYPES = {"": Level.DIRECT_MESSAGES, "write": Level.READ_WRITE, "read": Level.READ}
_NO_ADVICE = (
    "An App that uses a PIN (oob) needs at least one callback URL in its settings as well",
    "Check that the callback URL is HTTP-encoded, and that it is on the list of the App whose keys are used",
)
_COLUMNS = ("digest", "app_id", "secret", "callback", "level", "app_epoch", "state", "created_at", "expires_at")
_INSERT = statement(insert(request_tokens).values({name: bindparam(name) for name in _COLUMNS}))


class RequestToken(msgspec.Struct, frozen=True):
    """A new request token and its secret, in plain text: given this once."""

    token: str
    secret: str
    app_id: int


async def request_token(call: RawCall) -> RequestToken:
    """Run the checks and make a request token."""
    verifier = call.resources[Verifier]
    claim = verifier.claim(call, _MIRRORED)
    app = await _calling_app(call, verifier, claim)
    with RefusedTo(app.id, proven=True):
        await call.resources[Throttle].count(f"request tokens {app.id}", MOST, call.db.now)
        callback = await _callback(call.db, app, claim)
        level = _level(app, claim)
        return await call.db.write(_make, app, callback, level)


async def _calling_app(call: RawCall, verifier: Verifier, claim: Claim) -> AppRow:
    """The App whose secret signed the request, alone: no token exists yet."""
    key = digest(claim.consumer_key)
    app = await app_by_api_key(call.db, key)
    right = verifier.signed_by(call, claim, app.secret if app else None, NO_TOKEN)
    if app is None:
        raise NotAuthenticated("the consumer key is unknown").because("key").named(key=key)
    if not right:
        raise verifier.wrong_signature(call, claim).named(app.id)
    with RefusedTo(app.id, proven=True):
        if app.state != ACTIVE or not app.oauth1_enabled:
            raise AppRefused(app.id, suspended=app.state != ACTIVE)
        await verifier.once(claim)
    call.resources[Uses].credential(key, call.db.now)
    return app


async def _callback(reader: Reader, app: AppRow, claim: Claim) -> str:
    """Where the answer will go: a URL of the App's list, byte for byte, or `oob` (C215, C217, contradiction 17)."""
    asked, also = claim.protocol("oauth_callback"), claim.other("callback_url")
    if asked and also and asked != also:
        raise BadData("two callbacks", "oauth_callback and callback_url are both there and are different.")
    callback = asked or also
    if not callback:
        raise MissingParameter("oauth_callback")
    listed = await callback_urls(reader, app.id)
    if callback == OUT_OF_BAND and not listed:
        raise CallbackNotApproved(_NO_ADVICE[0]).because("callback_none")
    if callback != OUT_OF_BAND and not listed:
        raise OnlyOutOfBand(f"App {app.id} has no callback URL").because("callback_none")
    if callback != OUT_OF_BAND and callback not in listed:
        advice = await _advice(reader, app, callback, listed)
        raise CallbackNotApproved(advice).because("callback", url=callback[:300])
    return callback


async def _advice(reader: Reader, app: AppRow, callback: str, listed: list[str]) -> str:
    """What the developer should look at (C229, C230). The caller proved to hold this App's secret, so its names may be said."""
    fault = explain_callback(callback, listed).fault
    said = [fault.message % fault.parameters if fault.parameters else fault.message] if fault else []
    others = await siblings_with_callback(reader, app.team_id, app.id, callback) if callback.isprintable() else []
    said.append(f"The keys that signed this request are those of the App {app.name}")
    if others:
        said.append(f"The callback URL is on the list of {', '.join(other.name for other in others)}")
    return ". ".join(sentence.rstrip(".") for sentence in (*said, _NO_ADVICE[1]))


def _level(app: AppRow, claim: Claim) -> Level:
    """The most that will be asked for: the App's level, which `x_auth_access_type` can only narrow (SR-064)."""
    wanted = claim.other("x_auth_access_type")
    if wanted not in _ACCESS_TYPES:
        raise BadData("x_auth_access_type", "x_auth_access_type must be read or write.")
    return min(Level.from_wire(app.oauth1_level), _ACCESS_TYPES[wanted])


async def _make(tx: Tx, app: AppRow, callback: str, level: Level) -> RequestToken:
    made = RequestToken(mint_alphanumeric(27), mint_alphanumeric(40), app.id)
    await tx.run(
        _INSERT,
        digest=digest(made.token),
        app_id=app.id,
        secret=tx.keys.seal(TOKEN_SECRET, made.secret),
        callback=callback,
        level=level.wire,
        app_epoch=app.epoch,
        state=NEW,
        created_at=tx.now,
        expires_at=tx.now + LIFETIME,
    )
    return made
