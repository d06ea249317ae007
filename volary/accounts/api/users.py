"""Operations on accounts: who am I, users by ids or by names; and v1.1's verify_credentials."""

from collections.abc import Mapping, Sequence
from typing import Annotated, TypeVar

import msgspec

from volary.access.levels import Level
from volary.access.needs import Need
from volary.accounts.models import ACTIVE, SUSPENDED, AccountRow
from volary.accounts.queries import account_by_id, account_by_username, accounts_by_ids, accounts_by_usernames
from volary.accounts.shapes import user_v1
from volary.api.call import Call, Reply
from volary.api.errors import InvalidRequest, NotPermitted
from volary.api.lenient import says_yes
from volary.api.limits import limits
from volary.api.operation import operation
from volary.api.problems import not_authorized_for_field, not_found, suspended
from volary.api.query import NoQuery, whole_id

_SCOPES = frozenset({"tweet.read", "users.read"})
READ = Need(oauth1=Level.READ, scopes=_SCOPES, app_only=True)
READ_OWN = Need(oauth1=Level.READ, scopes=_SCOPES)
VERIFY = Need(oauth1=Level.READ, project=False)
Q = TypeVar("Q", bound=msgspec.Struct)


class IdsQuery(msgspec.Struct, frozen=True):
    """Up to a hundred ids."""

    ids: Annotated[tuple[str, ...], msgspec.Meta(min_length=1, max_length=100)]


class NamesQuery(msgspec.Struct, frozen=True):
    """Up to a hundred usernames."""

    usernames: Annotated[tuple[str, ...], msgspec.Meta(min_length=1, max_length=100)]


@operation("GET", "/2/users/me", need=READ_OWN, limits=limits(user=75), returns="user")
async def me(call: Call[NoQuery, None]) -> Reply:
    """The account that the token stands for (C010, C143)."""
    return await _one(call, await account_by_id(call.db, call.me), "id", str(call.me))


@operation("GET", "/2/users/{id}", need=READ, limits=limits(app=300, user=900), returns="user")
async def user_by_id(call: Call[NoQuery, None]) -> Reply:
    """One account by its id."""
    return await _one(call, await account_by_id(call.db, call.id_in_path()), "id", call.path["id"])


@operation("GET", "/2/users/by/username/{username}", need=READ, limits=limits(app=300, user=900), returns="user")
async def user_by_username(call: Call[NoQuery, None]) -> Reply:
    """One account by its username, in any case."""
    username = _username(call.path["username"], "username")
    return await _one(call, await account_by_username(call.db, username), "username", username)


@operation("GET", "/2/users", need=READ, limits=limits(app=300, user=900), query=IdsQuery, returns="user")
async def users(call: Call[IdsQuery, None]) -> Reply:
    """Several accounts by their ids, in the order asked for."""
    ids = list(dict.fromkeys(whole_id(text, "ids") for text in call.query.ids))
    found = {str(row.id): row for row in await accounts_by_ids(call.db, ids)}
    return await _many(call, found, "ids", [str(one) for one in ids])


@operation("GET", "/2/users/by", need=READ, limits=limits(app=300, user=900), query=NamesQuery, returns="user")
async def users_by_usernames(call: Call[NamesQuery, None]) -> Reply:
    """Several accounts by their usernames, in any case, in the order asked for."""
    names = list({_username(text, "usernames").lower(): text for text in call.query.usernames}.values())
    found = {row.username.lower(): row for row in await accounts_by_usernames(call.db, names)}
    return await _many(call, found, "usernames", names)


def _username(text: str, parameter: str) -> str:
    """A text that can be a username. Raises InvalidRequest in X's words."""
    if not (text.isascii() and text.replace("_", "a").isalnum() and len(text) <= 15):
        message = f"The `{parameter}` query parameter value [{text[:100]}] does not match ^[A-Za-z0-9_]{{1,15}}$"
        raise InvalidRequest(message, parameter, (text[:100],))
    return text


class VerifyQuery(msgspec.Struct, frozen=True):
    """The parameters of verify_credentials; clients send the booleans in several spellings (X facts 7.1)."""

    include_entities: str = "true"
    skip_status: str = "false"
    include_email: str = "false"


@operation("GET", "/1.1/account/verify_credentials.json", need=VERIFY, limits=limits(user=75), query=VerifyQuery)
async def verify_credentials(call: Call[VerifyQuery, None]) -> Reply:
    """The v1.1 way to ask who the token stands for, with the email address where that was permitted (C031, C061)."""
    row = await account_by_id(call.db, call.me)
    if row is None:
        raise NotPermitted("The account is not active.")
    wants_email = says_yes(call.query.include_email)
    return Reply(user_v1(row, call.settings.public_url, email=wants_email and call.caller.email))


async def _one(call: Call[NoQuery, None], row: AccountRow | None, parameter: str, value: str) -> Reply:
    """A user, or X's partial error: suspended, or not there."""
    if row is None or row.state != ACTIVE:
        return await call.one("user", None, [_absent(row, parameter, value)])
    return await call.one("user", row, _withheld(call, [row]))


async def _many(call: Call[Q, None], found: Mapping[str, AccountRow], parameter: str, values: Sequence[str]) -> Reply:
    """Users in the order asked for, and an error for each that is suspended or not there. `found` is by the folded value."""
    asked = [(value, found.get(value.lower())) for value in values]
    rows = [row for _, row in asked if row is not None and row.state == ACTIVE]
    errors = [_absent(row, parameter, value) for value, row in asked if row is None or row.state != ACTIVE]
    return await call.many("user", rows, errors=[*errors, *_withheld(call, rows)])


def _absent(row: AccountRow | None, parameter: str, value: str) -> dict[str, object]:
    if row is not None and row.state == SUSPENDED:
        return suspended(parameter, value)
    return not_found("user", parameter, value)


def _withheld(call: Call[Q, None], rows: Sequence[AccountRow]) -> list[dict[str, object]]:
    """An error for each address that was asked for and is not the caller's to read (SR-211)."""
    if "confirmed_email" not in call.selection.of("user"):
        return []
    own = call.caller.account_id if call.caller.email else None
    return [not_authorized_for_field("user", "confirmed_email", str(row.id)) for row in rows if row.id != own]
