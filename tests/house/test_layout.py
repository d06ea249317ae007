"""Where things stand and what they are called (docs/decisions/0001)."""

import ast
from pathlib import Path

import pytest

from tests.house import tree

# The rooms that keep one subject in the same few files; the others (kit, db, api, web, oauth, server…) name theirs freely.
SLICES = {"accounts", "activity", "posts", "sessions", "developers", "messages", "person", "portal", "help"}
VOCABULARY = {"errors", "rules", "models", "queries", "actions", "shapes", "api", "forms", "pages", "jobs"}
FOLDERS = VOCABULARY | {"templates"}
EMPTY_WORDS = {"utils", "util", "helpers", "helper", "common", "services", "service", "managers", "manager", "misc"}


def named(path: Path) -> str:
    """The word a room's file goes by: posts/api/create.py goes by `api`."""
    return path.parts[2].removesuffix(".py")


@pytest.mark.parametrize("room", sorted(SLICES & set(tree.rooms())))
def test_a_slice_keeps_to_the_vocabulary(room: str) -> None:
    strangers = {
        str(path)
        for path in tree.files()
        if path.parts[:2] == ("volary", room) and named(path) != "__init__" and named(path) not in FOLDERS
    }
    assert not strangers


def test_no_file_has_an_empty_name() -> None:
    assert not [
        str(path)
        for path in tree.python("volary", "tests")
        if EMPTY_WORDS & {part.removesuffix(".py") for part in path.parts}
    ]


@pytest.mark.parametrize("room", tree.rooms())
def test_a_room_has_a_sign_on_its_door(room: str) -> None:
    door = Path("volary", room, "__init__.py")
    assert (tree.ROOT / door).is_file()
    assert ast.get_docstring(tree.parsed(door)), f"{door} does not say what the room owns"


@pytest.mark.parametrize("path", tree.python("volary"), ids=str)
def test_a_module_says_what_it_is(path: Path) -> None:
    assert ast.get_docstring(tree.parsed(path)) or path.name == "__init__.py"


@pytest.mark.parametrize("room", sorted(SLICES & set(tree.rooms())))
def test_the_door_of_a_slice_holds_no_code(room: str) -> None:
    body = tree.parsed(Path("volary", room, "__init__.py")).body
    assert len(body) == 1
