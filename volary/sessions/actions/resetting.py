"""Forgotten passwords: a letter with a link, to the account's confirmed address alone; the link sets a new password, once.

What is asked is answered alike whoever is named, in words, in work and in what is written: whether there is an account is seen by a job.
A second step stays due: the link signs nobody in.
"""

import msgspec
from sqlalchemy import bindparam, delete, func, insert, select, update

from volary.accounts.actions import write_to
from volary.accounts.models import ACTIVE, DEACTIVATED, AccountRow, accounts
from volary.accounts.queries import account_by_id, account_by_username, owner_of_email, secret_by_id
from volary.accounts.rules.names import username_key
from volary.accounts.rules.profiles import email_key
from volary.activity.actions import record
from volary.db import Reader, Tx, statement
from volary.jobs.actions import later
from volary.kit.clock import DAY, HOUR
from volary.kit.secrets import digest, mint
from volary.mail.actions import Parameters
from volary.sessions.actions.ending import reset_password
from volary.sessions.actions.guesses import take_reset
from volary.sessions.errors import ResetUnknown
from volary.sessions.models import password_resets

WRITE = "sessions.write_reset"
LINK_HOLDS = HOUR
MOST_LETTERS = 5
"""Letters that one account is sent about forgotten passwords within a day: nobody's letter box is filled by somebody else."""

_MAY = (ACTIVE, DEACTIVATED)
_COUNT = statement(
    select(func.count()).where(
        password_resets.c.account_id == bindparam("account_id"), password_resets.c.sent_at > bindparam("since")
    ),
    int,
)
_KEEP = statement(
    insert(password_resets).values(
        {name: bindparam(name) for name in ("digest", "account_id", "email", "sent_at", "expires_at")}
    )
)
_GOOD = (
    password_resets.c.digest == bindparam("token"),
    password_resets.c.expires_at > bindparam("now"),
    accounts.c.email == password_resets.c.email,
    accounts.c.email_confirmed_at.is_not(None),
    accounts.c.password.is_not(None),
    accounts.c.state.in_(_MAY),
)


class Resettable(msgspec.Struct, frozen=True):
    """Whose password a link sets."""

    account_id: int
    username: str
    name: str
    email: str


_OF_LINK = statement(
    select(accounts.c.id.label("account_id"), accounts.c.username, accounts.c.name, accounts.c.email)
    .join_from(password_resets, accounts, accounts.c.id == password_resets.c.account_id)
    .where(*_GOOD),
    Resettable,
)
_TAKE = statement(
    update(password_resets)
    .where(password_resets.c.digest == bindparam("token"), password_resets.c.expires_at > bindparam("now"))
    .values(digest=bindparam("used"), expires_at=0)
    .returning(password_resets.c.account_id),
    int,
)
_FORGET = statement(delete(password_resets).where(password_resets.c.sent_at < bindparam("before")))


async def ask_for_reset(tx: Tx, login: str, address: str, language: str = "") -> None:
    """Somebody forgot their password and named an account, or none. Raises TooManyResets."""
    await take_reset(tx, address)
    account_id = await _named(tx, login)
    await record(tx, "password_reset.asked", account_id=account_id or None, address=address)
    await later(tx, WRITE, {"account_id": account_id, "language": language})


async def write_reset(tx: Tx, account_id: int, language: str = "") -> bool:
    """Write to an account's confirmed address with a link that sets a new password; whether a letter went.

    None goes to an address that nobody confirmed, which may be a stranger's, to an account without a password or one that may not sign
    in, and after enough of them within a day.
    """
    account, secret = await account_by_id(tx, account_id), await secret_by_id(tx, account_id)
    if account is None or secret is None or secret.password is None or account.state not in _MAY:
        return False
    if account.email is None or account.email_confirmed_at is None:
        return False
    if (await tx.one(_COUNT, account_id=account_id, since=tx.now - DAY) or 0) >= MOST_LETTERS:
        return False
    token, until = mint(), tx.now + LINK_HOLDS
    await tx.run(
        _KEEP, digest=digest(token), account_id=account_id, email=account.email, sent_at=tx.now, expires_at=until
    )
    told: Parameters = {"name": account.name, "username": account.username, "token": token, "until": until}
    return await write_to(tx, account_id, "sessions/letters/reset_password", told, confirmed=True, language=language)


async def reset_of(reader: Reader, token: str) -> Resettable:
    """Whose password a link sets. Raises ResetUnknown."""
    found = await reader.one(_OF_LINK, token=digest(token), now=reader.now)
    if found is None:
        raise ResetUnknown
    return found


async def finish_reset(tx: Tx, token: str, new_hash: str, *, address: str = "") -> Resettable:
    """Take a link, which holds once: the account has the new password, and every session and every other link of it ends.

    Raises ResetUnknown, PasswordChanged.
    """
    whose = await reset_of(tx, token)
    if await tx.one(_TAKE, token=digest(token), now=tx.now, used=digest(mint())) is None:
        raise ResetUnknown
    secret = await secret_by_id(tx, whose.account_id)
    await reset_password(tx, whose.account_id, secret.password if secret else None, new_hash)
    await record(tx, "password_reset.done", account_id=whose.account_id, address=address)
    told: Parameters = {"name": whose.name, "username": whose.username, "at_ms": tx.now, "address": address}
    await write_to(tx, whose.account_id, "sessions/letters/password_reset", told, confirmed=True)
    return whose


async def sweep_resets(tx: Tx) -> int:
    """Forget links of more than a day ago."""
    return await tx.run(_FORGET, before=tx.now - DAY)


async def _named(reader: Reader, login: str) -> int:
    """The account of a username, or the one that confirmed an email address; 0 for nobody."""
    typed = login.strip()
    name = typed.removeprefix("@")
    found: AccountRow | None = await account_by_username(reader, name) if username_key(name) else None
    if found is not None:
        return found.id
    email = email_key(typed)
    return (await owner_of_email(reader, email) if email else None) or 0
