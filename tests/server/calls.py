"""One honest call of every operation: where the tests of all operations begin. A new operation is added here first."""

from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import msgspec

from tests.server.house import House
from volary.access.caller import Caller, in_person
from volary.accounts.models import AccountRow
from volary.api.operation import Operation, operations_of
from volary.db import Tx
from volary.graph.actions.blocks import block
from volary.graph.actions.follows import follow
from volary.graph.actions.mutes import mute
from volary.messages.actions import send_message
from volary.posts.actions import Draft, create_post
from volary.server.registry import OPERATIONS

OPERATION = {one.name: one for module in OPERATIONS for one in operations_of(module.__name__)}
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
Act = Callable[[Tx, Caller, int], Coroutine[Any, Any, object]]


class Ask(msgspec.Struct, frozen=True):
    """A request that ann's app may make, given the right permissions."""

    target: str
    body: bytes = b""
    kind: str = ""


def calling(person: AccountRow) -> Caller:
    """The person themselves, in their own browser."""
    return in_person(person.id, person.username)


class Numbers:
    """Texts that were never posted before."""

    last = 0

    def next(self) -> str:
        self.last += 1
        return f"text number {self.last}"


_texts = Numbers()


async def post_of(house: House, person: AccountRow, text: str = "", **draft: object) -> int:
    """A new post; its id."""
    made = await house.db.write(create_post, calling(person), Draft(text or _texts.next(), **draft))  # type: ignore[arg-type]
    return made.id


async def message_of(house: House, sender: AccountRow, to: AccountRow, text: str = "") -> int:
    """A new message; its id."""
    return (await house.db.write(send_message, calling(sender), to.id, text or _texts.next())).id


def _at(target: str) -> Callable[[House], Awaitable[Ask]]:
    async def ask(house: House) -> Ask:
        return Ask(_filled(target, house))

    return ask


def _filled(target: str, house: House) -> str:
    for name in ("ann", "carol", "dev"):
        target = target.replace(f"{{{name}}}", str(getattr(house.cast, name).id))
    return target


def _targeting(path: str, whom: str = "dev") -> Callable[[House], Awaitable[Ask]]:
    """A call of v2 that does something to somebody. Only dev is blocked and muted, whom no other call needs."""

    async def ask(house: House) -> Ask:
        body = msgspec.json.encode({"target_user_id": str(getattr(house.cast, whom).id)})
        return Ask(_filled(path, house), body, JSON)

    return ask


def _naming(path: str, whom: str = "dev") -> Callable[[House], Awaitable[Ask]]:
    """The same by v1.1, which refuses to unmute who is not muted."""

    async def ask(house: House) -> Ask:
        if path == "/1.1/mutes/users/destroy.json":
            await house.db.write(mute, calling(house.cast.ann), house.cast.dev.id)
        return Ask(path, f"screen_name={whom}".encode(), FORM)

    return ask


def _ending(path: str, begin: Act, whom: str = "dev") -> Callable[[House], Awaitable[Ask]]:
    """A call that ends what has begun before."""

    async def ask(house: House) -> Ask:
        await house.db.write(begin, calling(house.cast.ann), getattr(house.cast, whom).id)
        return Ask(_filled(path, house))

    return ask


async def _new_post(house: House) -> Ask:
    return Ask("/2/tweets", msgspec.json.encode({"text": _texts.next()}), JSON)


async def _update(house: House) -> Ask:
    return Ask("/1.1/statuses/update.json", b"status=" + _texts.next().replace(" ", "+").encode(), FORM)


async def _read_post(house: House) -> Ask:
    return Ask(f"/2/tweets/{await post_of(house, house.cast.ann)}")


async def _read_posts(house: House) -> Ask:
    return Ask(f"/2/tweets?ids={await post_of(house, house.cast.ann)}")


async def _delete_post(house: House) -> Ask:
    return Ask(f"/2/tweets/{await post_of(house, house.cast.ann)}")


async def _send(house: House) -> Ask:
    body = msgspec.json.encode({"text": _texts.next()})
    return Ask(f"/2/dm_conversations/with/{house.cast.carol.id}/messages", body, JSON)


async def _message(house: House) -> Ask:
    return Ask(f"/2/dm_events/{await message_of(house, house.cast.ann, house.cast.carol)}")


ASK: dict[str, Callable[[House], Awaitable[Ask]]] = {
    "GET /2/users/me": _at("/2/users/me"),
    "GET /2/users": _at("/2/users?ids={carol},{ann}"),
    "GET /2/users/by": _at("/2/users/by?usernames=carol_c,ANN"),
    "GET /2/users/{id}/following": _at("/2/users/{carol}/following"),
    "GET /2/users/{id}/followers": _at("/2/users/{carol}/followers"),
    "POST /2/users/{id}/following": _targeting("/2/users/{ann}/following", "carol"),
    "DELETE /2/users/{source_user_id}/following/{target_user_id}": _ending(
        "/2/users/{ann}/following/{carol}", follow, "carol"
    ),
    "GET /2/users/{id}/blocking": _at("/2/users/{ann}/blocking"),
    "POST /2/users/{id}/blocking": _targeting("/2/users/{ann}/blocking"),
    "DELETE /2/users/{source_user_id}/blocking/{target_user_id}": _ending("/2/users/{ann}/blocking/{dev}", block),
    "GET /2/users/{id}/muting": _at("/2/users/{ann}/muting"),
    "POST /2/users/{id}/muting": _targeting("/2/users/{ann}/muting"),
    "DELETE /2/users/{source_user_id}/muting/{target_user_id}": _ending("/2/users/{ann}/muting/{dev}", mute),
    "POST /1.1/friendships/create.json": _naming("/1.1/friendships/create.json", "Carol_C"),
    "POST /1.1/friendships/destroy.json": _naming("/1.1/friendships/destroy.json", "Carol_C"),
    "GET /1.1/friendships/show.json": _at("/1.1/friendships/show.json?target_screen_name=carol_c"),
    "POST /1.1/blocks/create.json": _naming("/1.1/blocks/create.json"),
    "POST /1.1/blocks/destroy.json": _naming("/1.1/blocks/destroy.json"),
    "POST /1.1/mutes/users/create.json": _naming("/1.1/mutes/users/create.json"),
    "POST /1.1/mutes/users/destroy.json": _naming("/1.1/mutes/users/destroy.json"),
    "GET /2/users/{id}": _at("/2/users/{carol}"),
    "GET /2/users/by/username/{username}": _at("/2/users/by/username/carol_c"),
    "GET /1.1/account/verify_credentials.json": _at("/1.1/account/verify_credentials.json"),
    "GET /2/tweets/{id}": _read_post,
    "GET /2/tweets": _read_posts,
    "GET /2/users/{id}/tweets": _at("/2/users/{ann}/tweets"),
    "POST /2/tweets": _new_post,
    "DELETE /2/tweets/{id}": _delete_post,
    "POST /1.1/statuses/update.json": _update,
    "POST /2/dm_conversations/with/{participant_id}/messages": _send,
    "GET /2/dm_conversations/with/{participant_id}/dm_events": _at("/2/dm_conversations/with/{carol}/dm_events"),
    "GET /2/dm_events": _at("/2/dm_events"),
    "GET /2/dm_events/{event_id}": _message,
    "DELETE /2/dm_events/{event_id}": _message,
}

NAMES = sorted(ASK)
V2 = [name for name in NAMES if "/2/" in name]
V1 = [name for name in NAMES if "/1.1/" in name]
IN_CONTRACT = [name for name in V2 if "/blocking" not in name or name.startswith("GET")]
"""v2 without the two calls that X took out of its contract and clients still make (X facts 6)."""


def of(name: str) -> Operation:
    return OPERATION[name]
