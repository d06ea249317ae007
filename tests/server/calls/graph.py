"""Calls of the graph room."""

from tests.server.calls.asking import FORM, Ask, Case, Making, at, calling, ending, targeting
from tests.server.house import House
from volary.graph.actions.blocks import block
from volary.graph.actions.follows import follow
from volary.graph.actions.mutes import mute


def _naming(path: str, whom: str = "dev") -> Making:
    """A call of v1.1 that does something to somebody. It refuses to unmute who is not muted."""

    async def ask(house: House) -> Ask:
        if path == "/1.1/mutes/users/destroy.json":
            await house.db.write(mute, calling(house.cast.ann), house.cast.dev.id)
        return Ask(path, f"screen_name={whom}".encode(), FORM)

    return ask


ASK: dict[str, Making] = {
    "GET /2/users/{id}/following": at("/2/users/{carol}/following"),
    "GET /2/users/{id}/followers": at("/2/users/{carol}/followers"),
    "POST /2/users/{id}/following": targeting("/2/users/{ann}/following", "carol"),
    "DELETE /2/users/{source_user_id}/following/{target_user_id}": ending(
        "/2/users/{ann}/following/{carol}", follow, "carol"
    ),
    "GET /2/users/{id}/blocking": at("/2/users/{ann}/blocking"),
    "POST /2/users/{id}/blocking": targeting("/2/users/{ann}/blocking"),
    "DELETE /2/users/{source_user_id}/blocking/{target_user_id}": ending("/2/users/{ann}/blocking/{dev}", block),
    "GET /2/users/{id}/muting": at("/2/users/{ann}/muting"),
    "POST /2/users/{id}/muting": targeting("/2/users/{ann}/muting"),
    "DELETE /2/users/{source_user_id}/muting/{target_user_id}": ending("/2/users/{ann}/muting/{dev}", mute),
    "POST /1.1/friendships/create.json": _naming("/1.1/friendships/create.json", "Carol_C"),
    "POST /1.1/friendships/destroy.json": _naming("/1.1/friendships/destroy.json", "Carol_C"),
    "GET /1.1/friendships/show.json": at("/1.1/friendships/show.json?target_screen_name=carol_c"),
    "POST /1.1/blocks/create.json": _naming("/1.1/blocks/create.json"),
    "POST /1.1/blocks/destroy.json": _naming("/1.1/blocks/destroy.json"),
    "POST /1.1/users/report_spam.json": _naming("/1.1/users/report_spam.json"),
    "POST /1.1/mutes/users/create.json": _naming("/1.1/mutes/users/create.json"),
    "POST /1.1/mutes/users/destroy.json": _naming("/1.1/mutes/users/destroy.json"),
}

REFUSED: dict[str, tuple[Case, ...]] = {
    "GET /2/users/{id}/following": (Case("protected", at("/2/users/{bob}/following"), 200),),
    "GET /2/users/{id}/followers": (Case("protected", at("/2/users/{bob}/followers"), 200),),
    "POST /2/users/{id}/following": (Case("wrong owner", targeting("/2/users/{carol}/following"), 403),),
    "GET /2/users/{id}/blocking": (Case("wrong owner", at("/2/users/{carol}/blocking"), 403),),
    "POST /2/users/{id}/blocking": (Case("wrong owner", targeting("/2/users/{carol}/blocking"), 403),),
    "GET /2/users/{id}/muting": (Case("wrong owner", at("/2/users/{carol}/muting"), 403),),
    "POST /2/users/{id}/muting": (Case("wrong owner", targeting("/2/users/{carol}/muting"), 403),),
}

LARGEST: dict[str, int] = {
    f"GET /2/users/{{id}}/{name}": 1000 for name in ("following", "followers", "blocking", "muting")
}
