"""Files and functions stay small enough to be read in one go."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house import tree

FILE = {"volary": 400, "tests": 600, "examples": 400}
FUNCTION = {"volary": 60, "tests": 80, "examples": 60}
# A migration is one list of operations, in order.
NOT_MEASURED = ("volary/db/migrations/versions/",)

PYTHON = [path for path in tree.python(*FILE) if not str(path).startswith(NOT_MEASURED)]


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """The functions of a file, each with its length in lines."""
    for node in ast.walk(tree.parsed(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1


@pytest.mark.parametrize("path", PYTHON, ids=str)
def test_a_file_holds_one_subject(path: Path) -> None:
    assert tree.text(path).count("\n") <= FILE[path.parts[0]]


@pytest.mark.parametrize("path", PYTHON, ids=str)
def test_a_function_does_one_thing(path: Path) -> None:
    limit = FUNCTION[path.parts[0]]
    assert not [f"{name}: {length} lines" for name, length in functions(path) if length > limit]
