"""Kinds of objects in answers: how each is shaped, loaded and expanded.

A room describes its kind once, in `shapes`: its fields, the rows behind it and the expansions that lead to other kinds by name. The
server's registry brings them together, so that a post can lead to its author without the posts room knowing how users are shaped.
A field whose value another room owns (a post's source app) is filled by a provider, registered by kind and field name.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import msgspec

from volary.access.caller import Caller
from volary.api.fields import Selection
from volary.api.problems import not_authorized_for_field
from volary.api.vocabulary import Vocabulary
from volary.db import Reader

Row = Any
"""Rows are the rooms' own structs; a kind's functions know which."""


class View(msgspec.Struct, frozen=True):
    """For whom, when and in which words an object is shaped; `base` is this server's public address."""

    caller: Caller
    vocabulary: Vocabulary
    base: str
    now: int = 0
    shown: set[int] = msgspec.field(default_factory=set)
    """What this answer has shown already, as far as anybody counts it."""


class Field(msgspec.Struct, frozen=True):
    """One selectable field: its legacy and its new name, and its value for a row (None: left out)."""

    old: str
    new: str
    value: Callable[[Row, View], object]


def field(name: str, value: Callable[[Row, View], object], new: str = "") -> Field:
    """A field; `new` where the new vocabulary has another name for it."""
    return Field(name, new or name, value)


def _none_in(row: Row) -> Iterable[int]:
    return ()


class Expansion(msgspec.Struct, frozen=True):
    """A way from a row to objects of another kind: the parameter's values that ask for it, and the ids that it leads to."""

    names: frozenset[str]
    kind: str
    ids: Callable[[Row], Iterable[int]] = _none_in
    through: str = ""
    """The kind whose rows it starts from, where that is not the answer's own (`referenced_tweets.id.author_id`)."""
    shows: str = ""
    """The field that holds the ids: it is shown with the expansion, so that clients can tell what belongs to what."""
    look_up: Callable[[Reader, Caller, Sequence[Row]], Awaitable[Iterable[int]]] | None = None
    """Reads the ids of all rows at once, as far as the caller may see them, where the rows themselves do not hold them."""

    async def leads_to(self, db: Reader, caller: Caller, rows: Sequence[Row]) -> set[int]:
        """The ids that rows lead to."""
        if self.look_up is not None:
            return set(await self.look_up(db, caller, rows))
        return {id for row in rows for id in self.ids(row)}


class Kind(msgspec.Struct, frozen=True):
    """How objects of a kind are made. `bucket` is its legacy and its new name among `includes`."""

    name: str
    bucket: tuple[str, str]
    fields: tuple[Field, ...]
    default: frozenset[str]
    load: Callable[[Reader, Caller, Sequence[int]], Awaitable[Sequence[Row]]]
    expansions: tuple[Expansion, ...] = ()
    resource: str = ""
    """How partial errors call a thing of this kind, where that is not the kind's name."""
    complete: Callable[[Reader, Caller, Sequence[Row]], Awaitable[Sequence[Row]]] | None = None
    """Fills rows in with what they show of others, before they are shaped or expanded (a repost shows its original). `load` gives complete
    rows already."""
    private: Mapping[str, Callable[[Row, View], bool]] = {}
    """Fields that not everybody may read, each with whether this viewer may read it of a row: who may not is told (SR-211)."""


Shown = Callable[[Sequence[Row], Sequence[dict[str, object]], View], None]
"""Is told what an answer shows, and may add to it what is known in memory alone."""

Provider = Callable[[Reader, Sequence[Row], View], Awaitable[Mapping[int, object]]]
"""Values of one field for many rows and this viewer, by row id; a row that is missing has none."""


class Kinds:
    """Every kind by name, the providers of fields that belong to another room, and who is told what is shown, by kind."""

    def __init__(
        self,
        kinds: Iterable[Kind],
        providers: Mapping[tuple[str, str], Provider],
        shown: Mapping[str, Shown] = MappingProxyType({}),
    ) -> None:
        self._kinds = {kind.name: kind for kind in kinds}
        self._providers = providers
        self._shown = shown
        self._plans: dict[tuple[str, frozenset[str], Vocabulary], _Plan] = {}

    def __getitem__(self, name: str) -> Kind:
        return self._kinds[name]

    def get(self, name: str) -> Kind | None:
        """A kind by name, or None where no room serves it (yet)."""
        return self._kinds.get(name)

    def every(self) -> Iterable[Kind]:
        """Every kind that a room serves."""
        return self._kinds.values()

    def selected(self, answers: Kind, selection: Selection, through: str = "") -> frozenset[str]:
        """The fields that a request selects by name, or by expanding them: of the answer's own kind, or of the one in `includes` that is
        named `through`.
        """
        named = selection.of(through or answers.name)
        if not selection.expansions:
            return named
        return named.union(
            one.shows
            for one in answers.expansions
            if one.through == through and one.shows and not one.names.isdisjoint(selection.expansions)
        )

    async def shaped(
        self, db: Reader, kind: Kind, rows: Sequence[Row], selected: frozenset[str], view: View
    ) -> list[dict[str, object]]:
        """Rows as objects, with the kind's default fields and the selected ones."""
        plan = self._plan(kind, selected, view.vocabulary)
        shapes = [{name: value for name, make in plan.made if (value := make(row, view)) is not None} for row in rows]
        for name, provider in plan.provided:
            values = await provider(db, rows, view)
            for row, shape in zip(rows, shapes, strict=True):
                if (value := values.get(row.id)) is not None:
                    shape[name] = value
        if (shown := self._shown.get(kind.name)) is not None:
            shown(rows, shapes, view)
        return shapes

    async def field(self, db: Reader, kind: str, name: str, row: Row, view: View) -> object:
        """What the room that owns a field says of one row."""
        return (await self._providers[kind, name](db, [row], view)).get(row.id)

    def withheld(
        self, kind: Kind, rows: Sequence[Row], selected: frozenset[str], view: View, section: str = "data"
    ) -> list[dict[str, object]]:
        """A partial error for each selected field that this viewer may not read of a row (SR-211)."""
        return [
            not_authorized_for_field(kind.resource or kind.name, name, str(row.id), section)
            for name, may in kind.private.items()
            if name in selected
            for row in rows
            if not may(row, view)
        ]

    def _plan(self, kind: Kind, selected: frozenset[str], vocabulary: Vocabulary) -> "_Plan":
        key = (kind.name, selected, vocabulary)
        plan = self._plans.get(key)
        if plan is None:
            if len(self._plans) > 4096:  # selections are chosen by callers, so this cache must have an end
                self._plans.clear()
            plan = self._plans[key] = self._planned(kind, selected | kind.default, vocabulary)
        return plan

    def _planned(self, kind: Kind, wanted: frozenset[str], vocabulary: Vocabulary) -> "_Plan":
        made = tuple(
            (name, one.value)
            for one in kind.fields
            if one.old in wanted or one.new in wanted
            for name in vocabulary.names(one.old, one.new)
        )
        provided = tuple(
            (name, provider) for (of, name), provider in self._providers.items() if of == kind.name and name in wanted
        )
        return _Plan(made, provided)


class _Plan(msgspec.Struct, frozen=True):
    """Which names an object gets and what makes their values: worked out once for each selection."""

    made: tuple[tuple[str, Callable[[Row, View], object]], ...]
    provided: tuple[tuple[str, Provider], ...]
