"""One call of an operation: what a handler is given, and the answers that it can give."""

from collections.abc import Mapping, Sequence
from typing import Generic, TypeVar

import msgspec

from volary.access.caller import Caller
from volary.api.errors import NotPermitted
from volary.api.fields import Selection
from volary.api.includes import included
from volary.api.kinds import Kinds, Row, View
from volary.api.machine import RawCall
from volary.api.query import whole_id
from volary.db import Database
from volary.kit.resources import Resources
from volary.settings import Settings

Q = TypeVar("Q")
B = TypeVar("B")


class Reply(msgspec.Struct, frozen=True):
    """A handler's answer: the JSON value, and a status where it is not the operation's own. None is an answer without a body."""

    body: object
    status: int = 0


class Call(Generic[Q, B]):
    """A call that passed every check: who calls, what was sent, and the ways to answer in X's envelope."""

    __slots__ = ("_kinds", "body", "caller", "path", "query", "raw", "selection")

    def __init__(
        self,
        raw: RawCall,
        caller: Caller,
        path: Mapping[str, str],
        query: Q,
        body: B,
        selection: Selection,
        kinds: Kinds,
    ) -> None:
        self.raw = raw
        self.caller = caller
        self.path = path
        """The path's parameters, as text."""
        self.query = query
        self.body = body
        self.selection = selection
        self._kinds = kinds

    @property
    def db(self) -> Database:
        """The database."""
        return self.raw.db

    @property
    def settings(self) -> Settings:
        """The installation's settings."""
        return self.raw.settings

    @property
    def resources(self) -> Resources:
        """Long-lived things of this process."""
        return self.raw.resources

    @property
    def me(self) -> int:
        """The account that the caller acts for. Only for operations whose need admits no app-only calls."""
        return self.caller.me

    @property
    def view(self) -> View:
        """How objects are shaped for this call."""
        return View(self.caller, self.selection.vocabulary, self.settings.public_url, self.db.now)

    def id_in_path(self, name: str = "id") -> int:
        """An id in the path as a number. Raises InvalidRequest for anything else."""
        return whole_id(self.path[name], name)

    def own_id(self, name: str = "id") -> int:
        """An id in the path that must be the caller's own account. Raises NotPermitted for anybody else's (SR-206)."""
        if self.id_in_path(name) != self.me:
            raise NotPermitted(f"The `{name}` in the path must be the authenticating user's own.")
        return self.me

    async def field(self, kind: str, name: str, row: Row) -> object:
        """A field of an object that another room fills in; None where it says nothing."""
        return await self._kinds.field(self.db, kind, name, row, self.view)

    async def one(self, kind: str, row: Row, errors: Sequence[Mapping[str, object]] = ()) -> Reply:
        """An answer with one object, its expansions and partial errors. A row of None leaves the errors alone."""
        if row is None:
            return Reply({"errors": list(errors)})
        return await self._reply(kind, [row], errors, many=False)

    async def many(
        self,
        kind: str,
        rows: Sequence[Row],
        *,
        errors: Sequence[Mapping[str, object]] = (),
        meta: Mapping[str, object] | None = None,
    ) -> Reply:
        """An answer with a list of objects; `data` is left out where nothing was found, as X does."""
        return await self._reply(kind, rows, errors, many=True, meta=meta)

    async def _reply(
        self,
        kind: str,
        rows: Sequence[Row],
        errors: Sequence[Mapping[str, object]],
        *,
        many: bool,
        meta: Mapping[str, object] | None = None,
    ) -> Reply:
        known = self._kinds[kind]
        view = self.view
        if known.complete is not None:
            rows = await known.complete(self.db, self.caller, rows)
        selected = self._kinds.selected(known, self.selection)
        shapes = await self._kinds.shaped(self.db, known, rows, selected, view)
        body: dict[str, object] = {}
        if shapes:
            body["data"] = shapes if many else shapes[0]
            if known.private and not selected.isdisjoint(known.private):
                errors = [*errors, *self._kinds.withheld(known, rows, selected, view)]
        if self.selection.expansions and rows:
            more = await included(self.db, self._kinds, known, rows, self.selection, view)
            if more.buckets:
                body["includes"] = more.buckets
            errors = [*errors, *more.errors]
        if errors:
            body["errors"] = list(errors)
        if meta is not None:
            body["meta"] = meta
        return Reply(body)
