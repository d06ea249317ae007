"""The third leg: an approved request token and its verifier become an access token, once (RFC 5849 §2.3, X facts 1.1).

The checks, in their order: the request itself (`verify`), signed with the request token's secret by the App that asked for it → the
App may ask → the verifier. Wrong verifiers are counted; the fifth ends the request token (SR-056).

Each exchange gives a new token in a family of its own. X gives a person's apps the same pair again and again; what is kept here are
digests and sealed secrets, so a token cannot be given twice, and devices of one app stay apart.
"""

import msgspec
from sqlalchemy import bindparam, select, update

from volary.access.levels import Level
from volary.api.machine import RawCall
from volary.db import Tx, statement
from volary.developers.models import ACTIVE
from volary.developers.queries import app_by_api_key, app_by_id
from volary.kit.errors import RefusedTo
from volary.kit.secrets import Keyring, digest
from volary.oauth.grants import live_grant
from volary.oauth.models import request_tokens
from volary.oauth.oauth1.errors import AppRefused, DeadToken, NotAuthenticated, NotPermitted
from volary.oauth.oauth1.request_token import APPROVED, MOST_TRIES, NEW, USED
from volary.oauth.oauth1.tokens import TokenPair, holder_of, issue
from volary.oauth.oauth1.verify import Claim, Verifier
from volary.oauth.uses import Uses

_MIRRORED = frozenset({"oauth_token", "oauth_verifier"})
_XAUTH = ("x_auth_mode", "x_auth_username", "x_auth_password")


class Access(msgspec.Struct, frozen=True):
    """What the app gets: the token, its secret, and whom they stand for."""

    pair: TokenPair
    account_id: int
    username: str
    app_id: int


class Held(msgspec.Struct, frozen=True):
    """A request token that can still be exchanged or approved."""

    app_id: int
    secret: bytes


class Approved(msgspec.Struct, frozen=True):
    """What a person approved."""

    account_id: int
    level: str
    email: int
    device: str


_OPEN = (
    request_tokens.c.digest == bindparam("token"),
    request_tokens.c.state.in_((NEW, APPROVED)),
    request_tokens.c.tries < MOST_TRIES,
    request_tokens.c.expires_at > bindparam("now"),
)
_HELD = statement(select(request_tokens.c.app_id, request_tokens.c.secret).where(*_OPEN), Held)
_TAKE = statement(
    update(request_tokens)
    .where(
        *_OPEN,
        request_tokens.c.state == APPROVED,
        request_tokens.c.app_id == bindparam("app_id"),
        request_tokens.c.app_epoch == bindparam("app_epoch"),
        request_tokens.c.verifier == bindparam("guess"),
    )
    .values(state=USED)
    .returning(*(request_tokens.c[name] for name in Approved.__struct_fields__)),
    Approved,
)
_COUNT = statement(
    update(request_tokens)
    .where(*_OPEN, request_tokens.c.app_id == bindparam("app_id"))
    .values(tries=request_tokens.c.tries + 1)
)


def verifier_digest(keys: Keyring, token: str, verifier: str) -> bytes:
    """How a verifier is kept: keyed, because a PIN is short, and bound to its request token."""
    return keys.mac("oauth1 verifier", token, verifier)


async def access_token(call: RawCall) -> Access:
    """Run the checks and exchange the request token."""
    checker = call.resources[Verifier]
    claim = checker.claim(call, _MIRRORED)
    if any(claim.other(name) for name in _XAUTH):
        raise NotPermitted("xAuth: passwords are for this platform's own pages alone")  # C091
    if not claim.token:
        raise DeadToken("no request token", "Request token missing")
    app_id = await _asking_app(call, checker, claim)
    with RefusedTo(app_id, proven=True):
        access = await call.db.write(_exchange, claim.token, app_id, claim.protocol("oauth_verifier"))
        if access is None:
            message = "Error processing your OAuth request: Invalid oauth_verifier parameter"
            why = "the request token is not approved, or the verifier is wrong"
            raise NotAuthenticated(why, message).because("verifier_pin")
    return access


async def _asking_app(call: RawCall, checker: Verifier, claim: Claim) -> int:
    """The App that asked for the request token, by a signature with both secrets. Another App's try changes nothing (SR-061)."""
    key, now = digest(claim.consumer_key), call.db.now
    app = await app_by_api_key(call.db, key)
    held = await call.db.one(_HELD, token=digest(claim.token), now=now)
    right = checker.signed_by(call, claim, app.secret if app else None, held.secret if held else None)
    if app is None:
        raise NotAuthenticated("the consumer key is unknown").because("key").named(key=key)
    if held is None or held.app_id != app.id:
        why = "the request token is unknown, spent, expired, or another App's"
        raise DeadToken(why, "Invalid request token.").because("request_token").named(app.id)
    if not right:
        raise checker.wrong_signature(call, claim).named(app.id)
    with RefusedTo(app.id, proven=True):
        if app.state != ACTIVE or not app.oauth1_enabled:
            raise AppRefused(app.id, suspended=app.state != ACTIVE)
        await checker.once(claim)
    call.resources[Uses].credential(key, now)
    return app.id


async def _exchange(tx: Tx, token: str, app_id: int, verifier: str) -> Access | None:
    """Take the request token and make the access token, in one action; None when the verifier is wrong, which counts as a try.

    What was approved holds only while the grant, the account and the App still do (SR-085).
    """
    app = await app_by_id(tx, app_id)
    if app is None or app.state != ACTIVE or not app.oauth1_enabled:
        raise AppRefused(app_id, suspended=app is None or app.state != ACTIVE)
    named = digest(token)
    approved: Approved | None = None
    for key in tx.keys.each:  # it may have been approved while another key was the current one
        guess = verifier_digest(key, token, verifier)
        approved = approved or await tx.one(
            _TAKE, token=named, now=tx.now, app_id=app_id, app_epoch=app.epoch, guess=guess
        )
    if approved is None:
        await tx.run(_COUNT, token=named, now=tx.now, app_id=app_id)
        return None
    holder = await holder_of(tx, approved.account_id)
    grant = await live_grant(tx, approved.account_id, app_id)
    if holder is None or grant is None:
        return None
    level, email = Level.from_wire(approved.level), bool(approved.email and grant.email)
    pair = await issue(tx, app, holder, grant.id, level=level, email=email, device=approved.device)
    return Access(pair, holder.id, holder.username, app_id)
