"""The Caller for a developer who tries an operation in the portal, through access that the App has already.

Nothing is given that the developer could not hold: the owner's access token is looked for, which is the owner's alone, or the App's own.
Where it was revoked, or the App suspended, there is no Caller. No secret is read.
"""

import msgspec
from sqlalchemy import and_, bindparam, case, or_, select

from volary.access.caller import Caller, Scheme
from volary.access.levels import Level
from volary.access.scopes import scopes_of
from volary.accounts.models import ACTIVE as ACCOUNT_ACTIVE
from volary.accounts.models import accounts
from volary.db import Reader, statement
from volary.developers.models import ACTIVE as APP_ACTIVE
from volary.developers.models import BEARER, apps, credentials
from volary.oauth.models import families, grants
from volary.oauth.models import oauth1_tokens as tokens
from volary.oauth.tokens import not_over


class Own(msgspec.Struct, frozen=True):
    """A live access token of an App's owner, without its secret."""

    level: str
    grant_level: str
    app_level: str
    email: int
    enrolled: int
    family_id: int
    grant_id: int
    username: str


class AppsOwn(msgspec.Struct, frozen=True):
    """An App whose own token lives."""

    enrolled: int


_EMAIL = and_(
    tokens.c.email == 1,
    grants.c.email == 1,
    apps.c.email_permission == 1,
    apps.c.terms_url != "",
    apps.c.privacy_url != "",
)
_ENROLLED = case((apps.c.project_id.is_not(None), 1), else_=0)
_OWN = statement(
    select(
        tokens.c.level,
        grants.c.level.label("grant_level"),
        apps.c.oauth1_level.label("app_level"),
        case((_EMAIL, 1), else_=0).label("email"),
        _ENROLLED.label("enrolled"),
        tokens.c.family_id,
        grants.c.id.label("grant_id"),
        accounts.c.username,
    )
    .select_from(
        tokens.join(families, families.c.id == tokens.c.family_id)
        .join(grants, grants.c.id == families.c.grant_id)
        .join(apps, apps.c.id == grants.c.app_id)
        .join(accounts, accounts.c.id == grants.c.account_id)
    )
    .where(
        grants.c.app_id == bindparam("app_id"),
        grants.c.account_id == bindparam("account_id"),
        apps.c.owner_id == bindparam("account_id"),
        tokens.c.own == 1,
        families.c.ended_at.is_(None),
        grants.c.ended_at.is_(None),
        not_over(),
        tokens.c.app_epoch == apps.c.epoch,
        tokens.c.account_epoch == accounts.c.epoch,
        apps.c.state == APP_ACTIVE,
        apps.c.oauth1_enabled == 1,
        accounts.c.state == ACCOUNT_ACTIVE,
    )
    .order_by(tokens.c.created_at.desc())
    .limit(1),
    Own,
)
_APPS_OWN = statement(
    select(_ENROLLED.label("enrolled"))
    .select_from(apps.join(credentials, credentials.c.app_id == apps.c.id))
    .where(
        apps.c.id == bindparam("app_id"),
        apps.c.state == APP_ACTIVE,
        credentials.c.kind == BEARER,
        or_(credentials.c.expires_at.is_(None), credentials.c.expires_at > bindparam("now")),
    )
    .limit(1),
    AppsOwn,
)


async def owner_calling(reader: Reader, app_id: int, account_id: int) -> Caller | None:
    """An account with its own App's access token, at the level that both still reach; None unless it owns the App and the token lives."""
    found = await reader.one(_OWN, app_id=app_id, account_id=account_id, now=reader.now)
    if found is None:
        return None
    level = min(Level.from_wire(text) for text in (found.level, found.grant_level, found.app_level))
    return Caller(
        scheme=Scheme.OAUTH1,
        app_id=app_id,
        account_id=account_id,
        username=found.username,
        scopes=scopes_of(level, email=bool(found.email)),
        level=level,
        grant_id=found.grant_id,
        family_id=found.family_id,
        enrolled=bool(found.enrolled),
        email=bool(found.email),
    )


async def app_calling(reader: Reader, app_id: int) -> Caller | None:
    """An App on its own behalf; None where it has no live token of its own. Whether somebody may call as it is for others to ask."""
    found = await reader.one(_APPS_OWN, app_id=app_id, now=reader.now)
    if found is None:
        return None
    return Caller(Scheme.APP_ONLY, app_id, None, "", frozenset(), Level.READ, enrolled=bool(found.enrolled))
