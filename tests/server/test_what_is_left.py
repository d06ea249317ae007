"""What a server leaves on the disk is for its owner alone, and holds no memory of it (SR-302, SR-307)."""

import os
import resource
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
from requests_oauthlib import OAuth1

from tests.media.samples import picture
from tests.server.test_process import answers, children_of, until, worker_of
from tests.serving import Server, serving
from volary.access.levels import Level


@contextmanager
def careless(mask: int = 0) -> Iterator[None]:
    """Whoever starts the server lets everybody read what it makes."""
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


def modes(folder: Path) -> dict[str, int]:
    """Everything in a folder that is the server's, with its mode; what says nothing of anybody is left out."""
    return {
        str(one.relative_to(folder)): stat.S_IMODE(one.stat().st_mode)
        for one in folder.rglob("*")
        if one.name != "serve.log"  # this test's own
    }


def use_everything(server: Server) -> None:
    """Sign a request, upload a picture, sign in, make a backup: whatever makes a file."""
    app = server.app("Files", level=Level.READ_WRITE)
    signed = OAuth1(app.api_key, app.api_key_secret, app.access_token, app.access_token_secret)
    assert requests.get(f"{server.base}/2/users/me", auth=signed, timeout=30).status_code == 200
    sent = requests.post(
        f"{server.base}/2/media/upload",
        files={"media": ("a.png", picture(), "image/png")},
        data={"media_category": "tweet_image"},
        auth=signed,
        timeout=60,
    )
    assert sent.status_code == 200, sent.text
    server.browser("ann")
    command = [sys.executable, "-m", "volary", "backup", str(server.folder / "copy.db")]
    subprocess.run(command, env=server.environment, cwd=server.folder, check=True, capture_output=True, timeout=120)


@pytest.mark.attack("SR-307")
def test_all_that_a_server_makes_is_its_owners_alone_whatever_the_umask() -> None:
    with careless(), serving() as server:
        use_everything(server)
        (server.folder / "a control").touch()
        found = modes(server.folder)
    assert found.pop("a control") == 0o666  # the mask does let everybody in
    assert {"test.db", "test.db.key", "test.db.nonces", "test.db.media", "test.db.serving", "copy.db"} <= set(found)
    assert any(name.startswith("test.db.media/") and name.endswith(".orig") for name in found)
    open_to_others = {name: oct(mode) for name, mode in found.items() if mode & 0o077}
    assert not open_to_others


@pytest.mark.attack("SR-302")
def test_a_crash_leaves_no_picture_of_the_memory() -> None:
    """In it would be the key and every password of that moment. Whoever starts the server wants such pictures, and gets none."""
    before = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (before[1], before[1]))
    try:
        with serving() as server:
            server.browser("ann")
            worker = worker_of(server)
            for process in (server.process, worker, *children_of(worker)):
                told = Path(f"/proc/{process}/limits").read_text()
                (line,) = [line for line in told.splitlines() if line.startswith("Max core file size")]
                assert line.split()[4:6] == ["0", "0"], process
            os.kill(worker, signal.SIGSEGV)
            until(lambda: worker_of_now(server) not in {0, worker})
            until(lambda: answers(server))
            assert not [one for one in server.folder.rglob("*") if one.name.startswith("core")]
    finally:
        resource.setrlimit(resource.RLIMIT_CORE, before)


def worker_of_now(server: Server) -> int:
    found = children_of(server.process)
    return found[0] if len(found) == 1 else 0
