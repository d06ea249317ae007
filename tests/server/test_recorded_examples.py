"""The recorded examples of the reference are what the server answers today: the same keys with values of the same kinds.

Where this fails, an answer changed its shape: `python -m tests.examples` records them anew.
"""

from typing import Any

import msgspec
import pytest

from tests.examples import recorded
from tests.server.calls import ASK
from tests.server.house import opened
from tests.server.houses import sqlite_place
from volary.api.reference.examples import Example, examples

pytestmark = pytest.mark.anyio


def shape(value: Any) -> Any:
    """What a value of JSON is like: objects by their keys, lists by the kinds of their items, the rest by its type."""
    if isinstance(value, dict):
        return {name: shape(one) for name, one in sorted(value.items())}
    if isinstance(value, list):
        return sorted({repr(shape(one)) for one in value})
    return "number" if isinstance(value, int | float) and not isinstance(value, bool) else type(value).__name__


def told(example: Example) -> tuple[int, str, Any]:
    """What an example tells that is to stay: its status, its media type, and the shape of its answer."""
    answered = msgspec.json.decode(example.answered) if example.answered else None
    return example.status, example.kind.partition(";")[0], shape(answered)


async def test_the_reference_shows_what_is_answered_today() -> None:
    with sqlite_place() as url:
        async with opened(url) as house:
            today = {name: told(await recorded(house, name)) for name in sorted(ASK)}
    before = {name: told(one) for name, one in examples().items()}
    assert {name for name in before if before[name] != today.get(name)} == set()


def test_another_key_and_another_kind_are_seen() -> None:
    """A control."""
    kept = {"data": [{"id": "1", "n": 1}]}
    assert shape(kept) == shape({"data": [{"n": 2.5, "id": "2"}, {"id": "3", "n": 3}]})
    others: list[Any] = [
        {"data": [{"id": 1, "n": 1}]},
        {"data": [{"id": "1"}]},
        {"data": []},
        {"data": [{"id": "1", "n": True}]},
    ]
    for other in others:
        assert shape(other) != shape(kept)
