"""Backing up and restoring with PostgreSQL's own programs. The password is never among a program's arguments, where others could see it."""

import os
import shlex
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import Connection, inspect
from sqlalchemy.engine import URL, make_url

from volary.db.errors import CannotStart
from volary.db.files import draft_of
from volary.db.schema import on_connection


def dump(url: str, target: Path) -> None:
    """Write a database into a file, as of one moment, and read its list of contents back. Raises CannotStart."""
    with draft_of(target) as draft:
        _run(url, "pg_dump", "--format=custom", f"--file={draft}", shown=target)
        _run(url, "pg_restore", "--list", str(draft), connects=False)


def load(url: str, source: Path) -> None:
    """Bring what `dump` wrote into an empty database, all or nothing. Raises CannotStart."""
    _run(url, "pg_restore", "--no-owner", "--exit-on-error", "--single-transaction", str(source))


async def is_empty(url: str) -> bool:
    """Whether a database has no table of an installation."""

    def has_none(connection: Connection) -> bool:
        return not inspect(connection).has_table("installation")

    return await on_connection(url, has_none)


def _run(url: str, program: str, *arguments: str, connects: bool = True, shown: Path | None = None) -> None:
    bare, password = _without_password(make_url(url))
    command: Sequence[str] = [program, *arguments, *([f"--dbname={bare}"] if connects else [])]
    if shutil.which(program) is None:
        told = shlex.join([word.replace(f"{shown}.part", str(shown)) for word in command])
        raise CannotStart(f"{program} is not here; install Debian's postgresql-client, or run this where it is: {told}")
    done = subprocess.run(command, env={**os.environ, **password}, capture_output=True, text=True, check=False)
    if done.returncode:
        said = " ".join((done.stderr.strip() or f"exit code {done.returncode}").splitlines()[:3])
        raise CannotStart(f"{said}; it must be of the server's version or newer, and nothing was kept")


def _without_password(place: URL) -> tuple[str, dict[str, str]]:
    """The address as an argument may name it, and the variable that holds the password. Raises CannotStart.

    A password stands before the host or among the parameters, where the last one of a name holds; of the two, that among the parameters.
    """
    if "sslpassword" in place.query:
        raise CannotStart(
            "with sslpassword in the database's address there is no backup: others could see it meanwhile"
        )
    parameters = place.query.get("password", ())
    password = parameters if isinstance(parameters, str) else next(reversed(parameters), "")
    rest = {name: value for name, value in place.query.items() if name != "password"}
    bare = URL.create("postgresql", place.username, None, place.host, place.port, place.database, rest)
    known = password or place.password
    return bare.render_as_string(), {"PGPASSWORD": known} if known else {}
