"""Clients from npm, on this machine's Node: installed once into a folder of this checkout's build, run with what they must know on standard
input.
"""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
BUILD = Path(__file__).parents[2] / "build" / "node"


def installed(package: str, version: str) -> Path:
    """The folder in which a package of npm's can be imported. Skips the test, and says so, where it cannot be had."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip(f"{package} needs Node and npm")
    folder = BUILD / f"{package}-{version}"
    if not (folder / "node_modules" / package).is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        install = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(folder)]
        try:
            subprocess.run([*install, f"{package}@{version}"], check=True, capture_output=True, timeout=300)
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
            pytest.skip(f"{package} cannot be installed: {error}")
    return folder


def run(folder: Path, script: str, told: dict[str, Any]) -> Any:
    """What a script says, as JSON. It runs in the folder, so that it finds the package."""
    shutil.copy(HERE / script, folder)
    ended = subprocess.run(
        ["node", script], cwd=folder, input=json.dumps(told), capture_output=True, text=True, timeout=300, check=False
    )
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout)
