"""X's published shapes, and a small check of a value against them.

The file lies beside the checkout or nowhere; the product never needs it.
"""

import functools
import json
import re
from pathlib import Path
from typing import Any

import pytest

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

# Names of the older vocabulary, which the contract no longer has and older clients still read (X facts 0.2).
OLDER = {
    *("tweets", "tweet_count", "retweet_count", "edit_history_tweet_ids", "referenced_tweets"),
    *("newest_id", "oldest_id", "author_id", "in_reply_to_user_id", "sender_id"),
}


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


def response(method: str, path: str, status: int) -> dict[str, Any]:
    content = operation(method, path)["responses"][str(status)]["content"]
    schema: dict[str, Any] = content["application/json"]["schema"]
    return schema


def differences(value: Any, schema: dict[str, Any], place: str = "$") -> list[str]:
    """Where a value is not as a schema wants it, one line each."""
    schema = resolved(schema)
    if "oneOf" in schema:
        tried = [differences(value, one, place) for one in schema["oneOf"]]
        return [] if any(not one for one in tried) else [f"{place}: fits none of {len(tried)}", *min(tried, key=len)]
    if value is None:
        return [] if schema.get("nullable") else [f"{place}: null"]
    kind: str = schema.get("type", "object")
    if not isinstance(value, _TYPES[kind]) or (kind in {"integer", "number"} and isinstance(value, bool)):
        return [f"{place}: {type(value).__name__} instead of {kind}"]
    if isinstance(value, dict):
        return _of_object(value, schema, place)
    if isinstance(value, list):
        return [
            line for number, one in enumerate(value) for line in differences(one, schema["items"], f"{place}[{number}]")
        ]
    return _of_text(value, schema, place) if isinstance(value, str) else []


def _of_object(value: dict[str, Any], schema: dict[str, Any], place: str) -> list[str]:
    known = schema.get("properties", {})
    found = [f"{place}.{name}: is missing" for name in schema.get("required", []) if name not in value]
    if known:
        found += [f"{place}.{name}: is unknown" for name in value if name not in known and name not in OLDER]
    for name, one in value.items():
        if name in known:
            found += differences(one, known[name], f"{place}.{name}")
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
