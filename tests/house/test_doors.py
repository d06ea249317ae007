"""All doors of the server together: each path has one, and each operation asks for what X's contract says."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.house import tree
from volary.access.needs import Need
from volary.api.machine import machines_of
from volary.api.operation import Operation, operations_of
from volary.server.registry import MACHINES, OPERATIONS, PAGES
from volary.web import doors_of, language_menu

CONTRACT = tree.ROOT.parent / "shared" / "reference" / "x-api-contract.json"

GONE = {"POST /2/users/{id}/blocking", "DELETE /2/users/{source_user_id}/blocking/{target_user_id}"}
"""What X took out of its contract and clients still call (X facts 6)."""

DECLARED = [found for module in OPERATIONS for found in operations_of(module.__name__)]
DOORS = [
    *((found.method, found.path) for found in DECLARED),
    *((found.method, found.path) for module in MACHINES for found in machines_of(module.__name__)),
    *((found.method, found.path) for module in (*PAGES, language_menu) for found in doors_of(module)),
]


def plain(path: str) -> str:
    """A path with its parameters nameless, so that two spellings of one place are one."""
    return "/".join("{}" if part.startswith("{") else part for part in path.split("/"))


def test_no_path_has_two_doors() -> None:
    assert not [door for door, count in Counter((method, plain(path)) for method, path in DOORS).items() if count > 1]


def test_every_declared_operation_is_open() -> None:
    """A module that declares doors and is not in the registry would be dead."""
    named = {module.__name__ for module in (*OPERATIONS, *MACHINES)}
    declaring = [
        path for path in tree.python("volary") if "\n@operation(" in tree.text(path) or "\n@machine(" in tree.text(path)
    ]
    modules = {".".join(path.with_suffix("").parts) for path in declaring if path.parts[1] != "api"}
    assert modules <= named


def contract() -> dict[str, Any]:
    if not CONTRACT.is_file():
        pytest.skip("X's contract is not beside this checkout")
    found: dict[str, Any] = json.loads(Path(CONTRACT).read_text(encoding="utf-8"))["paths"]
    return {plain(path): operations for path, operations in found.items()}


def in_contract() -> list[Operation]:
    """The operations of v2 that X's contract has."""
    return [found for found in DECLARED if found.path.startswith("/2/") and found.name not in GONE]


def asked(need: Need) -> dict[str, list[str]]:
    """A need in the contract's words."""
    schemes = {
        "BearerToken": [] if need.app_only else None,
        "OAuth2UserToken": None if need.scopes is None else sorted(need.scopes),
        "UserToken": None if need.oauth1 is None else [],
    }
    return {name: scopes for name, scopes in schemes.items() if scopes is not None}


def test_every_operation_asks_for_what_the_contract_says() -> None:
    paths = contract()

    def wanted(found: Operation) -> dict[str, list[str]]:
        security = paths[plain(found.path)][found.method.lower()]["security"]
        return {name: sorted(scopes) for each in security for name, scopes in each.items()}

    v2 = in_contract()
    assert v2
    assert not {found.name: (asked(found.need), wanted(found)) for found in v2 if asked(found.need) != wanted(found)}


def test_every_operation_answers_with_the_status_of_the_contract() -> None:
    paths = contract()
    assert not [
        found.name
        for found in in_contract()
        if str(found.status) not in paths[plain(found.path)][found.method.lower()]["responses"]
    ]
