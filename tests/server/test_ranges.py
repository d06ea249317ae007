"""Parameters beyond their range are refused by name, at every list that takes them (SR-281)."""

import msgspec
import pytest

from tests.server.calls import ASK, LARGEST, caller_of, of
from tests.server.house import House
from volary.api.operation import operations_of
from volary.server.registry import OPERATIONS

pytestmark = pytest.mark.attack("SR-281")

LISTS = [
    f"{one.method} {one.path}"
    for module in OPERATIONS
    for one in operations_of(module.__name__)
    if one.method == "GET" and "max_results" in {field.encode_name for field in msgspec.structs.fields(one.query)}
]
TIMED = [
    name for name in LISTS if "start_time" in {field.encode_name for field in msgspec.structs.fields(of(name).query)}
]
BAD_TIMES = [
    "0000-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2023-02-30T00:00:00Z", "2023-01-01T00:00:60Z", "2023-01-01T00:00:00",
    "2023-01-01", "now", "1672531200", "2023-01-01T00:00:00%2B01:00",
]  # fmt: skip


def test_there_are_lists() -> None:
    assert len(LISTS) >= 3
    assert TIMED


async def base_of(house: House, name: str) -> str:
    """An honest call's target without parameters, but the query that a search cannot do without."""
    path, _, query = (await ASK[name](house)).target.partition("?")
    return f"{path}?query=text&" if query.startswith("query=") else f"{path}?"


async def refused_by_name(house: House, name: str, target: str, parameter: str) -> None:
    got = await house.get(target, await caller_of(house, name))
    assert got.status == 400, target
    assert got.json["type"].rpartition("/")[2] == "invalid-request"
    assert list(got.json["errors"][0]["parameters"]) == [parameter], got.body


@pytest.mark.parametrize("name", LISTS)
async def test_how_many(house: House, name: str) -> None:
    base = await base_of(house, name)
    honest = await house.get(f"{base}max_results=10", await caller_of(house, name))
    assert honest.status == 200
    for value in (
        "0",
        "-1",
        str(LARGEST.get(name, 100) + 1),
        "1e9",
        "1000000000",
        "abc",
        "10.0",
        "",
        "%31%30%00",
        "9" * 30,
        "%EF%BC%91%EF%BC%90",
    ):
        await refused_by_name(house, name, f"{base}max_results={value}", "max_results")


@pytest.mark.parametrize("name", TIMED)
async def test_from_when_to_when(house: House, name: str) -> None:
    base = await base_of(house, name)
    early, late = "2023-01-01T00:00:00Z", "2023-06-01T00:00:00Z"
    honest = await house.get(f"{base}start_time={early}&end_time={late}", await caller_of(house, name))
    assert honest.status == 200
    for value in BAD_TIMES:
        for parameter in ("start_time", "end_time"):
            await refused_by_name(house, name, f"{base}{parameter}={value}", parameter)
    await refused_by_name(house, name, f"{base}start_time={late}&end_time={early}", "end_time")
    await refused_by_name(house, name, f"{base}since_id=9&until_id=3", "until_id")
