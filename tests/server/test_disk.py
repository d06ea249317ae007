"""The disk under a serving database: full, read-only, and with no open files left. What was acknowledged stays, reading goes on, and
nobody has to start anything again.
"""

import contextlib
import resource
import socket
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import requests

from tests.server.house import Bearer, Got, House, opened
from tests.server.starting import CommandLine
from tests.server.test_process import worker_of
from tests.serving import serving


def mount(*arguments: str | Path) -> bool:
    return subprocess.run(["mount", *arguments], check=False, capture_output=True).returncode == 0


@pytest.fixture
def disk() -> Iterator[Path]:
    """A file system of 16 MB of its own."""
    folder = Path(tempfile.mkdtemp(prefix="volary-disk-"))
    if not mount("-t", "tmpfs", "-o", "size=16m,mode=0700", "tmpfs", folder):
        folder.rmdir()
        pytest.skip("this user may not mount a file system")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)
    folder.rmdir()


@pytest.fixture
async def house(disk: Path) -> AsyncIterator[House]:
    from volary.db.schema import create_all, every_table

    url = f"sqlite:///{disk}/volary.db"
    await create_all(url, every_table())
    async with opened(url) as one:
        yield one


def fill(ballast: Path) -> None:
    with ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(65_536))


async def written(house: House, who: Bearer, text: str) -> Got:
    return await house.json("POST", "/2/tweets", who, {"text": text})


def refused(got: Got) -> None:
    assert got.status in {503, 507}
    assert int(got.header("retry-after") or 0) >= 1
    assert b"sqlite" not in got.body.lower()
    assert b"disk" not in got.body.lower()


@pytest.mark.attack("SR-332")
async def test_a_full_disk_refuses_writes_answers_reads_and_needs_no_restart(house: House, disk: Path) -> None:
    who = await house.bearer(house.cast.ann)
    kept = [(await written(house, who, "before")).json["data"]["id"]]
    ballast = disk / "ballast"
    fill(ballast)
    answers = [await written(house, who, f"full {number} " + "x" * 200) for number in range(40)]
    kept += [got.json["data"]["id"] for got in answers if got.status == 201]  # what found room in the WAL
    for got in answers:
        if got.status != 201:
            refused(got)
    assert answers[-1].status != 201
    assert (await house.get("/2/users/me", who)).status == 200
    assert (await house.get(f"/2/tweets/{kept[0]}", who)).status == 200
    assert (await house.get("/healthz")).status == 200
    ballast.unlink()
    after = await written(house, who, "after")
    assert after.status == 201
    kept.append(after.json["data"]["id"])
    assert [(await house.get(f"/2/tweets/{one}", who)).status for one in kept] == [200] * len(kept)
    assert await house.db.check() == []


def test_a_read_only_folder_is_one_line(volary: CommandLine, disk: Path) -> None:
    database = {"database": f"sqlite:///{disk}/volary.db"}
    assert volary("migrate", **database).code == 0
    assert mount("-o", "remount,ro", disk)
    for command in ("serve", "migrate"):
        done = volary(command, port="0", **database)
        said = ("Read-only file system", "can its folder be written to?")
        assert (done.code, any(words in done.refusal for words in said)) == (3, True)
    assert mount("-o", "remount,rw", disk)
    assert volary("migrate", **database).code == 0


@pytest.mark.attack("SR-253", "SR-332")
def test_with_no_open_files_left_it_lives_and_goes_on_when_there_are_some() -> None:
    with serving() as server:
        app = server.app("Files")
        bearer = {"Authorization": f"Bearer {app.bearer_token}"}
        worker = worker_of(server)

        def ask() -> int:
            return requests.get(
                f"{server.base}/2/users/by/username/ann", headers=bearer | {"Connection": "close"}, timeout=20
            ).status_code

        assert ask() == 200
        limits = resource.prlimit(worker, resource.RLIMIT_NOFILE)
        used = len(list(Path(f"/proc/{worker}/fd").iterdir()))
        resource.prlimit(worker, resource.RLIMIT_NOFILE, (used + 8, limits[1]))
        crowd = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(60)]
        time.sleep(0.5)
        assert Path(f"/proc/{worker}").exists()
        for one in crowd:
            one.close()
        until = time.monotonic() + 60
        while True:
            try:
                status = ask()
            except requests.RequestException:
                status = 0
            if status == 200:
                break
            assert time.monotonic() < until, server.log[-2000:]
            time.sleep(0.2)
        assert worker_of(server) == worker
        resource.prlimit(worker, resource.RLIMIT_NOFILE, limits)
        assert ask() == 200
