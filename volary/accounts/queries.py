"""Reading accounts. Who may see which field is decided where rows become shapes; a password hash leaves only as a SecretRow."""

from collections.abc import Sequence

import msgspec
from sqlalchemy import bindparam, select

from volary.accounts.models import AccountRow, SecretRow, accounts
from volary.accounts.rules.names import username_key
from volary.accounts.rules.profiles import email_key
from volary.db import Reader, in_list, statement

MOST_CLAIMS = 20
"""Of accounts with one address that nobody confirmed, how many are looked at when somebody signs in with it."""

ACCOUNT_COLUMNS = tuple(accounts.c[name] for name in AccountRow.__struct_fields__)
"""The columns that make an AccountRow, in its order."""

_SECRET_COLUMNS = tuple(accounts.c[name] for name in SecretRow.__struct_fields__)

_BY_ID = statement(select(*ACCOUNT_COLUMNS).where(accounts.c.id == bindparam("id")), AccountRow, hot=True)
_BY_KEY = statement(select(*ACCOUNT_COLUMNS).where(accounts.c.username_key == bindparam("key")), AccountRow, hot=True)
_BY_IDS = statement(select(*ACCOUNT_COLUMNS).where(in_list(accounts.c.id, "ids")), AccountRow)
_EVERY = statement(
    select(*ACCOUNT_COLUMNS).where(accounts.c.id > bindparam("after")).order_by(accounts.c.id).limit(1000), AccountRow
)
_SECRET_BY_ID = statement(select(*_SECRET_COLUMNS).where(accounts.c.id == bindparam("id")), SecretRow)
_SECRET_BY_KEY = statement(select(*_SECRET_COLUMNS).where(accounts.c.username_key == bindparam("key")), SecretRow)
_SECRETS_BY_EMAIL = tuple(
    statement(
        select(*_SECRET_COLUMNS)
        .where(accounts.c.email == bindparam("email"), confirmed)
        .order_by(accounts.c.id)
        .limit(MOST_CLAIMS),
        SecretRow,
    )
    for confirmed in (accounts.c.email_confirmed_at.is_not(None), accounts.c.email_confirmed_at.is_(None))
)
_CONFIRMED = statement(
    select(accounts.c.id)
    .where(accounts.c.email == bindparam("email"), accounts.c.email_confirmed_at.is_not(None))
    .limit(1),
    int,
)


async def account_by_id(reader: Reader, account_id: int) -> AccountRow | None:
    """The account with this id, whatever its state."""
    return await reader.one(_BY_ID, id=account_id)


async def account_by_username(reader: Reader, username: str) -> AccountRow | None:
    """The account with this username, in any case. A text that can be nobody's username finds nobody (SR-157)."""
    key = username_key(username)
    if key is None:
        return None
    return await reader.one(_BY_KEY, key=key)


async def accounts_by_ids(reader: Reader, ids: Sequence[int]) -> list[AccountRow]:
    """The accounts with these ids, in no particular order; unknown ids are passed over."""
    return await reader.all(_BY_IDS, ids=list(ids)) if ids else []


_BY_KEYS = statement(select(*ACCOUNT_COLUMNS).where(in_list(accounts.c.username_key, "keys")), AccountRow)


async def accounts_by_usernames(reader: Reader, usernames: Sequence[str]) -> list[AccountRow]:
    """The accounts with these usernames in any case, in no particular order; names that are nobody's are passed over."""
    keys = sorted({key for name in usernames if (key := username_key(name)) is not None})
    return await reader.all(_BY_KEYS, keys=keys) if keys else []


async def every_account(reader: Reader) -> list[AccountRow]:
    """Every account, the oldest first: for whoever runs the server."""
    found: list[AccountRow] = []
    while some := await reader.all(_EVERY, after=found[-1].id if found else 0):
        found += some
    return found


async def secret_by_id(reader: Reader, account_id: int) -> SecretRow | None:
    """What checking this account's password needs."""
    return await reader.one(_SECRET_BY_ID, id=account_id)


async def secrets_by_login(reader: Reader, login: str) -> list[SecretRow]:
    """What checking a password needs, by what a person types into "Username or email"; an @ before a username is passed over.

    An address that somebody confirmed is that account's alone. One that nobody confirmed may stand in several accounts, since anybody
    can sign up with anybody's address: then all of them are found, the oldest first, so that none keeps another one out.
    """
    typed = login.strip()
    key = username_key(typed.removeprefix("@"))
    if key is not None:
        return await reader.all(_SECRET_BY_KEY, key=key)
    email = email_key(typed)
    if email is None:
        return []
    confirmed, claimed = _SECRETS_BY_EMAIL
    return await reader.all(confirmed, email=email) or await reader.all(claimed, email=email)


async def owner_of_email(reader: Reader, email: str) -> int | None:
    """The id of the account that confirmed this address."""
    return await reader.one(_CONFIRMED, email=email)


class _NamedRow(msgspec.Struct, frozen=True):
    username_key: str
    id: int


_IDS_BY_KEYS = statement(
    select(accounts.c.username_key, accounts.c.id).where(in_list(accounts.c.username_key, "keys")), _NamedRow
)


_ID_BY_KEY = statement(select(accounts.c.id).where(accounts.c.username_key == bindparam("key")), int)


async def ids_of_usernames(reader: Reader, usernames: Sequence[str]) -> dict[str, int]:
    """Account ids by lower-case username; names that are nobody's are left out."""
    keys = sorted({key for name in usernames if (key := username_key(name)) is not None})
    if not keys:
        return {}
    if len(keys) == 1:  # as in most posts that mention somebody
        found = await reader.one(_ID_BY_KEY, key=keys[0])
        return {} if found is None else {keys[0]: found}
    return {row.username_key: row.id for row in await reader.all(_IDS_BY_KEYS, keys=keys)}
