"""How objects are shaped: default and selected fields, both vocabularies, what others fill in, what an expansion shows."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import msgspec

from volary.access.caller import Caller, Scheme
from volary.access.levels import Level
from volary.api.fields import Selection
from volary.api.includes import included
from volary.api.kinds import Expansion, Kind, Kinds, View, field
from volary.api.vocabulary import Vocabulary
from volary.db import Reader
from volary.db.reading import Value
from volary.db.statement import Statement
from volary.kit.secrets import Keyring

R = TypeVar("R")


class Bird(msgspec.Struct, frozen=True):
    """A row."""

    id: int
    name: str
    nest_id: int | None = None
    egg_ids: tuple[int, ...] = ()


class Nest(msgspec.Struct, frozen=True):
    """Another row."""

    id: int
    owner_id: int


class _Unread:
    """A reader for kinds that read nothing: whatever is read from it fails the test."""

    now = 0
    keys = Keyring(bytes(32))

    async def one(self, asked: Statement[R], /, **params: Value) -> R | None:
        raise AssertionError(asked, params)

    async def all(self, asked: Statement[R], /, **params: Value) -> list[R]:
        raise AssertionError(asked, params)


READER: Reader = _Unread()
BIRDS = {1: Bird(1, "Robin", 7, (2, 3)), 2: Bird(2, "Wren"), 4: Bird(4, "Owl", 9)}
NESTS = {7: Nest(7, 4)}
asked: list[tuple[str, list[int]]] = []


async def _birds(reader: Reader, caller: Caller, ids: Sequence[int]) -> list[Bird]:
    asked.append(("bird", list(ids)))
    return [BIRDS[one] for one in ids if one in BIRDS]


async def _nests(reader: Reader, caller: Caller, ids: Sequence[int]) -> list[Nest]:
    asked.append(("nest", list(ids)))
    return [NESTS[one] for one in ids if one in NESTS]


async def _songs(reader: Reader, rows: Sequence[Any], view: View) -> Mapping[int, object]:
    return {row.id: f"{row.name} sings" for row in rows if row.name != "Wren"}


BIRD = Kind(
    name="bird",
    resource="fowl",
    bucket=("fowls", "birds"),
    fields=(
        field("id", lambda row, view: str(row.id)),
        field("fowl_name", lambda row, view: row.name, "bird_name"),
        field("nest_id", lambda row, view: None if row.nest_id is None else str(row.nest_id)),
        field("egg_ids", lambda row, view: [str(one) for one in row.egg_ids] or None),
    ),
    default=frozenset({"id", "fowl_name"}),
    load=_birds,
    expansions=(
        Expansion(frozenset({"egg_ids"}), "bird", lambda row: row.egg_ids, shows="egg_ids"),
        Expansion(
            frozenset({"nest_id", "nest_id.owner_id"}),
            "nest",
            lambda row: [row.nest_id] if row.nest_id else [],
            shows="nest_id",
        ),
        Expansion(
            frozenset({"nest_id.owner_id"}), "bird", lambda row: (row.owner_id,), through="nest", shows="owner_id"
        ),
        Expansion(frozenset({"song_id"}), "song", lambda row: (1,)),
    ),
)
NEST = Kind(
    name="nest",
    bucket=("nests", "nests"),
    fields=(field("id", lambda row, view: str(row.id)), field("owner_id", lambda row, view: str(row.owner_id))),
    default=frozenset({"id"}),
    load=_nests,
)
KINDS = Kinds((BIRD, NEST), {("bird", "song"): _songs})
CALLER = Caller(Scheme.APP_ONLY, 1, None, "", frozenset(), Level.READ)


def view(vocabulary: Vocabulary) -> View:
    return View(CALLER, vocabulary, "http://localhost:8000")


async def shaped(selected: set[str], vocabulary: Vocabulary = Vocabulary.OLD) -> list[dict[str, object]]:
    return await KINDS.shaped(READER, BIRD, list(BIRDS.values()), frozenset(selected), view(vocabulary))


async def test_default_fields_are_always_there_and_selected_ones_too() -> None:
    assert (await shaped(set()))[0] == {"id": "1", "fowl_name": "Robin"}
    assert (await shaped({"nest_id"}))[0] == {"id": "1", "fowl_name": "Robin", "nest_id": "7"}


async def test_a_field_without_a_value_is_left_out() -> None:
    assert (await shaped({"nest_id", "egg_ids"}))[1] == {"id": "2", "fowl_name": "Wren"}


async def test_names_are_those_of_the_vocabulary() -> None:
    assert set((await shaped(set(), Vocabulary.NEW))[0]) == {"id", "bird_name"}
    assert set((await shaped({"bird_name"}, Vocabulary.OLD))[0]) == {"id", "fowl_name"}
    assert set((await shaped(set(), Vocabulary.BOTH))[0]) == {"id", "fowl_name", "bird_name"}


async def test_a_field_of_another_room_comes_from_its_provider() -> None:
    found = await shaped({"song"})
    assert [one.get("song") for one in found] == ["Robin sings", None, "Owl sings"]


async def expanded(*expansions: str) -> Any:
    asked.clear()
    selection = Selection(expansions=frozenset(expansions))
    return await included(READER, KINDS, BIRD, list(BIRDS.values()), selection, view(Vocabulary.OLD))


async def test_each_thing_is_included_once_with_one_look_up_for_all() -> None:
    found = await expanded("nest_id", "nest_id.owner_id", "egg_ids")
    assert asked == [("bird", [2, 3]), ("nest", [7, 9]), ("bird", [4])]
    assert found.buckets == {
        "fowls": [{"id": "2", "fowl_name": "Wren"}, {"id": "4", "fowl_name": "Owl"}],
        "nests": [{"id": "7", "owner_id": "4"}],
    }


async def test_what_is_not_there_is_told_with_the_parameter_that_led_to_it() -> None:
    found = await expanded("nest_id", "egg_ids")
    assert [(one["resource_type"], one["parameter"], one["resource_id"], one["section"]) for one in found.errors] == [
        ("fowl", "egg_ids", "3", "includes"),
        ("nest", "nest_id", "9", "includes"),
    ]


async def test_a_kind_that_no_room_serves_yet_is_passed_over() -> None:
    found = await expanded("song_id")
    assert (found.buckets, found.errors, asked) == ({}, [], [])


async def test_the_field_with_the_ids_is_shown_with_its_expansion() -> None:
    selection = Selection({"bird": frozenset({"song"})}, frozenset({"nest_id.owner_id"}))
    assert KINDS.selected(BIRD, selection) == {"song", "nest_id"}
    assert KINDS.selected(BIRD, selection, "nest") == {"owner_id"}
    assert KINDS.selected(BIRD, Selection()) == frozenset()


async def test_selections_that_callers_choose_do_not_fill_the_memory() -> None:
    kinds = Kinds((BIRD,), {})
    for number in range(10_000):
        await kinds.shaped(READER, BIRD, [], frozenset({str(number)}), view(Vocabulary.OLD))
    assert len(kinds._plans) <= 4097
