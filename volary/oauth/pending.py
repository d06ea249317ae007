"""Validated authorization requests that wait for a decision (design: one request).

Each is found by a token that only the consent form holds, single use, for ten minutes, and only in the browser in which it was shown:
`bound_to` is the digest of that browser's session or pre-session cookie. What is kept is sealed, since a request holds values that
belong to the app (its `state`, an OAuth 1.0a request token).
"""

import base64

import msgspec
from sqlalchemy import bindparam, delete, insert, select, update

from volary.db import Reader, Tx, statement
from volary.kit.clock import MINUTE
from volary.kit.secrets import Keyring, SealBroken, digest, mint
from volary.oauth.asking import Request
from volary.oauth.models import pending_authorizations as pending

LIFETIME = 10 * MINUTE
_PURPOSE = "pending authorization"

_MINE = (
    pending.c.digest == bindparam("digest"),
    pending.c.bound_to == bindparam("bound_to"),
    pending.c.expires_at > bindparam("now"),
)
_SAVE = statement(
    insert(pending).values(
        {name: bindparam(name) for name in ("digest", "protocol", "request", "bound_to", "created_at", "expires_at")}
    )
)
_LOOK = statement(select(pending.c.request).where(*_MINE), str)
_TAKE = statement(delete(pending).where(*_MINE).returning(pending.c.request), str)
_OLD = statement(
    select(pending.c.expires_at).where(
        pending.c.digest == bindparam("digest"),
        pending.c.bound_to == bindparam("bound_to"),
        pending.c.expires_at <= bindparam("now"),
    ),
    int,
)
_REBIND = statement(update(pending).where(*_MINE).values(bound_to=bindparam("new_bound_to")))


async def save(tx: Tx, request: Request, bound_to: bytes) -> str:
    """Keep a request for the browser that `bound_to` stands for; the token for the form."""
    token = mint()
    await tx.run(
        _SAVE,
        digest=digest(token),
        protocol=request.protocol,
        request=_sealed(tx.keys, request),
        bound_to=bound_to,
        created_at=tx.now,
        expires_at=tx.now + LIFETIME,
    )
    return token


async def look(reader: Reader, token: str, bound_to: bytes) -> Request | None:
    """The request, without taking it: to show the page again. None when it expired, was taken, or was shown to another browser."""
    sealed = await reader.one(_LOOK, digest=digest(token), bound_to=bound_to, now=reader.now)
    return _opened(reader.keys, sealed)


async def take(tx: Tx, token: str, bound_to: bytes) -> Request | None:
    """Take the request: of any number of presses only one gets it (SR-126, SR-314). None as for `look`."""
    sealed = await tx.one(_TAKE, digest=digest(token), bound_to=bound_to, now=tx.now)
    return _opened(tx.keys, sealed)


async def expired(reader: Reader, token: str, bound_to: bytes) -> bool:
    """Whether the request waited too long, rather than being answered; known until its row is swept."""
    return await reader.one(_OLD, digest=digest(token), bound_to=bound_to, now=reader.now) is not None


async def rebind(tx: Tx, token: str, bound_to: bytes, new_bound_to: bytes) -> bool:
    """Hand one request on to the session that a sign-in on its own page has begun.

    Others of that browser stay where they are, so that a page which named another account is not answered for this one (SR-137).
    """
    changed = await tx.run(_REBIND, digest=digest(token), bound_to=bound_to, new_bound_to=new_bound_to, now=tx.now)
    return changed == 1


def _sealed(keys: Keyring, request: Request) -> str:
    return base64.b64encode(keys.seal(_PURPOSE, msgspec.json.encode(request).decode())).decode()


def _opened(keys: Keyring, sealed: str | None) -> Request | None:
    if sealed is None:
        return None
    try:
        return msgspec.json.decode(keys.unseal(_PURPOSE, base64.b64decode(sealed)), type=Request)
    except SealBroken:  # the installation's key was changed meanwhile: the person begins again
        return None
