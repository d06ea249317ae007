"""What `pip install .` would install: every module, template, catalogue, static file and migration, and nothing else."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.house import tree


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names of the files in a wheel that was just built from this work tree."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [
        "-m",
        "pip",
        "wheel",
        "-qq",
        "--no-build-isolation",
        "--no-deps",
        "--no-index",
        "--wheel-dir",
        str(folder),
        ".",
    ]
    subprocess.run([sys.executable, *build], cwd=tree.ROOT, check=True)
    (file,) = folder.glob("volary-*.whl")
    return set(zipfile.ZipFile(file).namelist())


def test_the_wheel_has_every_file_of_the_package(wheel: set[str]) -> None:
    package = {path.as_posix() for path in tree.files() if path.parts[0] == "volary"}
    assert package == {name for name in wheel if name.startswith("volary/")}


@pytest.mark.parametrize("suffix", [".html", ".po", ".css", ".svg", ".py"])
def test_the_wheel_has_what_is_not_python_too(wheel: set[str], suffix: str) -> None:
    assert [name for name in wheel if Path(name).suffix == suffix]


def test_the_wheel_has_the_migrations(wheel: set[str]) -> None:
    assert [name for name in wheel if name.startswith("volary/db/migrations/versions/") and name.endswith(".py")]


def test_the_wheel_has_the_licence_and_the_command(wheel: set[str]) -> None:
    assert [name for name in wheel if name.endswith("licenses/LICENSE")]
    assert [name for name in wheel if name.endswith("entry_points.txt")]
