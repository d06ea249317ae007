"""What is private reaches nobody else, by no route: every reading operation, every id, everything expanded, every kind of stranger.

Each private thing has a word in it (`probes.planting`), and no answer to a stranger may have the word, wherever it stands. The follower
and the owner ask the same: their answers show that the words are there to be found.
"""

from collections import Counter

import msgspec
import pytest

from tests.server.calls import OPERATION
from tests.server.house import Credentials, House
from tests.server.probes.asking import targets
from tests.server.probes.planting import Planted, plant
from volary.access.levels import Level
from volary.access.scopes import SCOPES

READING = sorted(name for name, one in OPERATION.items() if one.method == "GET")
GUARDS = {
    "post": "tweet.read",
    "message": "dm.read",
    "list": "list.read",
    "folder": "bookmark.read",
    "email": "users.email",
}
"""The scope without which even the owner's own app sees nothing of a kind."""


class Viewer(msgspec.Struct, frozen=True):
    """Somebody who asks for everything, and the kinds of things that they may find."""

    account_id: int
    credentials: Credentials
    may: frozenset[str] = frozenset()


@pytest.fixture(scope="module")
async def planted(each_house: House) -> Planted:
    return await plant(each_house)


async def found(house: House, planted: Planted, viewer: Viewer) -> tuple[set[str], int, Counter[str]]:
    """The kinds of words in all answers to a viewer, how many there were, and which operations showed something."""
    kinds, tried, shown = set(), 0, Counter[str]()
    for name in READING:
        for target in targets(OPERATION[name], planted, str(viewer.account_id)):
            got = await house.get(target, viewer.credentials)
            assert got.status < 500, target
            tried += 1
            here = {kind for kind, word in planted.words.items() if word in _without_the_question(got.body, target)}
            if OPERATION[name].gives_bytes and got.status == 200:
                here.add("message")
            assert here <= viewer.may, (target, here)
            kinds |= here
            shown[name] += bool(here)
    return kinds, tried, shown


def _without_the_question(body: bytes, target: str) -> str:
    """The answer without what it says back of the request: partial errors name the value that was asked for."""
    told = msgspec.json.decode(body) if body.startswith((b"{", b"[")) else {}
    if isinstance(told, dict):
        told.pop("errors", None)
        told.get("meta", {}).pop("next_token", None)
    return msgspec.json.encode(told).decode()


async def strangers(house: House) -> dict[str, Viewer]:
    cast = house.cast
    return {
        "a stranger": Viewer(cast.ann.id, await house.bearer(cast.ann)),
        "a stranger who signs": Viewer(cast.ann.id, await house.signed(cast.ann)),
        "an app on its own": Viewer(0, house.app_only()),
        "a follower who was removed": Viewer(cast.dave.id, await house.bearer(cast.dave)),
        "somebody blocked": Viewer(cast.dev.id, await house.bearer(cast.dev)),
    }


@pytest.mark.attack("SR-193", "SR-194")
async def test_strangers_find_nothing(each_house: House, planted: Planted) -> None:
    tried = 0
    for viewer in (await strangers(each_house)).values():
        kinds, count, _ = await found(each_house, planted, viewer)
        assert kinds == set()
        tried += count
    assert tried >= 1_000


async def test_the_follower_and_the_owner_find_what_is_theirs(each_house: House, planted: Planted) -> None:
    """The control: the same questions lead to everything."""
    cast = each_house.cast
    follower = Viewer(cast.carol.id, await each_house.bearer(cast.carol), frozenset({"post", "message"}))
    owner = Viewer(cast.bob.id, await each_house.bearer(cast.bob), frozenset(planted.words))
    for viewer in (follower, owner):
        kinds, _, shown = await found(each_house, planted, viewer)
        assert kinds == viewer.may
        assert sum(1 for count in shown.values() if count) >= 6


@pytest.mark.parametrize("kind", GUARDS)
async def test_without_its_scope_even_the_owners_app_finds_nothing_of_a_kind(
    each_house: House, planted: Planted, kind: str
) -> None:
    scopes = " ".join(one for one in SCOPES if one != GUARDS[kind])
    bob = each_house.cast.bob
    viewer = Viewer(bob.id, await each_house.bearer(bob, scopes), frozenset(planted.words) - {kind})
    await found(each_house, planted, viewer)


@pytest.mark.claim("C056")
@pytest.mark.parametrize("level", [Level.READ, Level.READ_WRITE])
async def test_lower_levels_find_no_messages(each_house: House, planted: Planted, level: Level) -> None:
    bob = each_house.cast.bob
    viewer = Viewer(bob.id, await each_house.signed(bob, level=level), frozenset(planted.words) - {"message"})
    await found(each_house, planted, viewer)
