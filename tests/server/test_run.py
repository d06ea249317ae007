"""`volary run`: a command gets a platform of its own, and its exit code comes back."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

pytestmark = pytest.mark.xdist_group("run")

ASKING = """
import json, os, urllib.request
from requests_oauthlib import OAuth1Session
told = {name: os.environ[name] for name in os.environ if name.startswith("VOLARY_")}
mine = OAuth1Session(*(told[f"VOLARY_{name}"] for name in
                      ("API_KEY", "API_KEY_SECRET", "ACCESS_TOKEN", "ACCESS_TOKEN_SECRET")))
me = mine.get(told["VOLARY_URL"] + "/2/users/me").json()["data"]["username"]
sent = mine.post(told["VOLARY_URL"] + "/2/tweets", json={"text": "hello"}).status_code
print(json.dumps({"me": me, "sent": sent, "told": told}))
raise SystemExit(7)
"""


def volary(folder: Path, *words: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    bare = {name: value for name, value in os.environ.items() if not name.startswith("VOLARY_")}
    command = [sys.executable, "-m", "volary", "run", *words]
    return subprocess.run(
        command, cwd=folder, env={**bare, **environment}, capture_output=True, text=True, timeout=120, check=False
    )


def test_the_command_finds_a_platform_an_account_and_an_app(tmp_path: Path) -> None:
    (tmp_path / "volary.toml").write_text('site_name = "Another installation"\ndatabase = "sqlite:///mine.db"\n')
    done = volary(tmp_path, "--", sys.executable, "-c", ASKING, VOLARY_DATABASE="sqlite:///mine.db")
    assert done.returncode == 7, done.stderr
    got = json.loads(done.stdout)
    assert (got["me"], got["sent"]) == ("dev", 201)
    assert {"VOLARY_USERNAME", "VOLARY_PASSWORD", "VOLARY_CLIENT_ID", "VOLARY_CLIENT_SECRET"} <= set(got["told"])
    place = Path(got["told"]["VOLARY_DATABASE"].removeprefix("sqlite:///"))
    assert not place.parent.exists()
    assert [path.name for path in tmp_path.iterdir()] == ["volary.toml"]
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", int(got["told"]["VOLARY_PORT"])))


def test_options_of_the_command_are_its_own(tmp_path: Path) -> None:
    show = "import os, sys; print(sys.argv[1:], 'VOLARY_CLIENT_SECRET' in os.environ)"
    done = volary(tmp_path, "--type", "spa", sys.executable, "-c", show, "--type", "x", "--help")
    assert (done.returncode, done.stdout.strip()) == (0, "['--type', 'x', '--help'] False"), done.stderr


def test_how_a_command_ends_is_told_as_a_shell_tells_it(tmp_path: Path) -> None:
    missing = volary(tmp_path, "no-such-command")
    assert (missing.returncode, missing.stderr.strip()) == (127, "volary: there is no command no-such-command")
    (tmp_path / "plain").write_text("text")
    assert volary(tmp_path, "./plain").returncode == 126
    assert volary(tmp_path, "--", "sh", "-c", "kill -KILL $$").returncode == 137
    assert volary(tmp_path).returncode == 2


def test_a_signal_reaches_the_command_and_nothing_is_left(tmp_path: Path) -> None:
    waiting = "import os, sys, time; print(os.environ['VOLARY_PORT'], flush=True); time.sleep(600)"
    command = [sys.executable, "-m", "volary", "run", "--", sys.executable, "-c", waiting]
    process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    port = int(process.stdout.readline())
    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 128 + signal.SIGTERM
    process.stdout.close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))


def test_a_signal_before_the_command_runs_leaves_no_server(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "volary", "run", "--", sys.executable, "-c", "import time; time.sleep(600)"]
    process = subprocess.Popen(command, cwd=tmp_path)
    deadline = time.monotonic() + 60
    while not (server := server_of(process.pid)):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 128 + signal.SIGTERM
    assert not server.exists()


def server_of(pid: int) -> Path | None:
    """The server that a process has started."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    for child in children:
        with suppress(FileNotFoundError, ProcessLookupError):  # it ended meanwhile
            if b"\0serve\0" in Path("/proc", child, "cmdline").read_bytes():
                return Path("/proc", child)
    return None
