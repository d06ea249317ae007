"""From a signed API call to its Caller, with one look-up (design: one request)."""

from functools import lru_cache

import msgspec
from sqlalchemy import and_, bindparam, case, literal_column, select

from volary.access.caller import Caller, Scheme
from volary.access.levels import Level
from volary.access.scopes import scopes_of
from volary.accounts.models import ACTIVE as ACCOUNT_ACTIVE
from volary.accounts.models import accounts
from volary.api.machine import RawCall
from volary.db import statement
from volary.developers.models import ACTIVE as APP_ACTIVE
from volary.developers.models import API_KEY, apps, credentials
from volary.kit.errors import Refusal
from volary.kit.secrets import digest
from volary.oauth.models import families, grants
from volary.oauth.models import oauth1_tokens as tokens
from volary.oauth.oauth1.errors import AppRefused, BadData, DeadToken, NotAuthenticated
from volary.oauth.oauth1.verify import Claim, Verifier
from volary.oauth.uses import Uses


class Found(msgspec.Struct, frozen=True, gc=False):
    """What the look-up found: the App of the key, and the token with the account that it stands for. None for what is not there."""

    app_id: int | None
    key_expires_at: int | None
    consumer_secret: bytes | None
    app_state: str | None
    oauth1_enabled: int | None
    app_level: str
    project_id: int | None
    token_secret: bytes | None
    token_level: str
    grant_level: str
    grant_expires_at: int | None
    live: int
    email: int
    family_id: int | None
    grant_id: int | None
    account_id: int | None
    username: str


_ONE = select(literal_column("1").label("one")).subquery("one")
_LIVE = and_(
    families.c.ended_at.is_(None),
    grants.c.ended_at.is_(None),
    grants.c.app_id == apps.c.id,
    tokens.c.app_epoch == apps.c.epoch,
    tokens.c.account_epoch == accounts.c.epoch,
    accounts.c.state == ACCOUNT_ACTIVE,
)
_EMAIL = and_(
    tokens.c.email == 1,
    grants.c.email == 1,
    apps.c.email_permission == 1,
    apps.c.terms_url != "",
    apps.c.privacy_url != "",
)

# It starts from a row of its own, so that the token is looked for whether the key is known or not, and the key whether the token is.
_FOUND = statement(
    select(
        apps.c.id.label("app_id"),
        credentials.c.expires_at.label("key_expires_at"),
        credentials.c.secret.label("consumer_secret"),
        apps.c.state.label("app_state"),
        apps.c.oauth1_enabled,
        apps.c.oauth1_level.label("app_level"),
        apps.c.project_id,
        tokens.c.secret.label("token_secret"),
        tokens.c.level.label("token_level"),
        grants.c.level.label("grant_level"),
        grants.c.expires_at.label("grant_expires_at"),
        case((_LIVE, 1), else_=0).label("live"),
        case((_EMAIL, 1), else_=0).label("email"),
        tokens.c.family_id,
        families.c.grant_id,
        grants.c.account_id,
        accounts.c.username,
    ).select_from(
        _ONE.outerjoin(
            credentials,
            and_(credentials.c.digest == bindparam("key"), credentials.c.kind == API_KEY),
        )
        .outerjoin(apps, apps.c.id == credentials.c.app_id)
        .outerjoin(tokens, tokens.c.digest == bindparam("token"))
        .outerjoin(families, families.c.id == tokens.c.family_id)
        .outerjoin(grants, grants.c.id == families.c.grant_id)
        .outerjoin(accounts, accounts.c.id == grants.c.account_id)
    ),
    Found,
    hot=True,
)
_LEVELS = {level.wire: level for level in Level}
_scopes_of = lru_cache(scopes_of)


async def caller_from_oauth1(call: RawCall) -> Caller:
    """Who signed an API call, with what they may do now: the token's level, as far as the grant's and the App's own reach (C191, C200).

    Raises the refusals of `oauth1/errors.py`, and Busy while nonces cannot be remembered.
    """
    _, found = await verified(call)
    return caller_of(found)


def caller_of(found: Found) -> Caller:
    """The Caller for what was found and proven."""
    level = min(_LEVELS[found.token_level], _LEVELS[found.grant_level], _LEVELS[found.app_level])
    return Caller(
        scheme=Scheme.OAUTH1,
        app_id=found.app_id,
        account_id=found.account_id,
        username=found.username,
        scopes=_scopes_of(level, email=bool(found.email)),
        level=level,
        grant_id=found.grant_id,
        family_id=found.family_id,
        enrolled=found.project_id is not None,
        email=bool(found.email),
    )


async def verified(call: RawCall) -> tuple[Claim, Found]:
    """The checks of an API call in their order, to the end: what was claimed, now proven, and what was found for it."""
    verifier = call.resources[Verifier]
    claim = verifier.claim(call)
    if not claim.token:
        raise BadData("the request names no access token").because("unreadable", what="oauth_token is not there")
    key, now = digest(claim.consumer_key), call.db.now
    found = await call.db.one(_FOUND, key=key, token=digest(claim.token))
    if found is None:
        raise RuntimeError("a look-up that starts from a row gives one")
    over = found.key_expires_at is not None and found.key_expires_at <= now
    secret = None if over else found.consumer_secret
    right = verifier.signed_by(call, claim, secret, found.token_secret)
    if secret is None:
        raise NotAuthenticated("the consumer key is unknown").because("key").named(key=key)
    if not found.live or (found.grant_expires_at is not None and found.grant_expires_at <= now):
        dead = DeadToken("the access token is unknown, ended, or another App's").because("token_signed")
        raise dead.named(found.app_id or 0, token=digest(claim.token))
    if not right:
        raise verifier.wrong_signature(call, claim).named(found.app_id or 0)
    if found.app_state != APP_ACTIVE or not found.oauth1_enabled:
        raise AppRefused(found.app_id or 0, suspended=found.app_state != APP_ACTIVE)
    try:
        await verifier.once(claim)
    except Refusal as refusal:
        refusal.named(found.app_id or 0, proven=True)
        raise
    uses = call.resources[Uses]
    uses.credential(key, now)
    if found.grant_id is not None and found.family_id is not None:
        uses.family(found.family_id, found.grant_id, now, call.address)
    return claim, found
