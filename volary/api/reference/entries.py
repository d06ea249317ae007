"""An operation as developers read of it, and all of them, found by path or word."""

from collections.abc import Iterable, Sequence

import msgspec

from volary.access.needs import Need
from volary.api.errors import Numbered
from volary.api.limits import Quota
from volary.api.openapi import identifier, paragraphs
from volary.api.operation import Operation
from volary.api.problems import refused
from volary.api.reference.examples import Example, examples
from volary.api.reference.parameters import Parameter, listed
from volary.kit.errors import Unauthenticated

PAGING = ("pagination_token", "next_token")


class Entry(msgspec.Struct, frozen=True):
    """An operation: its name in addresses, what it does, what it takes, and a call of it with the answer."""

    key: str
    operation: Operation
    paragraphs: Sequence[str]
    parameters: tuple[Parameter, ...]
    example: Example | None

    @property
    def method(self) -> str:
        return self.operation.method

    @property
    def path(self) -> str:
        return self.operation.path

    @property
    def need(self) -> Need:
        return self.operation.need

    @property
    def room(self) -> str:
        """The part of the product that it belongs to, by the name of its room."""
        return self.operation.handler.__module__.split(".")[1]

    @property
    def v1(self) -> bool:
        """Whether it is one of the older version of the API."""
        return self.path.startswith("/1.1/")

    @property
    def reads(self) -> bool:
        """Whether it changes nothing."""
        return self.method == "GET"

    @property
    def paging(self) -> str:
        """The parameter that asks for the next page; "" where answers have one page."""
        names = {one.name for one in self.parameters}
        return next((name for name in PAGING if name in names), "")

    @property
    def two_vocabularies(self) -> bool:
        """Whether its answers have names of both of X's vocabularies."""
        return bool(self.operation.returns)

    def quotas(self, scale: float) -> tuple[list[Quota], list[Quota]]:
        """How often a person with an App, and an App, may call it on a server with this scale; nothing without limits."""
        if scale <= 0:
            return [], []
        limits = self.operation.limits
        user, app = (
            [Quota(max(1, int(one.calls * scale)), one.seconds) for one in pool] for pool in (limits.user, limits.app)
        )
        return user, app

    def problem(self, portal: str) -> str:
        """What a call without credentials is answered with."""
        refusal = Numbered(400, 215, "Bad Authentication data.", "") if self.v1 else Unauthenticated("Unauthorized")
        return refused(refusal, self.path, portal).body.decode()

    def has(self, words: Sequence[str]) -> bool:
        """Whether path, sentences and names hold every one of some words in small letters."""
        text = " ".join([self.operation.name, *self.paragraphs, *(one.name for one in self.parameters)]).lower()
        return all(word in text for word in words)


class Reference:
    """Every operation of a server, written down when somebody first asks."""

    def __init__(self, operations: Iterable[Operation]) -> None:
        self._operations = [*operations]
        self._entries: dict[str, Entry] = {}

    def every(self) -> list[Entry]:
        """All of them: those of the newer version first, each by its path."""
        if not self._entries:
            known = examples()
            for one in sorted(self._operations, key=lambda one: (one.path.startswith("/1.1/"), one.path, one.method)):
                told = paragraphs(one)
                self._entries[identifier(one)] = Entry(identifier(one), one, told, listed(one), known.get(one.name))
        return [*self._entries.values()]

    def get(self, key: str) -> Entry | None:
        """One of them by its name in addresses."""
        self.every()
        return self._entries.get(key)

    def found(self, text: str) -> list[Entry]:
        """Those in which all words of a text stand."""
        return [entry for entry in self.every() if entry.has(text.lower().split())]
