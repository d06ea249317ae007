"""Lists, and what is done to them, in the names of people who arrive anew."""

from typing import Any

from tests.graph.people import calling
from tests.server.house import House
from volary.accounts.models import AccountRow
from volary.db import Database
from volary.lists.actions.members import add_member
from volary.lists.actions.writing import create_list


async def list_of(
    db: Database, owner: AccountRow, *members: AccountRow, name: str = "Bees", private: bool = False
) -> int:
    """A new List with members; its id."""
    made = await db.write(create_list, calling(owner), name, private=private)
    for one in members:
        await db.write(add_member, calling(owner), made.id, one.id)
    return made.id


async def does(db: Database, what: Any, person: AccountRow, *args: Any, **more: Any) -> Any:
    """Somebody does something to a List."""
    return await db.write(what, calling(person), *args, **more)


async def ids(house: House, who: AccountRow, target: str) -> list[str]:
    """The ids of what a call shows somebody."""
    got = await house.get(target, await house.bearer(who))
    assert got.status == 200, got.body
    return [one["id"] for one in got.json.get("data", [])]


async def shown(house: House, who: AccountRow, list_id: int) -> dict[str, Any]:
    """A List with all its fields, as somebody sees it."""
    fields = "created_at,description,follower_count,member_count,owner_id,private"
    got = await house.get(f"/2/lists/{list_id}?list.fields={fields}", await house.bearer(who))
    found: dict[str, Any] = got.json["data"]
    return found


async def listed_count(house: House, person: AccountRow) -> int:
    """On how many Lists an account is, as everybody may know."""
    got = await house.get(f"/2/users/{person.id}?user.fields=public_metrics", house.app_only())
    return int(got.json["data"]["public_metrics"]["listed_count"])
