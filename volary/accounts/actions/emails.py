"""An account's address: changing it, confirming it by the link of a letter, and writing to it."""

from sqlalchemy import bindparam, delete, func, insert, or_, select, update

from volary.accounts.errors import EmailTaken, LinkUnknown
from volary.accounts.models import accounts, email_confirmations
from volary.accounts.queries import account_by_id, addressee, owner_of_email
from volary.accounts.rules.profiles import checked_email
from volary.activity.actions import record
from volary.db import Tx, statement
from volary.kit.clock import DAY
from volary.kit.secrets import digest, mint
from volary.mail.actions import Parameters, send

_SET_EMAIL = statement(
    update(accounts)
    .where(accounts.c.id == bindparam("account_id"))
    .values(email=bindparam("new"), email_confirmed_at=None)
)
MOST_LETTERS = 5
"""Links that are sent for one account, and to one address, within the time that a link holds."""
LINK_HOLDS = DAY
_COUNT_LINKS = statement(
    select(func.count())
    .select_from(email_confirmations)
    .where(
        or_(
            email_confirmations.c.account_id == bindparam("account_id"),
            email_confirmations.c.email == bindparam("email"),
        ),
        email_confirmations.c.expires_at > bindparam("now"),
    ),
    int,
)
_KEEP_LINK = statement(
    insert(email_confirmations).values(
        {name: bindparam(name) for name in ("digest", "account_id", "email", "expires_at")}
    )
)
_TAKE_LINK = statement(
    update(email_confirmations)
    .where(
        email_confirmations.c.digest == bindparam("token"),
        email_confirmations.c.account_id == bindparam("account_id"),
        email_confirmations.c.expires_at > bindparam("now"),
    )
    .values(digest=bindparam("used"))
    .returning(email_confirmations.c.email),
    str,
)
_CONFIRM = statement(
    update(accounts)
    .where(
        accounts.c.id == bindparam("account_id"),
        accounts.c.email == bindparam("address"),
        accounts.c.email_confirmed_at.is_(None),
    )
    .values(email_confirmed_at=bindparam("at"))
)
_FORGET_LINKS = statement(delete(email_confirmations).where(email_confirmations.c.expires_at < bindparam("now")))


async def change_email(tx: Tx, account_id: int, email: str) -> bool:
    """Keep another address, not confirmed yet; an empty one removes it. The same address stays confirmed. Whether it is another one.

    Raises Refused. The address before hears of it, if it was confirmed: whoever took an account over would not like that.
    """
    new = checked_email(email) if email.strip() else None
    account = await account_by_id(tx, account_id)
    if account is None or account.email == new:
        return False
    if account.email is not None and account.email_confirmed_at is not None:
        told: Parameters = {"name": account.name, "username": account.username, "at_ms": tx.now}
        await write_to(tx, account_id, "accounts/letters/email_changed", told)
    await tx.run(_SET_EMAIL, account_id=account_id, new=new)
    await record(tx, "email.changed", account_id=account_id)
    return True


async def ask_to_confirm(tx: Tx, account_id: int, *, language: str = "") -> bool:
    """Write to an account's address, which it has not confirmed, with a link that does. The link holds a day, and once.

    False when there is nothing to confirm, and when enough letters went to this address, or for this account, within a day: whoever
    claims somebody else's address must not be able to fill their letter box.
    """
    account = await account_by_id(tx, account_id)
    if account is None or account.email is None or account.email_confirmed_at is not None:
        return False
    await tx.run(_FORGET_LINKS, now=tx.now)
    if (await tx.one(_COUNT_LINKS, account_id=account_id, email=account.email, now=tx.now) or 0) >= MOST_LETTERS:
        return False
    token = mint()
    await tx.run(
        _KEEP_LINK, digest=digest(token), account_id=account_id, email=account.email, expires_at=tx.now + LINK_HOLDS
    )
    told: Parameters = {
        "name": account.name,
        "username": account.username,
        "token": token,
        "until": tx.now + LINK_HOLDS,
    }
    return await write_to(tx, account_id, "accounts/letters/confirm_email", told, language=language)


async def confirm_email(tx: Tx, account_id: int, token: str, *, address: str = "") -> None:
    """Take the link of a letter: the address that it was sent to is confirmed, if it is still the account's.

    It takes the session of that very account as well: whoever signs up with a stranger's address must not have it confirmed by a stranger
    who presses what they are sent. Raises LinkUnknown (used, too old, another account's, or the address was changed), EmailTaken.
    """
    email = await tx.one(_TAKE_LINK, token=digest(token), account_id=account_id, now=tx.now, used=digest(mint()))
    if email is None:
        raise LinkUnknown
    if await owner_of_email(tx, email) not in {None, account_id}:
        raise EmailTaken
    if not await tx.run(_CONFIRM, account_id=account_id, address=email, at=tx.now):
        raise LinkUnknown
    await record(tx, "email.confirmed", account_id=account_id, address=address)


async def restore_email(tx: Tx, account_id: int, email: str) -> bool:
    """Give an account back the address that its owner has just shown to read, as confirmed; whether it had another one.

    Unless somebody else confirmed that address meanwhile.
    """
    account = await account_by_id(tx, account_id)
    if account is None or await owner_of_email(tx, email) not in {None, account_id}:
        return False
    changed = account.email != email
    if changed:
        await tx.run(_SET_EMAIL, account_id=account_id, new=email)
        await record(tx, "email.changed", account_id=account_id)
    await tx.run(_CONFIRM, account_id=account_id, address=email, at=tx.now)
    return changed


async def write_to(
    tx: Tx,
    account_id: int,
    template: str,
    parameters: Parameters,
    *,
    confirmed: bool = False,
    language: str = "",
) -> bool:
    """Send an account a letter, as part of the act that it is about. False when there is no address to send it to.

    `confirmed` is for what is nobody else's business: an address that nobody confirmed may be a stranger's.
    """
    to = await addressee(tx, account_id, confirmed=confirmed, language=language)
    if to is not None:
        await send(tx, to, template, parameters)
    return to is not None
