"""Accounts as operators find and see them, in every state."""

import msgspec
from sqlalchemy import bindparam, func, select

from volary.accounts.models import account_words, accounts
from volary.accounts.rules.names import username_key
from volary.accounts.rules.profiles import email_key
from volary.accounts.rules.words import words_of
from volary.db import Reader, statement
from volary.db.paging import Bounds, Pages
from volary.developers.models import apps, developer_accounts, team_members
from volary.kit.ids import id_in
from volary.oauth.models import grants
from volary.operator.queries.apps import PAGE
from volary.sessions.queries import sessions_of

_BEYOND = b"\xff"


class FoundPerson(msgspec.Struct, frozen=True):
    """An account as the list shows it."""

    id: int
    username: str
    name: str
    email: str | None
    state: str
    operator: int
    created_at: int


class SeenPerson(FoundPerson, frozen=True):
    """An account with what hangs on it."""

    email_confirmed_at: int | None
    automated_by: int | None
    developer: str | None
    grants: int
    apps: int
    teams: int


_COLUMNS = tuple(accounts.c[name] for name in FoundPerson.__struct_fields__)
_FOUND = select(*_COLUMNS)
_ALL = Pages(_FOUND, accounts.c.id, FoundPerson)
_WITH_WORD = Pages(
    _FOUND.where(
        accounts.c.id.in_(
            select(account_words.c.account_id).where(
                account_words.c.word >= bindparam("least"), account_words.c.word < bindparam("beyond")
            )
        )
    ),
    accounts.c.id,
    FoundPerson,
)
_WITH_EMAIL = Pages(_FOUND.where(accounts.c.email == bindparam("email")), accounts.c.id, FoundPerson)
_BY_ID = statement(_FOUND.where(accounts.c.id == bindparam("id")), FoundPerson)
_BY_KEY = statement(_FOUND.where(accounts.c.username_key == bindparam("key")), FoundPerson)
_SEEN = statement(
    select(
        *_COLUMNS,
        accounts.c.email_confirmed_at,
        accounts.c.automated_by,
        developer_accounts.c.state.label("developer"),
        select(func.count())
        .where(grants.c.account_id == accounts.c.id, grants.c.ended_at.is_(None))
        .scalar_subquery()
        .label("grants"),
        select(func.count()).where(apps.c.owner_id == accounts.c.id).scalar_subquery().label("apps"),
        select(func.count()).where(team_members.c.account_id == accounts.c.id).scalar_subquery().label("teams"),
    )
    .outerjoin_from(accounts, developer_accounts, developer_accounts.c.account_id == accounts.c.id)
    .where(accounts.c.id == bindparam("id")),
    SeenPerson,
)


async def find_people(reader: Reader, text: str, page: Bounds) -> list[FoundPerson]:
    """Accounts by number, @handle, email address, or the beginning of a word of their name; everybody when nothing is asked.

    One more than a page, the newest first.
    """
    text = text.strip()
    if not text:
        return await _ALL.read(reader, page, PAGE + 1)
    if "@" in text[1:]:
        return await _WITH_EMAIL.read(reader, page, PAGE + 1, email=email_key(text) or "")
    key = username_key(text.removeprefix("@"))
    exact = [await reader.one(_BY_KEY, key=key)] if key else []
    if number := id_in(text):
        exact.insert(0, await reader.one(_BY_ID, id=number))
    found = [one for one in exact if one is not None]
    if found:
        return found[:1]
    words = sorted(words_of("", text), key=len, reverse=True)
    if not words:
        return []
    least = words[0].encode()
    return await _WITH_WORD.read(reader, page, PAGE + 1, least=least, beyond=least + _BEYOND)


async def seen_person(reader: Reader, account_id: int) -> SeenPerson | None:
    """An account with how much hangs on it."""
    return await reader.one(_SEEN, id=account_id)


async def sessions_count(reader: Reader, account_id: int) -> int:
    """How many live sessions an account has."""
    return len(await sessions_of(reader, account_id))
