"""The lock files agree with pyproject.toml and with each other; `bin/lock` writes them."""

import re
import sys
import tomllib
from importlib.metadata import distributions, packages_distributions

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.house import tree
from tests.house.tree import imported

PROJECT = tomllib.loads((tree.ROOT / "pyproject.toml").read_text(encoding="utf-8"))
RUN: list[str] = PROJECT["project"]["dependencies"]
DEMO: list[str] = PROJECT["project"]["optional-dependencies"]["demo"]
DEV: list[str] = PROJECT["dependency-groups"]["dev"]
BUILD: list[str] = PROJECT["dependency-groups"]["build"]
WANTED = {"run": RUN, "demo": RUN + DEMO, "dev": RUN + DEMO + DEV + BUILD, "build": BUILD}


def locked(name: str) -> dict[str, Version]:
    """What a lock pins."""
    pins = re.findall(r"^([A-Za-z0-9._-]+)==(\S+)", lock(name), re.MULTILINE)
    return {canonicalize_name(package): Version(version) for package, version in pins}


def lock(name: str) -> str:
    return (tree.ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", WANTED)
def test_every_dependency_is_locked_at_a_version_that_it_allows(name: str) -> None:
    pins = locked(name)
    for line in WANTED[name]:
        requirement = Requirement(line)
        version = pins.get(canonicalize_name(requirement.name))
        assert version is not None, f"{requirement.name} is not in requirements/{name}.txt: run bin/lock"
        assert version in requirement.specifier, f"{line} is locked at {version}: run bin/lock"


@pytest.mark.parametrize("name", WANTED)
def test_every_pin_has_hashes_and_nothing_else(name: str) -> None:
    entries = re.split(r"\n(?=\S)", lock(name).strip())
    for entry in entries:
        head, *hashes = entry.split(" \\\n")
        assert re.fullmatch(r"[A-Za-z0-9._-]+==\S+( ; .+)?", head), head
        assert hashes, f"{head} has no hash"
        assert all(re.fullmatch(r" +--hash=sha256:[0-9a-f]{64}", line) for line in hashes), head


@pytest.mark.parametrize("name", ["run", "demo", "build"])
def test_the_smaller_locks_are_parts_of_the_big_one(name: str) -> None:
    assert locked(name).items() <= locked("dev").items()


def test_what_runs_here_is_what_the_lock_says() -> None:
    installed = {canonicalize_name(found.name): Version(found.version) for found in distributions()}
    pins = locked("dev")
    assert not {name: version for name, version in installed.items() if name in pins and pins[name] != version}
    assert set(installed) - set(pins) <= {"volary", "pip", "setuptools", "wheel"}, (
        "installed by hand: add it and run bin/lock"
    )


@pytest.mark.parametrize("line", RUN + DEMO)
def test_every_dependency_of_the_product_is_accounted_for(line: str) -> None:
    """docs/decisions/0020 says of each what it is for, its licence, its size, what we would use without it, and who keeps it."""
    page = (tree.ROOT / "docs" / "decisions" / "0020-dependencies.md").read_text(encoding="utf-8")
    assert re.search(rf"\b{re.escape(Requirement(line).name)}\b", page)


def test_the_product_imports_only_what_it_declares() -> None:
    """Transitive packages and those of the tests may go at any time; the demo's sample app may use the demo's."""
    declared = {canonicalize_name(Requirement(line).name) for line in RUN}
    of_the_demo = {canonicalize_name(Requirement(line).name) for line in DEMO}
    provided = packages_distributions()
    for path in tree.python("volary"):
        allowed = declared | of_the_demo if "demo" in str(path) else declared
        roots = {name.split(".")[0] for name in imported(path)} - sys.stdlib_module_names - {"volary", ""}
        strangers = {
            root for root in roots if not {canonicalize_name(name) for name in provided.get(root, [])} & allowed
        }
        assert not strangers, f"{path} imports {strangers}"
