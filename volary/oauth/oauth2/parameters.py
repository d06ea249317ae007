"""Reading the parameters of OAuth 2.0 requests: each name once, from one place, or not at all (RFC 6749 §3.1, §3.2)."""

import json
from collections.abc import Iterable
from urllib.parse import parse_qsl

import msgspec

from volary.oauth.errors import PageRefusal
from volary.oauth.oauth2.errors import Malformed

_MOST = 200
_FORM = "application/x-www-form-urlencoded"


class Query(msgspec.Struct, frozen=True):
    """The parameters of an authorization request. A name that is there twice has no value at all."""

    values: dict[str, str]
    repeated: frozenset[str]
    """Names that are there more than once, or with brackets, which some readers take for the same name (SR-023)."""

    def once(self, name: str) -> str | None:
        """The value of a parameter that is there once; None when it is absent, empty or ambiguous."""
        return None if name in self.repeated else self.values.get(name) or None

    def lack(self, name: str) -> str:
        """Why `once` gives None, for the app's developer."""
        return f"{name} is there more than once." if name in self.repeated else f"{name} is missing."


def query_of(raw: bytes) -> Query:
    """Read an authorization request. Raises PageRefusal for what is no query at all."""
    try:
        pairs = parse_qsl(raw.decode(), keep_blank_values=True, errors="strict", max_num_fields=_MOST)
    except ValueError as error:
        raise PageRefusal(why=f"the query cannot be read: {error}") from error
    values, repeated = _each_once((name.partition("[")[0], value) for name, value in pairs)
    return Query(values, repeated | {name.partition("[")[0] for name, _ in pairs if "[" in name})


def body_of(content_type: bytes | None, body: bytes) -> dict[str, str]:
    """Read the body of a token or revocation request: a form, or JSON, as twitter-api-v2 sends it (X facts 12.2).

    A parameter without a value counts as absent. Raises Malformed for a body of another type, one that cannot be read, and a name that
    is there twice (SR-093).
    """
    kind = (content_type or b"").partition(b";")[0].strip().lower().decode("latin-1")
    try:
        if kind == "application/json":
            pairs = _json_pairs(body)
        elif kind in {_FORM, ""}:
            pairs = parse_qsl(body.decode(), keep_blank_values=True, errors="strict", max_num_fields=_MOST)
        else:
            raise Malformed("Requests must have content-type of application/x-www-form-urlencoded.")
        values, repeated = _each_once(pairs)
        _ensure_storable(values)
    except (ValueError, RecursionError) as error:
        raise Malformed("The request body could not be read.", why=repr(error)) from error
    if repeated:
        raise Malformed(f"Duplicate parameter [{min(repeated)}].")
    return {name: value for name, value in values.items() if value}


def _each_once(pairs: Iterable[tuple[str, str]]) -> tuple[dict[str, str], frozenset[str]]:
    values: dict[str, str] = {}
    repeated = set()
    for name, value in pairs:
        if name in values:
            repeated.add(name)
        values[name] = value
    return values, frozenset(repeated)


def _json_pairs(body: bytes) -> list[tuple[str, str]]:
    """The members of a flat JSON object of texts; null counts as absent. Raises ValueError for anything else."""
    found = json.loads(body.decode() or "{}", object_pairs_hook=list)
    if not isinstance(found, list):
        raise ValueError("not an object")  # noqa: TRY004 - the one error that the caller expects
    members = []
    for member in found:
        if not (isinstance(member, tuple) and len(member) == 2):
            raise ValueError("not an object")
        name, value = member
        if value is None:
            continue
        if not isinstance(value, str):
            raise ValueError("a member is no text")  # noqa: TRY004 - as above
        members.append((name, value))
    return members


def _ensure_storable(values: dict[str, str]) -> None:
    """Refuse what no column holds: NUL, and lone halves of surrogate pairs. Raises ValueError (UnicodeEncodeError is one)."""
    for name, value in values.items():
        if "\0" in value or "\0" in name:
            raise ValueError("NUL")
        (name + value).encode()
