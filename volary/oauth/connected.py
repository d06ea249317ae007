"""What *Apps and sessions* shows: the apps that are connected to an account, with what they are allowed now (C015, C016)."""

import msgspec
from sqlalchemy import bindparam, case, func, or_, select, update

from volary.access.levels import Level
from volary.access.scopes import EMAIL
from volary.db import Reader, Tx, statement
from volary.developers.models import DELETED, SUSPENDED, app_icons, apps
from volary.oauth.models import FamilyRow, families, grants
from volary.oauth.tokens import not_over


class ConnectedApp(msgspec.Struct, frozen=True):
    """A live grant and the App that it was given to."""

    grant_id: int
    app_id: int
    level: str | None
    email: int
    scopes: str
    created_at: int
    last_used_at: int | None
    last_used_address: str
    expires_at: int | None
    devices: int
    """Its live families: 0 when the app has given back all that it was given, or has not come for it yet."""
    begun: int
    """Its families of any time."""
    name: str
    description: str
    website: str
    organization: str
    organization_url: str
    terms_url: str
    privacy_url: str
    icon_version: str | None
    state: str
    oauth1_enabled: int
    oauth2_enabled: int
    oauth1_level: str
    email_permission: int

    @property
    def unfinished(self) -> bool:
        """Whether the person agreed and the App never came for what it may have, such as a code that was not exchanged."""
        return not self.begun and self.last_used_at is None

    @property
    def suspended(self) -> bool:
        """Whether the platform suspended the App: it can do nothing, and the list says so (contradiction 30)."""
        return self.state == SUSPENDED

    @property
    def effective_level(self) -> Level | None:
        """The OAuth 1.0a level in use: what was consented to, as far as the App's own level still reaches (C208)."""
        if self.level is None or not self.oauth1_enabled:
            return None
        return min(Level.from_wire(self.level), Level.from_wire(self.oauth1_level))

    @property
    def effective_email(self) -> bool:
        """Whether the App may read the email address now (C063, contradiction 29)."""
        consented = self.email or EMAIL in self.scopes.split()
        return bool(consented and self.email_permission and self.terms_url and self.privacy_url)

    @property
    def effective_scopes(self) -> frozenset[str]:
        """The OAuth 2.0 scopes that are in use now."""
        if not self.oauth2_enabled:
            return frozenset()
        allowed = frozenset(self.scopes.split())
        return allowed if self.effective_email else allowed - {EMAIL}


_GRANT_FIELDS = ("level", "email", "scopes", "created_at", "last_used_at", "last_used_address", "expires_at")
_APP_FIELDS = ("name", "description", "website", "organization", "organization_url", "terms_url", "privacy_url")
_APP_STATE = ("state", "oauth1_enabled", "oauth2_enabled", "oauth1_level", "email_permission")
_OF_GRANT = select(func.count()).select_from(families).where(families.c.grant_id == grants.c.id)
_DEVICES = _OF_GRANT.where(families.c.ended_at.is_(None)).scalar_subquery()
_BEGUN = _OF_GRANT.scalar_subquery()
_CONNECTED = (
    select(
        grants.c.id.label("grant_id"),
        grants.c.app_id,
        *(grants.c[name] for name in _GRANT_FIELDS),
        _DEVICES.label("devices"),
        _BEGUN.label("begun"),
        *(apps.c[name] for name in _APP_FIELDS),
        app_icons.c.version.label("icon_version"),
        *(apps.c[name] for name in _APP_STATE),
    )
    .select_from(grants.join(apps, apps.c.id == grants.c.app_id).outerjoin(app_icons, app_icons.c.app_id == apps.c.id))
    .where(
        grants.c.account_id == bindparam("account_id"), grants.c.ended_at.is_(None), not_over(), apps.c.state != DELETED
    )
)
_ALL = statement(_CONNECTED.order_by(grants.c.created_at.desc(), grants.c.id.desc()), ConnectedApp)
_ONE = statement(_CONNECTED.where(grants.c.app_id == bindparam("app_id")), ConnectedApp)


async def connected_apps(reader: Reader, account_id: int) -> list[ConnectedApp]:
    """Every app that is connected to an account, the newest first."""
    return await reader.all(_ALL, account_id=account_id, now=reader.now)


async def connected_app(reader: Reader, account_id: int, app_id: int) -> ConnectedApp | None:
    """One app that is connected to an account; None when it is not (any more)."""
    return await reader.one(_ONE, account_id=account_id, app_id=app_id, now=reader.now)


_FAMILIES = statement(
    select(*(families.c[name] for name in FamilyRow.__struct_fields__))
    .join_from(families, grants, grants.c.id == families.c.grant_id)
    .where(
        grants.c.account_id == bindparam("account_id"),
        grants.c.app_id == bindparam("app_id"),
        grants.c.ended_at.is_(None),
        families.c.ended_at.is_(None),
    )
    .order_by(families.c.created_at.desc(), families.c.id.desc()),
    FamilyRow,
)


async def connected_devices(reader: Reader, account_id: int, app_id: int) -> list[FamilyRow]:
    """The live families of an account's grant to an app: one for each time that it was connected, the newest first."""
    return await reader.all(_FAMILIES, account_id=account_id, app_id=app_id)


class KnownApp(msgspec.Struct, frozen=True):
    """An App that was connected to an account lately, and whether it still is."""

    app_id: int
    name: str
    connected_at: int
    live: int


_KNOWN = statement(
    select(
        grants.c.app_id,
        apps.c.name,
        func.max(grants.c.created_at).label("connected_at"),
        func.max(case((grants.c.ended_at.is_(None), 1), else_=0)).label("live"),
    )
    .join_from(grants, apps, apps.c.id == grants.c.app_id)
    .where(
        grants.c.account_id == bindparam("account_id"),
        or_(grants.c.ended_at.is_(None), grants.c.ended_at > bindparam("after")),
    )
    .group_by(grants.c.app_id, apps.c.name)
    .order_by(func.max(grants.c.created_at).desc())
    .limit(100),
    KnownApp,
)


async def apps_known_since(reader: Reader, account_id: int, after: int) -> list[KnownApp]:
    """The Apps that had access to an account at any time since a moment, the latest connection first: also those whose access ended."""
    return await reader.all(_KNOWN, account_id=account_id, after=after)


LONGEST_NAME = 50
"""How long the name of a sign-in can be."""

_NAME_DEVICE = statement(
    update(families)
    .where(
        families.c.id == bindparam("family_id"),
        families.c.ended_at.is_(None),
        families.c.grant_id.in_(
            select(grants.c.id).where(
                grants.c.account_id == bindparam("account_id"),
                grants.c.app_id == bindparam("app_id"),
                grants.c.ended_at.is_(None),
            )
        ),
    )
    .values(name=bindparam("name"))
)


async def name_device(tx: Tx, account_id: int, app_id: int, family_id: int, name: str) -> bool:
    """Give one sign-in of an app a name of the person's own; what cannot be seen in it is left out. False when it is not theirs."""
    seen = "".join(character for character in " ".join(name.split()) if character.isprintable())[:LONGEST_NAME]
    changed = await tx.run(_NAME_DEVICE, account_id=account_id, app_id=app_id, family_id=family_id, name=seen)
    return bool(changed)
