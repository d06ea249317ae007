"""One honest call of every operation: where the tests of all operations begin. A new operation is added here first."""

from collections.abc import Awaitable, Callable

import msgspec

from tests.server.house import House
from volary.access.caller import Caller, Scheme
from volary.access.levels import Level
from volary.accounts.models import AccountRow
from volary.api.operation import Operation, operations_of
from volary.messages.actions import send_message
from volary.posts.actions import Draft, create_post
from volary.server.registry import OPERATIONS

OPERATION = {one.name: one for module in OPERATIONS for one in operations_of(module.__name__)}
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"


class Ask(msgspec.Struct, frozen=True):
    """A request that ann's app may make, given the right permissions."""

    target: str
    body: bytes = b""
    kind: str = ""


def calling(person: AccountRow) -> Caller:
    """The person themselves, in their own browser."""
    return Caller(Scheme.SESSION, None, person.id, person.username, frozenset(), Level.DIRECT_MESSAGES)


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
        return Ask(target.replace("{ann}", str(house.cast.ann.id)).replace("{carol}", str(house.cast.carol.id)))

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


def of(name: str) -> Operation:
    return OPERATION[name]
