"""X's published shapes, and a small check of a value against them.

The file lies beside the checkout or nowhere; the product never needs it.
"""

import functools
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any, Literal
from urllib.parse import parse_qsl

import pytest

from volary.api.vocabulary import spoken

FILE = Path(__file__).resolve().parents[3] / "shared" / "reference" / "x-api-contract.json"
_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
_TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
}

OLDER = {
    "posts": "tweets",
    "edit_history_post_ids": "edit_history_tweet_ids",
    "referenced_posts": "referenced_tweets",
    "note_post": "note_tweet",
    "repost_count": "retweet_count",
    "post_count": "tweet_count",
    "total_post_count": "total_tweet_count",
    "pinned_post_id": "pinned_tweet_id",
    "most_recent_post_id": "most_recent_tweet_id",
}
"""The names that the contract has, and what they were called before (X facts 0.2): with these it has a twin for older clients."""
EXTRA = {"newest_id", "oldest_id", "author_id", "in_reply_to_user_id", "sender_id"} | {"section", "parameter", "value"}
EXTRA |= {"meta"}
"""What the contract does not tell of in every place, and X sends and clients read: in `meta`, in partial errors (X facts 4.4), and `meta`
itself in lists that take a token and, by the contract, give none."""

Words = Literal["old", "new", "both"]


@functools.cache
def contract() -> dict[str, Any]:
    """The contract; a test that needs it is skipped, and says so, where it is not there."""
    if not FILE.is_file():
        pytest.skip(f"there is no {FILE.name} beside this checkout")
    found: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return found


def operation(method: str, path: str) -> dict[str, Any]:
    found: dict[str, Any] = contract()["paths"][path][method.lower()]
    return found


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        place: Any = contract()
        for part in schema["$ref"].removeprefix("#/").split("/"):
            place = place[part]
        schema = place
    return schema


def parameters(method: str, path: str) -> dict[str, dict[str, Any]]:
    """The query parameters of an operation with their schemas."""
    found = [resolved(one) for one in operation(method, path).get("parameters", [])]
    return {one["name"]: resolved(one["schema"]) for one in found if one["in"] == "query"}


def content(method: str, path: str, status: int) -> dict[str, Any]:
    """What an answer may be, by its type."""
    found: dict[str, Any] = operation(method, path)["responses"][str(status)]["content"]
    return found


def response(method: str, path: str, status: int) -> dict[str, Any]:
    schema: dict[str, Any] = content(method, path, status)["application/json"]["schema"]
    return schema


def differences(value: Any, schema: dict[str, Any], place: str = "$", words: Words = "both") -> list[str]:
    """Where a value is not as a schema wants it, one line each. `words`: the names that the answer must carry."""
    schema = resolved(schema)
    if "oneOf" in schema:
        named = schema.get("discriminator", {}).get("mapping", {}).get(_said(value, schema))
        tried = [differences(value, one, place, words) for one in ([{"$ref": named}] if named else schema["oneOf"])]
        return [] if any(not one for one in tried) else [f"{place}: fits none of {len(tried)}", *min(tried, key=len)]
    if "allOf" in schema:
        schema = _merged(schema)
    if value is None:
        return [] if schema.get("nullable") else [f"{place}: null"]
    kind: str = schema.get("type", "object")
    if not isinstance(value, _TYPES[kind]) or (kind in {"integer", "number"} and isinstance(value, bool)):
        return [f"{place}: {type(value).__name__} instead of {kind}"]
    if isinstance(value, dict):
        return _of_object(value, schema, place, words)
    if isinstance(value, list):
        items = schema.get("items", {})
        return [
            line for number, one in enumerate(value) for line in differences(one, items, f"{place}[{number}]", words)
        ]
    return _of_text(value, schema, place) if isinstance(value, str) else []


def _said(value: Any, schema: dict[str, Any]) -> str:
    """What a value calls itself, where a schema tells its variants apart by a name; clients compare with the older host (X facts 4.4)."""
    named = value.get(schema["discriminator"]["propertyName"], "") if isinstance(value, dict) else ""
    return str(named).replace("https://api.twitter.com/", "https://api.x.com/")


def _merged(schema: dict[str, Any]) -> dict[str, Any]:
    """One schema for all that a value must be at once."""
    parts = [resolved(one) for one in schema["allOf"]]
    return {
        "type": "object",
        "properties": {name: one for part in parts for name, one in part.get("properties", {}).items()},
        "required": [name for part in parts for name in part.get("required", [])],
    }


def _of_object(value: dict[str, Any], schema: dict[str, Any], place: str, words: Words) -> list[str]:
    properties: dict[str, Any] = schema.get("properties", {})
    required = schema.get("required", [])
    known = {} if words == "old" else dict(properties)
    if words != "new":
        known |= {OLDER.get(name, name): one for name, one in properties.items()}
    if words == "old":
        required = [OLDER.get(name, name) for name in required]
    found = [f"{place}.{name}: is missing" for name in required if name not in value]
    if known:
        found += [f"{place}.{name}: is unknown" for name in value if name not in known and name not in EXTRA]
    for name, one in value.items():
        if name in known:
            found += differences(one, known[name], f"{place}.{name}", words)
    return found


def _of_text(value: str, schema: dict[str, Any], place: str) -> list[str]:
    same = value.replace(
        "https://api.twitter.com/", "https://api.x.com/"
    )  # clients compare with the older host (X facts 4.4)
    if "enum" in schema and same not in schema["enum"]:
        return [f"{place}: {value!r} is none of {schema['enum']}"]
    if "pattern" in schema and not re.search(schema["pattern"], value):
        return [f"{place}: {value!r} does not match {schema['pattern']}"]
    if schema.get("format") == "date-time" and not _DATE.fullmatch(value):
        return [f"{place}: {value!r} is no time"]
    return []


# ------------------------------------------------------------------------------------------- every answer that a test gets

SEEN: Counter[tuple[str, int]] = Counter()
"""How often the tests of this process saw an operation of the contract with a status."""


@functools.cache
def _doors() -> list[tuple[re.Pattern[str], str]]:
    """The contract's paths; those without parameters first, as a router finds them."""
    paths = sorted(contract()["paths"], key=lambda path: path.count("{"))
    return [(re.compile(re.sub(r"\{\w+\}", "[^/]+", path)), path) for path in paths]


def check(method: str, target: str, status: int, body: bytes) -> None:
    """Hold an answer of this server against the contract, and count it. Passes over what the contract does not know."""
    path, _, query = target.partition("?")
    if not FILE.is_file() or not path.startswith("/2/"):
        return
    found = next((name for pattern, name in _doors() if pattern.fullmatch(path)), None)
    if found is None or method.lower() not in contract()["paths"][found]:
        return
    SEEN[f"{method} {found}", status] += 1
    known = operation(method, found)["responses"].get(str(status), {}).get("content", {})
    if "application/json" in known:
        assert not (wrong := differences(json.loads(body), response(method, found, status), words=_words(query))), wrong


def _words(query: str) -> Words:
    """The names that an answer must carry after a request that shows which ones it speaks."""
    pairs = dict(parse_qsl(query))
    return spoken(pairs, pairs.get("expansions", "").split(",")).value
