"""The operations of X's contract that this platform set out to serve, and those of them that it does not serve yet."""

import re
from pathlib import Path

import pytest

from tests.server import contract
from tests.server.calls import NAMES
from volary.api.machine import machines_of
from volary.server.registry import MACHINES

DOORS = [door for module in MACHINES for door in machines_of(module.__name__)]
LIST = contract.FILE.with_name("core-operations.txt")

NOT_YET: set[str] = {
    line.strip()
    for line in (Path(__file__).with_name("operations_not_yet.txt")).read_text(encoding="utf-8").splitlines()
}
"""What is on the list and answers 404. Whoever builds one takes it out."""


def _unnamed(name: str) -> str:
    """An operation without the names of its parameters, which X changes."""
    return re.sub(r"\{\w+\}", "{}", name)


@pytest.fixture
def wanted() -> set[str]:
    if not LIST.is_file():
        pytest.skip(f"there is no {LIST.name} beside this checkout")
    lines = (line.split("\t") for line in LIST.read_text(encoding="utf-8").splitlines() if "\t" in line)
    return {f"{method} {path}" for _, method, path in lines}


def test_what_is_not_served_yet_is_named(wanted: set[str]) -> None:
    served = {_unnamed(name) for name in NAMES} | {f"{one.method} {one.path}" for one in DOORS}
    assert {name for name in wanted if _unnamed(name) not in served} == NOT_YET
