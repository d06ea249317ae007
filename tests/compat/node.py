"""Clients from npm, on this machine's Node: installed once into a folder of this checkout's build, run with what they must know on standard
input.
"""

import fcntl
import json
import os
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
    folder.mkdir(parents=True, exist_ok=True)
    whole = folder / "installed"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # another process of this run may be installing it
        if not whole.exists():
            install = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(folder)]
            try:
                subprocess.run([*install, f"{package}@{version}"], check=True, capture_output=True, timeout=300)
            except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
                pytest.skip(f"{package} cannot be installed: {error}")
            whole.touch()
    return folder


def run(folder: Path, script: str, told: dict[str, Any]) -> Any:
    """What a script says, as JSON. It runs in the folder, so that it finds the package."""
    own = f"{os.getpid()}-{script}"  # the folder is shared with the tests of other processes
    shutil.copy(HERE / script, folder / own)
    ended = subprocess.run(
        ["node", own], cwd=folder, input=json.dumps(told), capture_output=True, text=True, timeout=300, check=False
    )
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout)
