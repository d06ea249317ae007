"""Access tokens of OAuth 1.0a: made, shown once, and the one that an App's owner has for the App (C139, C140)."""

import msgspec
from sqlalchemy import bindparam, insert, select

from volary.access.levels import Level
from volary.accounts.models import ACTIVE as ACCOUNT_ACTIVE
from volary.accounts.models import accounts
from volary.db import Reader, Tx, statement
from volary.developers.errors import AppSuspended
from volary.developers.models import ACTIVE as APP_ACTIVE
from volary.developers.models import AppRow
from volary.developers.rules.credentials import hint_of
from volary.kit.errors import Forbidden
from volary.kit.secrets import digest, mint_alphanumeric
from volary.language import mark as _
from volary.oauth import grants as consent
from volary.oauth.models import OAUTH1, families, grants, oauth1_tokens
from volary.oauth.oauth1.signing_keys import TOKEN_SECRET
from volary.oauth.revoking import end_family
from volary.oauth.tokens import not_over


class TokenPair(msgspec.Struct, frozen=True):
    """A new access token and its secret, in plain text: given this once, never kept, never logged."""

    token: str
    secret: str


class Holder(msgspec.Struct, frozen=True):
    """The account that a token will stand for."""

    id: int
    username: str
    epoch: int


class OwnToken(msgspec.Struct, frozen=True):
    """What may be shown of the owner's access token after its creation (C185)."""

    family_id: int
    hint: str
    level: str
    created_at: int


_COLUMNS = (
    "digest",
    "family_id",
    "secret",
    "level",
    "email",
    "own",
    "hint",
    "app_epoch",
    "account_epoch",
    "created_at",
)
_INSERT = statement(insert(oauth1_tokens).values({name: bindparam(name) for name in _COLUMNS}))
_HOLDER = statement(
    select(accounts.c.id, accounts.c.username, accounts.c.epoch).where(
        accounts.c.id == bindparam("account_id"), accounts.c.state == ACCOUNT_ACTIVE
    ),
    Holder,
)
_OWN = statement(
    select(oauth1_tokens.c.family_id, oauth1_tokens.c.hint, oauth1_tokens.c.level, oauth1_tokens.c.created_at)
    .select_from(
        grants.join(families, families.c.grant_id == grants.c.id).join(
            oauth1_tokens, oauth1_tokens.c.family_id == families.c.id
        )
    )
    .where(
        grants.c.app_id == bindparam("app_id"),
        grants.c.account_id == bindparam("owner_id"),
        grants.c.ended_at.is_(None),
        not_over(),
        families.c.ended_at.is_(None),
        oauth1_tokens.c.own == 1,
        oauth1_tokens.c.app_epoch == bindparam("app_epoch"),
    )
    .order_by(oauth1_tokens.c.created_at.desc(), oauth1_tokens.c.family_id.desc()),
    OwnToken,
)


async def holder_of(reader: Reader, account_id: int) -> Holder | None:
    """The account that a token may be made for; None unless it is active."""
    return await reader.one(_HOLDER, account_id=account_id)


async def issue(
    tx: Tx,
    app: AppRow,
    holder: Holder,
    grant_id: int,
    *,
    level: Level,
    email: bool,
    own: bool = False,
    device: str = "",
) -> TokenPair:
    """Make an access token under a live grant, in a family of its own. The token begins with the account's id (X facts 1.5)."""
    pair = TokenPair(f"{holder.id}-{mint_alphanumeric(40)}", mint_alphanumeric(45))
    await tx.run(
        _INSERT,
        digest=digest(pair.token),
        family_id=await consent.start_family(tx, grant_id, OAUTH1, device),
        secret=tx.keys.seal(TOKEN_SECRET, pair.secret),
        level=level.wire,
        email=int(email),
        own=int(own),
        hint=hint_of(pair.token),
        app_epoch=app.epoch,
        account_epoch=holder.epoch,
        created_at=tx.now,
    )
    return pair


def asks_for_email(app: AppRow) -> bool:
    """Whether an App's OAuth 1.0a consent covers the email address: its switch, and both of the addresses that it needs (C064)."""
    return bool(app.email_permission and app.terms_url and app.privacy_url)


async def make_own_token(tx: Tx, app: AppRow) -> TokenPair:
    """The owner's access token for their own App, at the App's present level, without a consent page; the one before it ends.

    Raises AppSuspended, and Forbidden when the owner's account is not active (SR-182).
    """
    if app.state != APP_ACTIVE:
        raise AppSuspended
    holder = await holder_of(tx, app.owner_id)
    if holder is None:
        raise Forbidden(_("The account that owns this App is not active."))
    await revoke_own_token(tx, app)
    level, email = Level.from_wire(app.oauth1_level), asks_for_email(app)
    grant_id = await consent.record(tx, holder.id, app.id, level=level, email=email)
    return await issue(tx, app, holder, grant_id, level=level, email=email, own=True)


async def revoke_own_token(tx: Tx, app: AppRow, *, actor_id: int | None = None) -> bool:
    """End the owner's access token for their own App, whoever of the team does it; False when there is none."""
    live = await tx.all(_OWN, app_id=app.id, owner_id=app.owner_id, app_epoch=app.epoch, now=tx.now)
    for token in live:
        await end_family(tx, token.family_id, "replaced or revoked by the owner", actor_id=actor_id)
    return bool(live)


async def own_token(reader: Reader, app: AppRow) -> OwnToken | None:
    """What the portal shows of the owner's access token, with the level that it was created with; None when there is none."""
    return await reader.one(_OWN, app_id=app.id, owner_id=app.owner_id, app_epoch=app.epoch, now=reader.now)
