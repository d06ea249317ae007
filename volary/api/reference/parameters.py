"""The parameters of an operation and the properties of its body, flat, with their bounds and meanings."""

from collections.abc import Iterator
from typing import Any

import msgspec

from volary.api.openapi import parameters_of
from volary.api.operation import Operation
from volary.api.reference.meanings import meaning_of

Json = dict[str, Any]
_DEEPEST = 4
"""How far into a body its properties are listed."""


class Parameter(msgspec.Struct, frozen=True, kw_only=True):
    """A name that an operation takes: where it stands, what it may hold, and what it means."""

    name: str
    place: str
    """`path`, `query` or `body`."""
    required: bool
    kind: str
    meaning: str
    choices: tuple[str, ...] = ()
    default: str = ""
    pattern: str = ""
    least: int | None = None
    most: int | None = None
    fewest: int | None = None
    """The fewest items, or characters, of a value."""
    longest: int | None = None

    @property
    def many(self) -> bool:
        """Whether it holds a list: its bounds of length count items then."""
        return self.kind.startswith("list")


def listed(asked: Operation) -> tuple[Parameter, ...]:
    """Everything that an operation takes: the path's, the query's, then the body's."""
    found = [_parameter(asked, one["name"], one["in"], one["schema"], one["required"]) for one in parameters_of(asked)]
    if asked.body is not None:
        schema = msgspec.json.schema(asked.body)
        found += _properties(asked, schema, schema.get("$defs", {}), "", 0)
    return tuple(found)


def _properties(asked: Operation, schema: Json, known: Json, before: str, depth: int) -> Iterator[Parameter]:
    schema = _resolved(schema, known)
    for name, written in schema.get("properties", {}).items():
        of = _resolved(written, known)
        path = f"{before}{name}"
        yield _parameter(asked, path, "body", of, name in schema.get("required", ()))
        inner = _resolved(of.get("items", {}), known) if of.get("type") == "array" else of
        if depth < _DEEPEST and inner.get("properties"):
            yield from _properties(asked, inner, known, f"{path}[]." if inner is not of else f"{path}.", depth + 1)


def _resolved(schema: Json, known: Json) -> Json:
    """A schema without references, and without the null that optional values may be."""
    while True:
        options = [one for one in schema.get("anyOf", ()) if one != {"type": "null"}]
        if "$ref" in schema:
            schema = known[schema["$ref"].rpartition("/")[2]]
        elif len(options) == 1:
            schema = {**{key: value for key, value in schema.items() if key != "anyOf"}, **options[0]}
        else:
            return schema


def _parameter(asked: Operation, name: str, place: str, schema: Json, required: bool) -> Parameter:
    many = schema.get("type") == "array"
    inner = schema.get("items", {}) if many else schema
    default = schema.get("default")
    return Parameter(
        name=name,
        place=place,
        required=required,
        kind=_kind(schema),
        meaning=meaning_of(asked, name),
        choices=tuple(str(one) for one in inner.get("enum", ())),
        default="" if default in (None, "", [], ()) else msgspec.json.encode(default).decode().strip('"'),
        pattern=inner.get("pattern", ""),
        least=schema.get("minimum"),
        most=schema.get("maximum"),
        fewest=schema.get("minItems" if many else "minLength"),
        longest=schema.get("maxItems" if many else "maxLength"),
    )


def _kind(schema: Json) -> str:
    """The type in a word or two, as developers write it."""
    if schema.get("type") == "array":
        items = schema.get("items", {})
        return f"list of {_kind(items)}" if items else "list"
    if "anyOf" in schema:
        return " or ".join(_kind(one) for one in schema["anyOf"] if one != {"type": "null"})
    if "enum" in schema:
        return "string"
    return str(schema.get("type", "object" if "properties" in schema or "$ref" in schema else "any"))
