"""A code becomes the first tokens of a family (RFC 6749 §4.1.3, RFC 7636 §4.5, C142, C211).

Thirty seconds, once, for the App that it was made for, with the same redirect URI and the right verifier. A wrong client burns nothing:
a stranger must not be able to spend somebody's code (D7). Five wrong tries of the right client end it (SR-076). A code that comes a
second time ends what the first time began (SR-070).
"""

import msgspec
from sqlalchemy import bindparam, exists, or_, select, update

from volary.accounts.models import accounts
from volary.db import Tx, statement
from volary.developers.models import AppRow
from volary.kit.clock import SECOND
from volary.kit.secrets import digest, same
from volary.kit.whence import SYSTEM
from volary.oauth.grants import start_family
from volary.oauth.models import OAUTH2, codes, grants
from volary.oauth.oauth2.checks.pkce import hashed, is_verifier
from volary.oauth.oauth2.errors import CodeRefused, RedirectDiffers, TokenRefusal, VerifierWrong
from volary.oauth.revoking import end_family
from volary.oauth.tokens import Holder, Issued, grant_alive, issue_first, not_over, same_epochs

MOST_TRIES = 5
SKEW = 10 * SECOND
"""By how much a code may come from the future: clocks of two servers differ. One that was set back prolongs no code by more."""


class Seen(msgspec.Struct, frozen=True):
    """A code as it is kept."""

    app_id: int
    redirect_uri: str
    challenge: str
    created_at: int
    expires_at: int
    used_at: int | None
    tries: int
    family_id: int | None


class Taken(msgspec.Struct, frozen=True):
    """What the one who takes a code gets to know of it."""

    grant_id: int
    scopes: str
    app_epoch: int
    account_epoch: int
    device: str


_THIS = codes.c.digest == bindparam("digest")
_LOOK = statement(select(*(codes.c[name] for name in Seen.__struct_fields__)).where(_THIS), Seen)
_COUNT = statement(update(codes).where(_THIS).values(tries=codes.c.tries + 1))
_TAKE = statement(
    update(codes)
    .where(
        _THIS,
        codes.c.used_at.is_(None),
        codes.c.expires_at > bindparam("now"),
        codes.c.tries < MOST_TRIES,
        exists().where(
            grants.c.id == codes.c.grant_id,
            *grant_alive(),
            not_over(),
            *same_epochs(codes),
            # A password that was changed since takes back what was on its way (SR-085).
            or_(accounts.c.password_changed_at.is_(None), accounts.c.password_changed_at <= codes.c.created_at),
        ),
    )
    .values(used_at=bindparam("now"))
    .returning(*(codes.c[name] for name in Taken.__struct_fields__)),
    Taken,
)
_UNTIL = statement(
    select(grants.c.expires_at).where(grants.c.id == bindparam("grant_id"), grants.c.expires_at > 0), int
)
_BIND = statement(update(codes).where(_THIS).values(family_id=bindparam("family_id")))


async def exchange(
    tx: Tx, app: AppRow, code: str, redirect_uri: str, verifier: str, *, address: str = ""
) -> Issued | TokenRefusal:
    """The tokens for a code that an authenticated App brings, or the refusal. It is returned, so that what it leaves behind stays."""
    key = digest(code)
    seen = await tx.one(_LOOK, digest=key)
    if seen is None or seen.app_id != app.id:
        why = "unknown code" if seen is None else f"the code belongs to app {seen.app_id}"
        return CodeRefused(why=why).because("code_unknown")
    if seen.used_at is not None:
        if seen.family_id is not None:
            await end_family(tx, seen.family_id, "code replayed", actor_id=SYSTEM, address=address)
        return CodeRefused(why="the code was used before; its family ended").because("code_used", at=seen.used_at)
    if not seen.created_at - SKEW <= tx.now < seen.expires_at or seen.tries >= MOST_TRIES:
        reason = "code_tries" if seen.tries >= MOST_TRIES else "code_expired"
        why = "the code expired, is from the future, or was tried too often"
        return CodeRefused(why=why).because(reason, at=seen.expires_at)
    wrong = _wrong(seen, redirect_uri, verifier)
    if wrong is not None:
        await tx.run(_COUNT, digest=key)
        return wrong
    taken = await tx.one(_TAKE, digest=key, now=tx.now)
    if taken is None:
        return CodeRefused(why="the grant, the app or the account ended meanwhile").because("code_ended")
    family_id = await start_family(tx, taken.grant_id, OAUTH2, taken.device)
    await tx.run(_BIND, digest=key, family_id=family_id)
    holder = Holder(family_id, taken.app_epoch, taken.account_epoch)
    return await issue_first(tx, holder, taken.scopes, until=await tx.one(_UNTIL, grant_id=taken.grant_id))


def _wrong(seen: Seen, redirect_uri: str, verifier: str) -> TokenRefusal | None:
    if not same(redirect_uri, seen.redirect_uri):
        return RedirectDiffers().because("redirect")
    if not (is_verifier(verifier) and same(hashed(verifier), seen.challenge)):
        return VerifierWrong().because("verifier_pkce")
    return None
