"""What the server says of its API is what it does, and what X's contract says."""

import re
from typing import Any

import pytest

from tests.server import contract
from tests.server.calls import IN_CONTRACT, OPERATION, of
from tests.server.house import House
from tests.server.test_contract import path_of


@pytest.fixture
async def told(house: House) -> dict[str, Any]:
    got = await house.get("/2/openapi.json")
    assert got.status == 200
    assert got.header("content-type") == "application/json; charset=utf-8"
    found: dict[str, Any] = got.json
    return found


async def test_every_operation_is_there_once(told: dict[str, Any]) -> None:
    described = {f"{method.upper()} {path}": one for path, of in told["paths"].items() for method, one in of.items()}
    assert set(described) == set(OPERATION)
    identifiers = [one["operationId"] for one in described.values()]
    assert len(set(identifiers)) == len(identifiers)
    assert all(one["summary"] and "SR-" not in one["summary"] for one in described.values())


async def test_every_reference_leads_somewhere(told: dict[str, Any]) -> None:
    wanted = set(re.findall(r"'#/components/schemas/([^']+)'", str(told)))
    assert wanted
    assert wanted <= set(told["components"]["schemas"])
    assert "$defs" not in str(told)


@pytest.mark.parametrize("name", IN_CONTRACT)
async def test_it_says_what_the_contract_says(told: dict[str, Any], name: str) -> None:
    mine = told["paths"][of(name).path][of(name).method.lower()]
    theirs = contract.operation(of(name).method, path_of(name))
    ways = [{scheme: sorted(scopes) for scheme, scopes in one.items()} for one in theirs["security"]]
    assert sorted(map(str, mine["security"])) == sorted(map(str, ways))
    parameters = {one["name"]: one["schema"] for one in mine["parameters"] if one["in"] == "query"}
    for parameter, schema in contract.parameters(of(name).method, path_of(name)).items():
        assert parameter in parameters
        for bound in ("minimum", "maximum"):
            if bound in schema and bound in parameters[parameter]:
                assert parameters[parameter][bound] == schema[bound], parameter
    assert ("requestBody" in mine) is ("requestBody" in theirs)
    status = str(of(name).status)
    assert set(mine["responses"][status].get("content", {})) == set(theirs["responses"][status].get("content", {}))
