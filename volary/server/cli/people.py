"""Whom a command names, and in whose name it acts."""

from volary.access.caller import Caller, in_person
from volary.accounts.models import AccountRow
from volary.accounts.queries import account_by_username
from volary.db import Reader
from volary.kit.errors import NotFound


async def account_named(reader: Reader, username: str) -> AccountRow:
    """The account of this name. Raises NotFound."""
    found = await account_by_username(reader, username)
    if found is None:
        raise NotFound("There is no account @%(username)s.", username=username)
    return found


async def caller_named(reader: Reader, username: str) -> Caller:
    """The account of this name, which acts itself. Raises NotFound."""
    found = await account_named(reader, username)
    return in_person(found.id, found.username)
