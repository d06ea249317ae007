"""Ending grants and families: by the person, by the app itself, by the platform, or because a secret was seen twice.

Tokens, codes and approved request tokens die at once, because each look-up joins the state of its grant and family; a job removes
what is left of them later.
"""

from collections.abc import Sequence

import msgspec
from sqlalchemy import and_, bindparam, delete, exists, select, update

from volary.activity.actions import Touched, record_each
from volary.activity.actions import record as record_event
from volary.activity.models import events
from volary.db import Tx, statement
from volary.jobs.actions import later
from volary.kit.whence import SYSTEM
from volary.oauth.models import codes, families, grants, request_tokens

EXPIRED = "expired"
"""Why a grant ended to which the person had set an end."""


class Ended(msgspec.Struct, frozen=True):
    """A grant, as its end is told."""

    id: int
    account_id: int
    app_id: int


_COLUMNS = (grants.c.id, grants.c.account_id, grants.c.app_id)
_END = update(grants).where(grants.c.ended_at.is_(None)).values(ended_at=bindparam("now"), ended_why=bindparam("why"))
_OF_ACCOUNT = _END.where(grants.c.account_id == bindparam("account_id"))
_END_BY_ID = statement(_OF_ACCOUNT.where(grants.c.id == bindparam("grant_id")).returning(*_COLUMNS), Ended)
_END_BY_APP = statement(_OF_ACCOUNT.where(grants.c.app_id == bindparam("app_id")).returning(*_COLUMNS), Ended)
_END_EVERY = statement(_OF_ACCOUNT.returning(*_COLUMNS), Ended)
_EXPIRED = and_(grants.c.ended_at.is_(None), grants.c.expires_at > 0, grants.c.expires_at <= bindparam("now"))
_END_EXPIRED = statement(
    _OF_ACCOUNT.where(grants.c.app_id == bindparam("app_id"), _EXPIRED).returning(*_COLUMNS), Ended
)
_OVER = statement(select(*_COLUMNS).where(_EXPIRED).order_by(grants.c.expires_at).limit(bindparam("most")), Ended)
_END_OF_APP = statement(_END.where(grants.c.app_id == bindparam("app_id")))

_END_FAMILIES = (
    update(families).where(families.c.ended_at.is_(None)).values(ended_at=bindparam("now"), ended_why=bindparam("why"))
)
_END_FAMILIES_OF_GRANT = statement(_END_FAMILIES.where(families.c.grant_id == bindparam("grant_id")))
_END_FAMILIES_OF_APP = statement(
    _END_FAMILIES.where(families.c.grant_id.in_(select(grants.c.id).where(grants.c.app_id == bindparam("app_id"))))
)
_END_FAMILY = statement(
    _END_FAMILIES.where(families.c.id == bindparam("family_id")).returning(families.c.grant_id), int
)
_FAMILY_OF = statement(
    select(families.c.id).where(
        families.c.id == bindparam("family_id"),
        grants.c.id == families.c.grant_id,
        grants.c.account_id == bindparam("account_id"),
        grants.c.app_id == bindparam("app_id"),
        grants.c.ended_at.is_(None),
    ),
    int,
)
_GRANT = statement(select(*_COLUMNS).where(grants.c.id == bindparam("grant_id")), Ended)

_DROP_CODES_OF_GRANT = statement(delete(codes).where(codes.c.grant_id == bindparam("grant_id")))
_DROP_CODES_OF_APP = statement(delete(codes).where(codes.c.app_id == bindparam("app_id")))
_DROP_UNUSED_CODES = statement(
    delete(codes).where(codes.c.account_id == bindparam("account_id"), codes.c.used_at.is_(None))
)
_DROP_REQUESTS_OF_ACCOUNT = statement(
    delete(request_tokens).where(request_tokens.c.account_id == bindparam("account_id"))
)
_DROP_REQUESTS = delete(request_tokens).where(request_tokens.c.app_id == bindparam("app_id"))
_DROP_REQUESTS_OF_PAIR = statement(_DROP_REQUESTS.where(request_tokens.c.account_id == bindparam("account_id")))
_DROP_REQUESTS_OF_APP = statement(_DROP_REQUESTS)


TELL_ENDED = "oauth.tell_ended"
BATCH = 500
"""Into how many records the end of an app's grants is written in one action."""
_TOLD = exists().where(
    events.c.account_id == grants.c.account_id,
    events.c.id > grants.c.id,
    events.c.grant_id == grants.c.id,
    events.c.kind == "grant.revoked",
)
_UNTOLD = statement(
    select(grants.c.account_id, grants.c.id.label("grant_id"))
    .where(
        grants.c.app_id == bindparam("app_id"),
        grants.c.id > bindparam("after"),
        grants.c.ended_at == bindparam("ended_at"),
        ~_TOLD,
    )
    .order_by(grants.c.id)
    .limit(bindparam("most")),
    Touched,
)


async def revoke(
    tx: Tx,
    account_id: int,
    *,
    grant_id: int | None = None,
    app_id: int | None = None,
    why: str = "revoked",
    address: str = "",
) -> bool:
    """End an account's grant, named by its own id or by the app, with every token, code and family of it (C019, SR-223).

    False when this account has no such live grant.
    """
    if grant_id is not None:
        ended = await tx.one(_END_BY_ID, grant_id=grant_id, account_id=account_id, now=tx.now, why=why)
    elif app_id is not None:
        ended = await tx.one(_END_BY_APP, app_id=app_id, account_id=account_id, now=tx.now, why=why)
    else:
        raise TypeError("revoke needs the grant's id or the app's")
    if ended is None:
        return False
    await _clear(tx, ended, why, address)
    return True


async def revoke_all(tx: Tx, account_id: int, *, why: str = "revoked", address: str = "") -> int:
    """End every grant of an account; how many there were."""
    ended = await tx.all(_END_EVERY, account_id=account_id, now=tx.now, why=why)
    for grant in ended:
        await _clear(tx, grant, why, address)
    return len(ended)


async def end_expired(tx: Tx, account_id: int, app_id: int) -> None:
    """End a grant whose time is over and that nobody swept yet, so that what hangs from it stays dead when the person agrees anew."""
    ended = await tx.one(_END_EXPIRED, account_id=account_id, app_id=app_id, now=tx.now, why=EXPIRED)
    if ended is not None:
        await _clear(tx, ended, EXPIRED, "", SYSTEM)


async def end_every_expired(tx: Tx, most: int) -> int:
    """End grants whose time is over, as part of sweeping; how many. No token of them has worked since that moment."""
    over = await tx.all(_OVER, now=tx.now, most=most)
    for grant in over:
        await end_expired(tx, grant.account_id, grant.app_id)
    return len(over)


async def end_device(tx: Tx, account_id: int, app_id: int, family_id: int, *, address: str = "") -> bool:
    """End one sign-in of a connected app, as the person asks; the app's other sign-ins stay. False when it is not theirs, or has ended."""
    mine = await tx.one(_FAMILY_OF, family_id=family_id, account_id=account_id, app_id=app_id)
    return mine is not None and await end_family(tx, family_id, "revoked", address=address)


async def revoke_each(tx: Tx, account_id: int, app_ids: Sequence[int], *, address: str = "") -> int:
    """End an account's grants to several apps; how many there were."""
    ended = [await revoke(tx, account_id, app_id=app_id, address=address) for app_id in app_ids]
    return sum(ended)


async def drop_pending(tx: Tx, account_id: int) -> None:
    """End what an account has approved and no app has exchanged yet, as part of setting a new password (SR-161).

    Used codes stay: one that comes again still ends the family that it began (SR-070).
    """
    await tx.run(_DROP_UNUSED_CODES, account_id=account_id)
    await tx.run(_DROP_REQUESTS_OF_ACCOUNT, account_id=account_id)


async def end_all_for_app(tx: Tx, app_id: int, *, actor_id: int, why: str = "app deleted") -> int:
    """End every grant that anybody gave an app, as part of deleting it (SR-220); how many there were.

    All of them end at once. That each person's record says so, too, is a job's: an app may have thousands of people.
    """
    count = await tx.run(_END_OF_APP, app_id=app_id, now=tx.now, why=why)
    await tx.run(_END_FAMILIES_OF_APP, app_id=app_id, now=tx.now, why=why)
    await tx.run(_DROP_CODES_OF_APP, app_id=app_id)
    await tx.run(_DROP_REQUESTS_OF_APP, app_id=app_id)
    if count:
        await later(tx, TELL_ENDED, {"app_id": app_id, "ended_at": tx.now, "actor_id": actor_id, "why": why})
    return count


async def tell_ended(
    tx: Tx, app_id: int, ended_at: int, *, actor_id: int, why: str, after: int = 0, most: int = BATCH
) -> int | None:
    """Write the end of an app's grants into the records of a batch of people who do not have it there yet.

    The batch begins behind the grant `after`; gives where the next one does, None at the end.
    """
    found = await tx.all(_UNTOLD, app_id=app_id, ended_at=ended_at, after=after, most=most)
    await record_each(tx, "grant.revoked", found, at=ended_at, actor_id=actor_id, app_id=app_id, detail={"why": why})
    return found[-1].grant_id if len(found) == most else None


async def end_family(tx: Tx, family_id: int, why: str, *, actor_id: int | None = None, address: str = "") -> bool:
    """End one device's chain of tokens and note it in the person's record. False when it had ended before.

    `why` is a few words for that record, such as `revoked by the app` or `code replayed`; `actor_id` is who did it: the App's number where
    that is the App itself.
    """
    grant_id = await tx.one(_END_FAMILY, family_id=family_id, now=tx.now, why=why)
    if grant_id is None:
        return False
    grant = await tx.one(_GRANT, grant_id=grant_id)
    if grant is not None:
        await _tell(tx, "family.ended", grant, why, address, family_id, actor_id)
    return True


async def _clear(tx: Tx, grant: Ended, why: str, address: str, actor_id: int | None = None) -> None:
    """End what hangs from a grant that was ended just now, and note that it was."""
    await tx.run(_END_FAMILIES_OF_GRANT, grant_id=grant.id, now=tx.now, why=why)
    await tx.run(_DROP_CODES_OF_GRANT, grant_id=grant.id)
    # An approved request token would make the grant anew when it is exchanged, so it goes too.
    await tx.run(_DROP_REQUESTS_OF_PAIR, account_id=grant.account_id, app_id=grant.app_id)
    await _tell(tx, "grant.revoked", grant, why, address, actor_id=actor_id)


async def _tell(
    tx: Tx, kind: str, grant: Ended, why: str, address: str, family_id: int | None = None, actor_id: int | None = None
) -> None:
    await record_event(
        tx,
        kind,
        account_id=grant.account_id,
        actor_id=actor_id,
        app_id=grant.app_id,
        grant_id=grant.id,
        subject_id=family_id,
        address=address,
        detail={"why": why},
    )
