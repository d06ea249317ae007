"""Posts of the cast, made in a line."""

from typing import Any

from tests.conftest import HeldDatabase
from volary.access.caller import Caller, in_person
from volary.accounts.models import AccountRow
from volary.posts.actions.writing import Draft, create_post
from volary.posts.models import PostRow
from volary.posts.queries.reading import post_by_id


def calling(person: AccountRow) -> Caller:
    return in_person(person.id, person.username)


async def post(db: HeldDatabase, person: AccountRow, text: str, **draft: Any) -> PostRow:
    return await db.write(create_post, calling(person), Draft(text, **draft))


async def read(db: HeldDatabase, post_id: int, viewer: int = 0) -> PostRow:
    found = await post_by_id(db, viewer, post_id)
    assert found is not None
    return found
