"""Files and functions stay small enough to be read in one go."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.house import tree

FILE = {"volary": 400, "tests": 600, "examples": 400, "docs": 100}
FUNCTION = {"volary": 60, "tests": 80, "examples": 60, "docs": 60}
# A migration is one list of operations, in order.
NOT_MEASURED = ("volary/db/migrations/versions/",)

PYTHON = [path for path in tree.python(*FILE) if not str(path).startswith(NOT_MEASURED)]


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """The functions of a file, each with its length in lines."""
    for node in ast.walk(tree.parsed(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1


def test_a_file_holds_one_subject() -> None:
    lengths = {path: tree.text(path).count("\n") for path in PYTHON}
    assert not [f"{path}: {lines} lines" for path, lines in lengths.items() if lines > FILE[path.parts[0]]]


def test_a_function_does_one_thing() -> None:
    found = [(path, name, lines) for path in PYTHON for name, lines in functions(path)]
    assert not [f"{path}: {name} has {lines} lines" for path, name, lines in found if lines > FUNCTION[path.parts[0]]]
