"""People who arrive anew, so that nothing connects them with anybody, and what they do."""

import itertools
from typing import Any

from volary.access.caller import Caller, in_person
from volary.accounts.actions import create_account, update_profile
from volary.accounts.models import AccountRow
from volary.accounts.queries import account_by_id
from volary.accounts.rules.profiles import Profile
from volary.db import Database
from volary.graph.actions.follows import accept_request, follow
from volary.posts.actions.writing import Draft, create_post

_numbers = itertools.count(1)


async def newcomer(db: Database, *, protected: bool = False) -> AccountRow:
    """A person whom nobody knows yet."""
    account = await db.write(create_account, f"new{next(_numbers)}")
    if protected:
        await protect(db, account)
    return await now(db, account)


async def protect(db: Database, person: AccountRow, on: bool = True) -> None:
    """Protect a person's posts, or no longer."""
    await db.write(update_profile, person.id, Profile(name=person.name, protected=int(on)))


async def now(db: Database, person: AccountRow) -> AccountRow:
    """The person's account as it is at this moment."""
    found = await account_by_id(db, person.id)
    assert found is not None
    return found


def calling(person: AccountRow) -> Caller:
    """The person themselves, in their own browser."""
    return in_person(person.id, person.username)


async def act(db: Database, what: Any, person: AccountRow, whom: AccountRow) -> Any:
    """Somebody does something to somebody."""
    return await db.write(what, calling(person), whom.id)


async def post(db: Database, person: AccountRow, text: str = "", **draft: Any) -> int:
    """A new post; its id."""
    text = text or f"post number {next(_numbers)}"
    return (await db.write(create_post, calling(person), Draft(text, **draft))).id


async def befriend(db: Database, follower: AccountRow, followed: AccountRow) -> None:
    """Somebody follows a protected account, which accepts it."""
    await act(db, follow, follower, followed)
    await act(db, accept_request, followed, follower)
