"""The scripts in bin/ say what they do before they do anything."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.house import tree


@pytest.mark.parametrize("word", ["--help", "-h"])
@pytest.mark.parametrize("name", ["test", "check", "docs"])
def test_help_sets_nothing_up(name: str, word: str, tmp_path: Path) -> None:
    venv = tmp_path / "venv"
    done = subprocess.run(
        [tree.ROOT / "bin" / name, word],
        cwd=tmp_path,
        env={**os.environ, "VOLARY_VENV": str(venv)},
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    assert (done.returncode, done.stderr) == (0, "")
    head = (tree.ROOT / "bin" / name).read_text().splitlines()
    assert done.stdout.splitlines() == [line[2:] for line in head[1 : head.index("set -euo pipefail")]]
    assert not venv.exists()
