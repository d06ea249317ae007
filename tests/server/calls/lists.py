"""Calls of the lists room."""

from collections.abc import Callable, Coroutine
from typing import Any

import msgspec

from tests.server.calls.asking import FORM, JSON, MARKER, Ask, Case, Making, at, calling, filled, post_of
from tests.server.calls.posts import after_a_block
from tests.server.house import House
from volary.access.caller import Caller
from volary.db import Tx
from volary.db.paging import Bounds
from volary.lists.actions.following import follow_list, pin_list, unpin_list
from volary.lists.actions.members import add_member
from volary.lists.actions.writing import create_list, delete_list
from volary.lists.errors import TooManyLists
from volary.lists.queries.reading import owned_by, pinned_by


async def list_of(house: House, whose: str = "ann", name: str = "Bees", *, private: bool = False) -> int:
    """A new List of somebody; its id. Where they own as many as one may, the others go."""
    owner = calling(getattr(house.cast, whose))
    try:
        made = await house.db.write(create_list, owner, name, private=private)
    except TooManyLists:
        for row in await owned_by(house.db, owner.me, owner.me, Bounds(), 1000):
            await house.db.write(delete_list, owner, row.id)
        made = await house.db.write(create_list, owner, name, private=private)
    return made.id


def on_a_list(
    target: str,
    whose: str = "ann",
    *,
    private: bool = False,
    member: str = "",
    text: str = "",
    body: object = None,
    form: str = "",
) -> Making:
    """A request for a target in which `{list}` stands for a new List of somebody, with a member who posts; in the body or form too.

    A private List has the MARKER as its name, unless it is ann's.
    """

    async def ask(house: House) -> Ask:
        made = await list_of(house, whose, MARKER if private and whose != "ann" else "Bees", private=private)
        if member:
            person = getattr(house.cast, member)
            await house.db.write(add_member, calling(getattr(house.cast, whose)), made, person.id)
            await post_of(house, person, text)
        where = filled(target.replace("{list}", str(made)), house)
        if form:
            return Ask(where, filled(form.replace("{list}", str(made)), house).encode(), FORM)
        if body is None:
            return Ask(where)
        sent = msgspec.json.encode(body).decode().replace("{list}", str(made))
        return Ask(where, filled(sent, house).encode(), JSON)

    return ask


async def pin_nothing(house: House) -> None:
    """Ann pins nothing any more, so that there is room."""
    ann = calling(house.cast.ann)
    for row in await pinned_by(house.db, ann.me, ann.me, Bounds(), 5):
        await house.db.write(unpin_list, ann, row.id)


def _pinning(target: str) -> Making:
    async def ask(house: House) -> Ask:
        await pin_nothing(house)
        return await on_a_list(target, "carol", body={"list_id": "{list}"})(house)

    return ask


def _ended(target: str, begin: Callable[[Tx, Caller, int], Coroutine[Any, Any, object]]) -> Making:
    """Ending what ann has to do with a List of carol's."""

    async def ask(house: House) -> Ask:
        await pin_nothing(house)
        made = await list_of(house, "carol")
        await house.db.write(begin, calling(house.cast.ann), made)
        return Ask(filled(target.replace("{list}", str(made)), house))

    return ask


def _subscribed(target: str, form: str) -> Making:
    """A request about a List of ann's that she follows."""

    async def ask(house: House) -> Ask:
        made = await list_of(house)
        await house.db.write(follow_list, calling(house.cast.ann), made)
        text = filled(form.replace("{list}", str(made)), house)
        return Ask(target, text.encode(), FORM) if text and "?" not in target else Ask(target + text)

    return ask


_V1 = "/1.1/lists/"
_NEW = {"name": "Bees", "description": "All of them", "private": False}
_NAMED = {"list_id": "{list}"}

ASK: dict[str, Making] = {
    "POST /2/lists": on_a_list("/2/lists", body=_NEW),
    "GET /2/lists/{id}": on_a_list("/2/lists/{list}"),
    "PUT /2/lists/{id}": on_a_list("/2/lists/{list}", body={"name": "Wasps"}),
    "DELETE /2/lists/{id}": on_a_list("/2/lists/{list}"),
    "GET /2/lists/{id}/members": on_a_list("/2/lists/{list}/members", member="carol"),
    "GET /2/lists/{id}/followers": on_a_list("/2/lists/{list}/followers"),
    "GET /2/lists/{id}/tweets": on_a_list("/2/lists/{list}/tweets", member="carol"),
    "POST /2/lists/{id}/members": on_a_list("/2/lists/{list}/members", body={"user_id": "{carol}"}),
    "DELETE /2/lists/{id}/members/{user_id}": on_a_list("/2/lists/{list}/members/{carol}", member="carol"),
    "GET /2/users/{id}/owned_lists": on_a_list("/2/users/{ann}/owned_lists"),
    "GET /2/users/{id}/list_memberships": on_a_list("/2/users/{carol}/list_memberships", member="carol"),
    "GET /2/users/{id}/followed_lists": at("/2/users/{carol}/followed_lists"),
    "POST /2/users/{id}/followed_lists": on_a_list("/2/users/{ann}/followed_lists", "carol", body=_NAMED),
    "DELETE /2/users/{id}/followed_lists/{list_id}": _ended("/2/users/{ann}/followed_lists/{list}", follow_list),
    "GET /2/users/{id}/pinned_lists": at("/2/users/{ann}/pinned_lists"),
    "POST /2/users/{id}/pinned_lists": _pinning("/2/users/{ann}/pinned_lists"),
    "DELETE /2/users/{id}/pinned_lists/{list_id}": _ended("/2/users/{ann}/pinned_lists/{list}", pin_list),
    "GET /1.1/lists/show.json": on_a_list(f"{_V1}show.json?list_id={{list}}"),
    "POST /1.1/lists/create.json": on_a_list(f"{_V1}create.json", form="name=Bees&mode=private"),
    "POST /1.1/lists/update.json": on_a_list(f"{_V1}update.json", form="list_id={list}&name=Wasps"),
    "POST /1.1/lists/destroy.json": on_a_list(f"{_V1}destroy.json", form="list_id={list}"),
    "GET /1.1/lists/list.json": on_a_list(f"{_V1}list.json"),
    "GET /1.1/lists/ownerships.json": on_a_list(f"{_V1}ownerships.json"),
    "GET /1.1/lists/subscriptions.json": on_a_list(f"{_V1}subscriptions.json?screen_name=dave"),
    "GET /1.1/lists/memberships.json": on_a_list(f"{_V1}memberships.json?user_id={{carol}}", member="carol"),
    "GET /1.1/lists/statuses.json": on_a_list(f"{_V1}statuses.json?list_id={{list}}", member="carol"),
    "GET /1.1/lists/members.json": on_a_list(f"{_V1}members.json?list_id={{list}}", member="carol"),
    "GET /1.1/lists/members/show.json": on_a_list(
        f"{_V1}members/show.json?list_id={{list}}&user_id={{carol}}", member="carol"
    ),
    "GET /1.1/lists/subscribers.json": on_a_list(f"{_V1}subscribers.json?list_id={{list}}"),
    "GET /1.1/lists/subscribers/show.json": _subscribed(
        f"{_V1}subscribers/show.json?", "list_id={list}&screen_name=ann"
    ),
    "POST /1.1/lists/subscribers/create.json": on_a_list(f"{_V1}subscribers/create.json", form="list_id={list}"),
    "POST /1.1/lists/subscribers/destroy.json": _subscribed(f"{_V1}subscribers/destroy.json", "list_id={list}"),
    "POST /1.1/lists/members/create.json": on_a_list(
        f"{_V1}members/create.json", form="list_id={list}&user_id={carol}"
    ),
    "POST /1.1/lists/members/create_all.json": on_a_list(
        f"{_V1}members/create_all.json", form="list_id={list}&screen_name=carol_c,dave"
    ),
    "POST /1.1/lists/members/destroy.json": on_a_list(
        f"{_V1}members/destroy.json", member="carol", form="list_id={list}&user_id={carol}"
    ),
    "POST /1.1/lists/members/destroy_all.json": on_a_list(
        f"{_V1}members/destroy_all.json", form="list_id={list}&user_id={carol},{dave}"
    ),
}


def _kept(target: str, status: int = 200, body: object = None) -> tuple[Case, ...]:
    """A List that ann may not see: carol's private one, one of bob's, and one of carol's after she blocked ann."""
    return (
        Case("wrong owner", on_a_list(target, "carol", private=True, body=body), status),
        Case("protected", on_a_list(target, "bob", body=body), status),
        Case("blocked", after_a_block(on_a_list(target, "carol", body=body)), status),
    )


def _others(target: str, body: object = None) -> tuple[Case, ...]:
    """A List that is not ann's to change, whether she may see it or not."""
    return (Case("wrong owner", on_a_list(target, "dave", body=body), 403), *_kept(target, 404, body))


REFUSED: dict[str, tuple[Case, ...]] = {
    "GET /2/lists/{id}": _kept("/2/lists/{list}"),
    "PUT /2/lists/{id}": _others("/2/lists/{list}", {"name": "Mine", "private": False}),
    "DELETE /2/lists/{id}": _others("/2/lists/{list}"),
    "GET /2/lists/{id}/members": _kept("/2/lists/{list}/members"),
    "GET /2/lists/{id}/followers": _kept("/2/lists/{list}/followers"),
    "GET /2/lists/{id}/tweets": (
        *_kept("/2/lists/{list}/tweets"),
        Case("protected", on_a_list("/2/lists/{list}/tweets", "ann", member="bob", text=MARKER), 200),
        Case(
            "blocked",
            after_a_block(on_a_list("/2/lists/{list}/tweets", "dave", member="carol", text=MARKER)),
            200,
        ),
    ),
    "POST /2/lists/{id}/members": (
        *_others("/2/lists/{list}/members", {"user_id": "{dev}"}),
        Case("blocked", after_a_block(on_a_list("/2/lists/{list}/members", body={"user_id": "{carol}"})), 403),
    ),
    "DELETE /2/lists/{id}/members/{user_id}": _others("/2/lists/{list}/members/{dave}"),
    "GET /2/users/{id}/owned_lists": (Case("protected", at("/2/users/{bob}/owned_lists"), 200),),
    "GET /2/users/{id}/list_memberships": (
        Case("protected", at("/2/users/{bob}/list_memberships"), 200),
        Case("wrong owner", on_a_list("/2/users/{dave}/list_memberships", "carol", private=True, member="dave"), 200),
    ),
    "GET /2/users/{id}/followed_lists": (Case("protected", at("/2/users/{bob}/followed_lists"), 200),),
    "POST /2/users/{id}/followed_lists": (
        Case("wrong owner", on_a_list("/2/users/{carol}/followed_lists", "carol", body=_NAMED), 403),
        *_kept("/2/users/{ann}/followed_lists", 404, _NAMED),
    ),
    "DELETE /2/users/{id}/followed_lists/{list_id}": (
        Case("wrong owner", on_a_list("/2/users/{carol}/followed_lists/{list}", "carol"), 403),
    ),
    "GET /2/users/{id}/pinned_lists": (Case("wrong owner", at("/2/users/{carol}/pinned_lists"), 403),),
    "POST /2/users/{id}/pinned_lists": (
        Case("wrong owner", on_a_list("/2/users/{carol}/pinned_lists", "carol", body=_NAMED), 403),
        *_kept("/2/users/{ann}/pinned_lists", 404, _NAMED),
    ),
    "DELETE /2/users/{id}/pinned_lists/{list_id}": (
        Case("wrong owner", on_a_list("/2/users/{carol}/pinned_lists/{list}", "carol"), 403),
    ),
}
