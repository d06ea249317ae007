"""Reading accounts. Who may see which field is decided where rows become shapes; a password hash leaves only as a SecretRow."""

from collections.abc import Sequence

import msgspec
from sqlalchemy import ColumnElement, LargeBinary, and_, bindparam, exists, not_, select

from volary.accounts.models import (
    ACTIVE,
    AccountRow,
    AffiliateRow,
    FoundRow,
    OwnRow,
    SecretRow,
    account_words,
    accounts,
    affiliations,
)
from volary.accounts.rules.names import username_key
from volary.accounts.rules.profiles import email_key
from volary.db import Reader, Statement, Value, in_list, statement
from volary.db.paging import Bounds, Pages
from volary.mail.models import Addressee

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


_OWN = statement(
    select(*(accounts.c[name] for name in OwnRow.__struct_fields__)).where(accounts.c.id == bindparam("id")), OwnRow
)


async def own_by_id(reader: Reader, account_id: int) -> OwnRow | None:
    """What an account keeps for its owner alone."""
    return await reader.one(_OWN, id=account_id)


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


_DISCOVERED = statement(
    select(*ACCOUNT_COLUMNS)
    .where(
        accounts.c.email == bindparam("email"),
        accounts.c.email_confirmed_at.is_not(None),
        accounts.c.discoverable_by_email == 1,
        accounts.c.state == ACTIVE,
    )
    .limit(1),
    AccountRow,
)


async def account_discovered(reader: Reader, named: str) -> AccountRow | None:
    """The account that somebody means by its username, or by its confirmed address where its owner lets people find it by that."""
    name = named.strip().removeprefix("@")
    email = email_key(name)
    if email is None or "@" not in name:
        return await account_by_username(reader, name)
    return await reader.one(_DISCOVERED, email=email)


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


# ------------------------------------------------------------------------------------------------------------------ searching


def _searching(words: int) -> Statement[FoundRow]:
    """Accounts that have a word beginning with each of so many, in the order of the word that the first one found.

    The first word's range of the key is walked from where the page begins, so a page costs what it shows. An account stands once: at the
    first of its words that fits.
    """
    start, after, edge = (bindparam(name, type_=LargeBinary()) for name in ("start", "from_0", "after_word"))
    met, sooner = account_words.alias("met"), account_words.alias("sooner")
    wanted: list[ColumnElement[bool]] = [
        met.c.word >= start,
        met.c.word < bindparam("to_0"),
        not_(and_(met.c.word == edge, met.c.account_id <= bindparam("after_id"))),
        accounts.c.state == ACTIVE,
        not_(
            exists(
                select(sooner.c.account_id).where(
                    sooner.c.account_id == met.c.account_id, sooner.c.word >= after, sooner.c.word < met.c.word
                )
            )
        ),
    ]
    for number in range(1, words):
        other = account_words.alias(f"other_{number}")
        wanted.append(
            exists(
                select(other.c.account_id).where(
                    other.c.account_id == met.c.account_id,
                    other.c.word >= bindparam(f"from_{number}"),
                    other.c.word < bindparam(f"to_{number}"),
                )
            )
        )
    return statement(
        select(*ACCOUNT_COLUMNS, met.c.word)
        .select_from(met)
        .join(accounts, accounts.c.id == met.c.account_id)
        .where(*wanted)
        .order_by(met.c.word, met.c.account_id)
        .limit(bindparam("count")),
        FoundRow,
    )


_SEARCHES = tuple(_searching(number) for number in range(1, 27))
"""A query of fifty characters holds at most twenty-five words."""
_BEYOND = b"\xff"


async def accounts_found(
    reader: Reader, words: Sequence[str], count: int, after: tuple[bytes, int] = (b"", 0)
) -> list[FoundRow]:
    """Active accounts of which each word begins a word of their username or name; those that are met whole come first."""
    if not words:
        return []
    bounds: dict[str, Value] = {}
    for number, word in enumerate(words):
        bounds[f"from_{number}"], bounds[f"to_{number}"] = word.encode(), word.encode() + _BEYOND
    start = max(words[0].encode(), after[0])
    return await reader.all(
        _SEARCHES[len(words) - 1], start=start, after_word=after[0], after_id=after[1], count=count, **bounds
    )


_AFFILIATES = Pages(
    select(*ACCOUNT_COLUMNS, affiliations.c.place)
    .select_from(affiliations)
    .join(accounts, accounts.c.id == affiliations.c.account_id)
    .where(affiliations.c.organization_id == bindparam("organization"), accounts.c.state == ACTIVE),
    affiliations.c.place,
    AffiliateRow,
)


async def affiliates_of(reader: Reader, organization: int, page: Bounds, count: int) -> list[AffiliateRow]:
    """The active accounts that belong to an organization's, the newest first."""
    return await _AFFILIATES.read(reader, page, count, organization=organization)


class _AffiliationRow(msgspec.Struct, frozen=True):
    account_id: int
    organization_id: int


_ORGANIZATIONS = statement(
    select(affiliations.c.account_id, affiliations.c.organization_id)
    .join(accounts, accounts.c.id == affiliations.c.organization_id)
    .where(in_list(affiliations.c.account_id, "ids"), accounts.c.state == ACTIVE)
    .order_by(affiliations.c.place),
    _AffiliationRow,
)


async def organizations_of(reader: Reader, ids: Sequence[int]) -> dict[int, list[int]]:
    """The active organizations to which accounts belong; an account without any is left out."""
    found: dict[int, list[int]] = {}
    for row in await reader.all(_ORGANIZATIONS, ids=list(ids)) if ids else ():
        found.setdefault(row.account_id, []).append(row.organization_id)
    return found


_AUTOMATED = statement(
    select(*ACCOUNT_COLUMNS)
    .where(accounts.c.automated_by == bindparam("manager"))
    .order_by(accounts.c.username_key)
    .limit(500),
    AccountRow,
)
_AUTOMATES = statement(select(accounts.c.id).where(accounts.c.automated_by == bindparam("manager")).limit(1), int)


async def automated_by(reader: Reader, manager_id: int) -> list[AccountRow]:
    """The automated accounts that an account runs, by username."""
    return await reader.all(_AUTOMATED, manager=manager_id)


async def manager_of(reader: Reader, account: AccountRow) -> AccountRow | None:
    """Who runs an automated account, while that one is active: nobody else is named."""
    found = None if account.automated_by is None else await account_by_id(reader, account.automated_by)
    return found if found is not None and found.state == ACTIVE else None


async def automates_anybody(reader: Reader, manager_id: int) -> bool:
    """Whether an account runs an automated one."""
    return await reader.one(_AUTOMATES, manager=manager_id) is not None


async def addressee(
    reader: Reader, account_id: int, *, confirmed: bool = False, language: str = ""
) -> Addressee | None:
    """Where and in which language to write to an account; None for one without an address, or without one that it confirmed.

    `language` is what its owner reads now, where no language is stored.
    """
    account = await account_by_id(reader, account_id)
    if account is None or account.email is None or (confirmed and account.email_confirmed_at is None):
        return None
    return Addressee(account.email, account.language or language, account.id, account.time_zone)
