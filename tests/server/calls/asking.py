"""What an honest call is made of."""

from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Literal

import msgspec

from tests.server.house import House
from volary.access.caller import Caller, in_person
from volary.accounts.models import AccountRow
from volary.db import Tx
from volary.messages.actions.sending import MessageDraft, send_message
from volary.posts.actions.writing import Draft, create_post

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"


class Ask(msgspec.Struct, frozen=True):
    """A request that ann's app may make, given the right permissions."""

    target: str
    body: bytes = b""
    kind: str = ""


Making = Callable[[House], Awaitable[Ask]]
Act = Callable[[Tx, Caller, int], Coroutine[Any, Any, object]]


class Case(msgspec.Struct, frozen=True):
    """A request of ann's app that must not work, and its answer. What ann may not see has the word MARKER in it."""

    why: Literal["wrong owner", "protected", "blocked"]
    ask: Making
    status: int


MARKER = "quinquireme"
"""A word in what ann may not see, and nowhere else."""


def calling(person: AccountRow) -> Caller:
    """The person themselves, in their own browser."""
    return in_person(person.id, person.username)


class Numbers:
    """Texts that were never posted before."""

    last = 0

    def next(self) -> str:
        self.last += 1
        return f"text number {self.last}"


new_text = Numbers().next


async def post_of(house: House, person: AccountRow, text: str = "", **draft: Any) -> int:
    """A new post; its id. Those with the MARKER may be many."""
    text = f"{text} {new_text()}" if text in {"", MARKER} else text
    made = await house.db.write(create_post, calling(person), Draft(text, **draft))
    return made.id


async def message_of(house: House, sender: AccountRow, to: AccountRow, text: str = "") -> int:
    """A new message; its id."""
    return (await house.db.write(send_message, calling(sender), to.id, MessageDraft(text or new_text()))).id


def at(target: str) -> Making:
    """A request for a target, in which `{ann}`, `{bob}` and so on stand for ids."""

    async def ask(house: House) -> Ask:
        return Ask(filled(target, house))

    return ask


def filled(target: str, house: House) -> str:
    """A target with the ids of the people that it names."""
    for name in ("ann", "bob", "carol", "dave", "dev"):
        target = target.replace(f"{{{name}}}", str(getattr(house.cast, name).id))
    return target


def targeting(path: str, whom: str = "dev") -> Making:
    """A call of v2 that does something to somebody. Only dev is blocked and muted, whom no other call needs."""

    async def ask(house: House) -> Ask:
        body = msgspec.json.encode({"target_user_id": str(getattr(house.cast, whom).id)})
        return Ask(filled(path, house), body, JSON)

    return ask


def ending(path: str, begin: Act, whom: str = "dev") -> Making:
    """A call that ends what has begun before."""

    async def ask(house: House) -> Ask:
        await house.db.write(begin, calling(house.cast.ann), getattr(house.cast, whom).id)
        return Ask(filled(path, house))

    return ask
