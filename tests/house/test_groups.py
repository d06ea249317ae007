"""Tests that share something expensive stay together when tests run on every core."""

import os
import subprocess
import sys
from pathlib import Path

from tests.house import tree

TESTS = """
import os, pathlib, pytest

@pytest.mark.parametrize("number", range(6))
@pytest.mark.xdist_group("{group}")
def test_one(number):
    with (pathlib.Path(__file__).parent / "workers").open("a") as workers:
        workers.write(os.environ["PYTEST_XDIST_WORKER"] + "\\n")
"""


def workers(folder: Path, *options: str) -> set[str]:
    """In which processes the tests of one group run."""
    for name in ("a", "b"):
        (folder / f"test_{name}.py").write_text(TESTS.format(group="together"))
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-n", "2", "--rootdir", str(folder)]
    command += [*options, str(folder)]
    environment = os.environ | {"PYTHONPATH": str(tree.ROOT), "PYTEST_ADDOPTS": ""}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    return set((folder / "workers").read_text().split())


def test_a_group_runs_in_one_process(tmp_path: Path) -> None:
    assert len(workers(tmp_path, "--dist=loadgroup", "-p", "tests.groups")) == 1


def test_without_grouping_they_are_spread(tmp_path: Path) -> None:
    """The control: twelve tests on two processes do not end up in one by chance."""
    assert len(workers(tmp_path, "--dist=load", "-p", "tests.groups")) == 2
