"""The links with which an owner locks an account and comes back to it. What locking does is for the room above.

Both are 256 random bits, kept as digests and taken once. The way back goes to the address to which the letter about the sign-in went: a
thief who has changed the account's address meanwhile gets neither.
"""

import msgspec
from sqlalchemy import Integer, bindparam, delete, insert, literal_column, select

from volary.db import Reader, Tx, statement
from volary.kit.clock import DAY
from volary.kit.secrets import digest, mint
from volary.sessions.models import lock_links, ways_back

LINK_HOLDS = 14 * DAY
WAY_HOLDS = 30 * DAY


class Link(msgspec.Struct, frozen=True):
    """What a link is good for: which account, whose address it was sent to, and from when on somebody else may have been in the account."""

    account_id: int
    email: str
    since: int


_COLUMNS = ("digest", "account_id", "email", "expires_at")
_OFFER = statement(insert(lock_links).values({name: bindparam(name) for name in _COLUMNS}))
_LINK = (lock_links.c.digest == bindparam("token"), lock_links.c.expires_at > bindparam("now"))
_SENT_AT = lock_links.c.expires_at - literal_column(str(LINK_HOLDS), Integer())
_OF_LINK = (lock_links.c.account_id, lock_links.c.email, _SENT_AT.label("since"))
_LOOK = statement(select(*_OF_LINK).where(*_LINK), Link)
_TAKE = statement(delete(lock_links).where(*_LINK).returning(*_OF_LINK), Link)
_DROP_LINKS = statement(delete(lock_links).where(lock_links.c.account_id == bindparam("account_id")))

_OFFER_WAY = statement(insert(ways_back).values({name: bindparam(name) for name in (*_COLUMNS, "strange_since")}))
_WAY = (ways_back.c.digest == bindparam("token"), ways_back.c.expires_at > bindparam("now"))
_OF_WAY = (ways_back.c.account_id, ways_back.c.email, ways_back.c.strange_since.label("since"))
_LOOK_WAY = statement(select(*_OF_WAY).where(*_WAY), Link)
_TAKE_WAY = statement(delete(ways_back).where(*_WAY).returning(*_OF_WAY), Link)
_DROP_WAY = statement(delete(ways_back).where(ways_back.c.account_id == bindparam("account_id")))
_OLD_LINKS = statement(delete(lock_links).where(lock_links.c.expires_at < bindparam("now")))


async def offer_lock(tx: Tx, account_id: int, email: str) -> str:
    """The token of a link that locks an account, for a letter to an address that its owner confirmed."""
    token = mint()
    await tx.run(_OFFER, digest=digest(token), account_id=account_id, email=email, expires_at=tx.now + LINK_HOLDS)
    return token


async def lock_link(reader: Reader, token: str) -> Link | None:
    """What a link of a letter would lock; None for one that was used or is too old."""
    return await reader.one(_LOOK, token=digest(token), now=reader.now)


async def take_lock_link(tx: Tx, token: str) -> Link | None:
    """Take a link, and every other one of its account: they have done what they were for. None for one that is none any more."""
    link = await tx.one(_TAKE, token=digest(token), now=tx.now)
    if link is not None:
        await tx.run(_DROP_LINKS, account_id=link.account_id)
    return link


async def offer_way_back(tx: Tx, link: Link) -> str:
    """The token of the way back into an account that its owner has just locked."""
    token = mint()
    await tx.run(_DROP_WAY, account_id=link.account_id)
    await tx.run(
        _OFFER_WAY,
        digest=digest(token),
        account_id=link.account_id,
        email=link.email,
        strange_since=link.since,
        expires_at=tx.now + WAY_HOLDS,
    )
    return token


async def way_back(reader: Reader, token: str) -> Link | None:
    """Whose account a way back leads into; None for one that was taken or is too old."""
    return await reader.one(_LOOK_WAY, token=digest(token), now=reader.now)


async def take_way_back(tx: Tx, token: str) -> Link | None:
    """Take the way back. None for one that is none any more."""
    return await tx.one(_TAKE_WAY, token=digest(token), now=tx.now)


async def drop_way_back(tx: Tx, account_id: int) -> bool:
    """Take the way back away: from now on the operator says whether the account is unlocked. Whether there was one."""
    return bool(await tx.run(_DROP_WAY, account_id=account_id))


async def sweep_links(tx: Tx) -> int:
    """Forget links that hold no more. Ways back stay as long as their accounts are locked: without them the operator unlocks."""
    return await tx.run(_OLD_LINKS, now=tx.now)
