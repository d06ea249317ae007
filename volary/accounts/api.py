"""Operations on accounts: who am I, one user by id or by name; and v1.1's verify_credentials."""

import msgspec

from volary.access.levels import Level
from volary.access.needs import Need
from volary.accounts.models import ACTIVE, SUSPENDED, AccountRow
from volary.accounts.queries import account_by_id, account_by_username
from volary.accounts.shapes import user_v1
from volary.api.call import Call, Reply
from volary.api.errors import InvalidRequest, NotPermitted
from volary.api.limits import limits
from volary.api.operation import operation
from volary.api.problems import TYPES, not_authorized_for_field, not_found
from volary.api.query import NoQuery

_SCOPES = frozenset({"tweet.read", "users.read"})
READ = Need(oauth1=Level.READ, scopes=_SCOPES, app_only=True)
READ_OWN = Need(oauth1=Level.READ, scopes=_SCOPES)
VERIFY = Need(oauth1=Level.READ, project=False)


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
    username = call.path["username"]
    if not (username.isascii() and username.replace("_", "a").isalnum() and len(username) <= 15):
        text = f"The `username` query parameter value [{username[:100]}] does not match ^[A-Za-z0-9_]{{1,15}}$"
        raise InvalidRequest(text, "username", (username[:100],))
    return await _one(call, await account_by_username(call.db, username), "username", username)


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
    wants_email = call.query.include_email.lower() in {"true", "t", "1"}
    return Reply(user_v1(row, email=wants_email and call.caller.email))


async def _one(call: Call[NoQuery, None], row: AccountRow | None, parameter: str, value: str) -> Reply:
    """A user, or X's partial error: suspended, or not there."""
    if row is None or row.state not in {ACTIVE, SUSPENDED}:
        return await call.one("user", None, [not_found("user", parameter, value)])
    if row.state == SUSPENDED:
        return await call.one("user", None, [_suspended(value, parameter)])
    errors = []
    if "confirmed_email" in call.selection.of("user") and not (call.caller.email and row.id == call.caller.account_id):
        errors.append(not_authorized_for_field("user", "confirmed_email", str(row.id)))
    return await call.one("user", row, errors)


def _suspended(value: str, parameter: str) -> dict[str, object]:
    return {
        "value": value,
        "detail": f"User has been suspended: [{value}].",
        "title": "Forbidden",
        "resource_type": "user",
        "parameter": parameter,
        "resource_id": value,
        "type": TYPES + "resource-unavailable",
    }
