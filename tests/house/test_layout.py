"""Where things stand and what they are called (docs/decisions/0001)."""

import ast
from pathlib import Path

from tests.house import tree

# The rooms that keep one subject in the same few files; the others (kit, db, api, web, oauth, server…) name theirs freely.
SLICES = {
    "accounts",
    "activity",
    "posts",
    "sessions",
    "spaces",
    "developers",
    "lists",
    "messages",
    "person",
    "portal",
    "help",
} & set(tree.rooms())
VOCABULARY = {"errors", "rules", "models", "queries", "actions", "shapes", "api", "forms", "pages", "jobs"}
EMPTY_WORDS = {"utils", "util", "helpers", "helper", "common", "services", "service", "managers", "manager", "misc"}

DOORS = [Path("volary", room, "__init__.py") for room in tree.rooms()]


def word(path: Path) -> str:
    """The word that a room's file goes by: posts/api/create.py goes by `api`."""
    return path.parts[2].removesuffix(".py")


def test_a_slice_keeps_to_the_vocabulary() -> None:
    known = VOCABULARY | {"templates", "__init__"}
    inside = [
        path for path in tree.files() if path.parts[0] == "volary" and len(path.parts) > 2 and path.parts[1] in SLICES
    ]
    assert not [str(path) for path in inside if word(path) not in known]


def test_no_file_has_an_empty_name() -> None:
    named = [(path, {part.removesuffix(".py") for part in path.parts}) for path in tree.python("volary", "tests")]
    assert not [str(path) for path, words in named if words & EMPTY_WORDS]


def test_a_room_has_a_sign_on_its_door() -> None:
    assert not [str(door) for door in DOORS if not (tree.ROOT / door).is_file()]
    assert not [str(door) for door in DOORS if not ast.get_docstring(tree.parsed(door))]


def test_the_door_of_a_slice_holds_no_code() -> None:
    assert not [str(door) for door in DOORS if door.parts[1] in SLICES and len(tree.parsed(door).body) > 1]


def test_a_module_says_what_it_is() -> None:
    modules = [path for path in tree.python("volary", "docs") if path.name != "__init__.py"]
    assert not [str(path) for path in modules if not ast.get_docstring(tree.parsed(path))]
