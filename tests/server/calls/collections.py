"""Calls of the collections room."""

import msgspec

from tests.server.calls.asking import FORM, JSON, Ask, Making, calling, filled, post_of
from tests.server.house import House
from volary.collections.actions.curating import Change, curate
from volary.collections.actions.writing import Draft, create_collection, delete_collection
from volary.collections.errors import TooManyCollections
from volary.collections.queries.reading import collections_of
from volary.db.paging import Bounds


async def collection_of(house: House, whose: str = "ann", name: str = "Best of bees") -> int:
    """A new collection of somebody; its id. Where they own as many as one may, the others go."""
    owner, draft = calling(getattr(house.cast, whose)), Draft(name)
    try:
        return (await house.db.write(create_collection, owner, draft)).id
    except TooManyCollections:
        for row in await collections_of(house.db, owner.me, owner.me, Bounds(), 1000):
            await house.db.write(delete_collection, owner, row.id)
        return (await house.db.write(create_collection, owner, draft)).id


def on_a_collection(
    path: str, sent: str = "", whose: str = "ann", *, kept: bool = False, name: str = "Best of bees"
) -> Making:
    """A call on a new collection of somebody. `{id}` is its id on the wire; `{post}` a new post of dave's and `{other}` another one,
    which are in it if they are `kept` there.
    """

    async def ask(house: House) -> Ask:
        made = await collection_of(house, whose, name)
        posts = [await post_of(house, house.cast.dave) for _ in range(2)]
        if kept:
            owner = calling(getattr(house.cast, whose))
            await house.db.write(curate, owner, made, [Change("add", one) for one in posts])
        text = sent.replace("{id}", f"custom-{made}").replace("{post}", str(posts[0])).replace("{other}", str(posts[1]))
        text = filled(text, house)
        where = f"/1.1/collections/{path}.json"
        if path in {"show", "list", "entries"}:
            return Ask(f"{where}?{text}")
        return Ask(where, text.encode(), JSON if text.startswith("{") else FORM)

    return ask


_CURATE = msgspec.json.encode(
    {"id": "{id}", "changes": [{"op": "add", "tweet_id": "{post}"}, {"op": "add", "tweet_id": "{other}"}]}
).decode()
_PLACED = "id={id}&tweet_id={post}"

ASK: dict[str, Making] = {
    "POST /1.1/collections/create.json": on_a_collection("create", "name=Best&description=of+bees"),
    "GET /1.1/collections/show.json": on_a_collection("show", "id={id}"),
    "GET /1.1/collections/list.json": on_a_collection("list", "screen_name=ann"),
    "POST /1.1/collections/update.json": on_a_collection("update", "id={id}&name=Worst"),
    "POST /1.1/collections/destroy.json": on_a_collection("destroy", "id={id}"),
    "GET /1.1/collections/entries.json": on_a_collection("entries", "id={id}", kept=True),
    "POST /1.1/collections/entries/add.json": on_a_collection("entries/add", _PLACED),
    "POST /1.1/collections/entries/remove.json": on_a_collection("entries/remove", _PLACED, kept=True),
    "POST /1.1/collections/entries/move.json": on_a_collection(
        "entries/move", _PLACED + "&relative_to={other}", kept=True
    ),
    "POST /1.1/collections/entries/curate.json": on_a_collection("entries/curate", _CURATE),
}
