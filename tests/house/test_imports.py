"""The import contracts of pyproject.toml hold, and each would catch what it forbids (docs/decisions/0001)."""

import ast
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house import tree
from tests.house.tree import imported

PYTHON = tree.python("volary")
# Lines added to a copy of the package, or files added to it: where, what, and what the linter must say about it.
PLANTS = [
    ("kit/urls.py", "import volary.db", "volary.kit.urls -> volary.db"),
    ("posts/models.py", "import volary.server", "volary.posts.models -> volary.server"),
    ("sessions/models.py", "import volary.developers.models", "volary.sessions.models -> volary.developers.models"),
    ("stray/__init__.py", '"""A room on no storey."""', "volary.stray"),
    ("messages/models.py", "import volary.oauth.models", "volary.messages.models -> volary.oauth.models"),
    ("oauth/models.py", "import volary.posts.models", "volary.oauth.models -> volary.posts.models"),
    ("accounts/models.py", "import volary.accounts.actions", "volary.accounts.models -> volary.accounts.actions"),
    ("posts/extras.py", '"""A file outside the vocabulary."""', "volary.posts.extras"),
    ("oauth/opened.py", "import volary.posts.api", "volary.oauth.opened -> volary.posts.api"),
    ("oauth/errors.py", "import volary.oauth.pages", "volary.oauth.errors -> volary.oauth.pages"),
    ("sessions/queries.py", "import starlette.requests", "volary.sessions.queries -> starlette"),
    ("access/levels.py", "import sqlalchemy", "volary.access.levels -> sqlalchemy"),
]


def lint(folder: Path) -> tuple[int, str]:
    """What import-linter says of the package in a folder, by the contracts of this work tree."""
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--config", tree.ROOT / "pyproject.toml", "--no-cache"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        check=False,
        text=True,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package's Python files, alone in a folder."""
    folder = tmp_path_factory.mktemp("imports")
    for path in PYTHON:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(tree.ROOT / path, folder / path)
    return folder


def test_the_package_as_it_is_keeps_every_contract(copy: Path) -> None:
    status, said = lint(copy)
    assert status == 0, said


def test_each_contract_catches_what_it_forbids(copy: Path) -> None:
    for name, line, _ in PLANTS:
        path = copy / "volary" / name
        path.parent.mkdir(exist_ok=True)
        path = path.with_suffix("") / "__init__.py" if path.with_suffix("").is_dir() else path
        path.write_text((path.read_text() if path.exists() else "") + f"\n{line}\n")
    status, said = lint(copy)
    assert status == 1
    plain = re.sub(r"\s+", " ", said)
    assert not [expected for _, _, expected in PLANTS if expected not in plain], said


def test_the_kit_needs_little() -> None:
    """The standard library, msgspec's values, and cryptography in the one file that seals."""
    own = sys.stdlib_module_names | {"msgspec", "volary.kit"}
    for path in PYTHON:
        if path.parts[1] == "kit":
            allowed = own | {"cryptography"} if path.name == "secrets.py" else own
            roots = {".".join(name.split(".")[: 2 if name.startswith("volary") else 1]) for name in imported(path)}
            assert not roots - allowed, path


MAY_JOIN = {"queries", "actions", "models"}
# These two join by nature: one registers every table, the other looks a token up together with its app and account.
JOINING_ROOMS = {"server", "oauth"}


def tables_of_others(path: Path) -> list[str]:
    """The tables of other rooms that a file imports."""
    others = re.compile(rf"volary\.(?!{path.parts[1]}\.)\w+\.models(\.\w+)?")
    return [
        f"{path}: {alias.name}"
        for node in ast.walk(tree.parsed(path))
        if isinstance(node, ast.ImportFrom) and others.fullmatch(node.module or "")
        for alias in node.names
        if alias.name.islower()
    ]


def test_another_rooms_tables_are_read_in_queries_and_actions_only() -> None:
    """Elsewhere a row's type is enough; a join hidden in a page or a rule would be found by nobody."""
    elsewhere = [path for path in PYTHON if not MAY_JOIN & {part.removesuffix(".py") for part in path.parts}]
    assert not [found for path in elsewhere if path.parts[1] not in JOINING_ROOMS for found in tables_of_others(path)]
