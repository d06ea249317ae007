"""The call that programs make: what every client's program is written from."""

import json
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from volary.api.reference.entries import Entry

OAUTH2, OAUTH1 = "OAuth 2.0", "OAuth 1.0a"


class Program(msgspec.Struct, frozen=True):
    """A program to copy: the client, the way in which it proves who calls, and its text."""

    client: str
    way: str
    code: str

    @property
    def id(self) -> str:
        """Its name within a page."""
        return f"{self.client}-{self.way}".replace(" ", "-").replace(".", "").lower()


class Request(msgspec.Struct, frozen=True):
    """A call of an operation on a server at `base`, proven in a `way`."""

    entry: Entry
    base: str
    target: str
    sent: str
    way: str

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def query(self) -> list[tuple[str, str]]:
        """The parameters of the query and of a form body, which v1.1 takes alike."""
        form = self.sent if self.sent and self.json is None else ""
        return parse_qsl(self.target.partition("?")[2], True) + parse_qsl(form, True)

    @property
    def json(self) -> Any:
        """The body as a value; None where there is none, or a form."""
        return json.loads(self.sent) if self.sent.startswith("{") else None

    @property
    def values(self) -> list[str]:
        """What stands in the open parts of the path, in their order."""
        parts = zip(self.entry.path.split("/"), self.path.split("/"), strict=True)
        return [value.removesuffix(".json") for part, value in parts if part.startswith("{")]

    @property
    def token(self) -> str:
        """The environment's variable with the bearer token that suits the operation."""
        return "APP_ACCESS_TOKEN" if self.entry.need.scopes is None else "OAUTH2_ACCESS_TOKEN"


def literal(value: object) -> str:
    """A value of JSON as Python writes it."""
    return repr(value) if not isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def keywords(pairs: list[tuple[str, str]]) -> list[str]:
    """Parameters of a query as keyword arguments, as Python's clients name them."""
    return [f"{name.replace('.', '_')}={_argument(name, value)}" for name, value in pairs]


_LISTS = ("fields", "ids", "usernames", "expansions", "exclude", "event_types", "media_keys")


def _argument(name: str, value: str) -> str:
    if name.endswith(_LISTS):
        return "[" + ", ".join(literal(one) for one in value.split(",")) + "]"
    return value if name == "max_results" else literal(value)
