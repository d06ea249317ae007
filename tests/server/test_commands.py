"""The command line's own promises: quick help, one-line refusals, both databases, and what the doctor finds."""

import contextlib
import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest

from tests.db.databases import new_postgres_database
from tests.server.starting import CommandLine
from volary.server.cli import _COMMANDS, cli

KEY = "A" * 43
PASSWORD = "bees in the attic\n"


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest) -> dict[str, str]:
    """The settings of an empty database without tables, on each engine in turn."""
    if request.param == "sqlite":
        return {"database": "sqlite:///volary.db"}
    return {"database": new_postgres_database(f"volary_commands_{os.getpid()}"), "key": KEY}


# -------------------------------------------------------------------------------------------------------------------- help


def test_help_loads_nothing_that_commands_need() -> None:
    heavy = {"sqlalchemy", "alembic", "asyncpg", "granian", "starlette", "babel", "cryptography", "msgspec", "jinja2"}
    program = (
        "import sys; from click.testing import CliRunner; from volary.server.cli import cli;"
        "done = CliRunner().invoke(cli, ['--help']); assert 'serve' in done.output;"
        "print(' '.join(sorted({name.partition('.')[0] for name in sys.modules})))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert not heavy & set(done.stdout.split())


def test_a_server_on_sqlite_loads_nothing_that_it_may_never_need(tmp_path: Path) -> None:
    rarely = {
        "sqlalchemy.orm",
        "sqlalchemy.ext.asyncio",
        "asyncpg",
        "aiosmtplib",
        "valkey",
        "PIL",
        "av",
        "eldc",
        "requests",
        "authlib",
    }
    program = (
        "import asyncio, sys; from pathlib import Path; from volary.server.application import Application;"
        "from volary.server.database import prepare; from volary.settings import load; settings = load();"
        "asyncio.run(prepare(settings)); application = Application(settings, counts_folder=Path());"
        "asyncio.run(application.start()); print(' '.join(sys.modules), flush=True); import os; os._exit(0)"
    )
    environment = os.environ | {"VOLARY_DATABASE": "sqlite:///volary.db"}
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=tmp_path, env=environment
    )
    loaded = set(done.stdout.split())
    assert "volary.server.registry" in loaded
    assert not rarely & loaded


def test_the_overview_says_of_each_command_what_its_own_help_says() -> None:
    context = click.Context(cli)
    for name, (_, sentence) in _COMMANDS.items():
        command = cli.get_command(context, name)
        assert command is not None
        assert " ".join((command.help or "").split()).startswith(sentence), name
    assert cli.list_commands(context) == sorted(_COMMANDS)


def every_command(command: click.Command, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    if not isinstance(command, click.Group):
        return [path]
    context = click.Context(command)
    found = [(name, command.get_command(context, name)) for name in command.list_commands(context)]
    return [one for name, inner in found if inner for one in every_command(inner, (*path, name))]


@pytest.mark.parametrize("path", every_command(cli), ids=" ".join)
def test_every_command_explains_itself(volary: CommandLine, path: tuple[str, ...]) -> None:
    done = volary(*path, "--help")
    assert done.code == 0
    assert done.out.startswith(f"Usage: volary {' '.join(path)}")
    assert not list(volary.folder.iterdir())


def test_wrong_usage_has_a_code_of_its_own(volary: CommandLine) -> None:
    for words in (
        ("nothing",),
        ("serve", "--nothing"),
        ("serve", "--port", "x"),
        ("app", "create"),
        ("account", "show"),
    ):
        assert volary(*words).code == 2


def test_the_version_is_told(volary: CommandLine) -> None:
    assert volary("--version").out.count(".") == 2


# --------------------------------------------------------------------------------------------------------------- both engines


@pytest.mark.claim("C062", "C148", "C199")
def test_everything_about_apps_on_both_databases(volary: CommandLine, database: dict[str, str]) -> None:
    def run(*words: str, typed: str = "") -> Any:
        done = volary(*words, "--json", typed=typed, **database)
        assert done.code == 0, done.err
        return json.loads(done.out)

    made = run("account", "create", "dev", "--email", "dev@example.org", "--password-stdin", typed=PASSWORD)
    assert (made["username"], made["email_confirmed"], made["state"]) == ("dev", True, "active")
    assert run("account", "show", "DEV")["account_id"] == made["account_id"]
    links = ("--email-permission", "--terms", "https://a.example/t", "--privacy", "https://a.example/p")
    for number, level in enumerate(("read", "read-write", "read-write-directmessages")):
        order = ("app", "create", "--owner", "dev", "--name", f"App {number}", "--permission", level, *links)
        app = run(*order, "--callback", "https://a.example/cb", "--callback", "http://127.0.0.1:9/cb", "--type", "bot")
        wanted = "app_id api_key api_key_secret access_token access_token_secret client_id client_secret bearer_token"
        assert all(app[name] for name in wanted.split())
        shown = run("app", "show", app["app_id"])
        assert (shown["permission"], shown["email_permission"], shown["type"]) == (level, True, "bot")
        assert shown["callbacks"] == ["https://a.example/cb", "http://127.0.0.1:9/cb"]
        assert not [app[name] for name in wanted.split() if "secret" in name and app[name] in json.dumps(shown)]
    alone = run("app", "create", "--owner", "dev", "--name", "Alone", "--standalone")
    assert (alone["project"], alone["client_id"], alone["client_secret"]) == (None, None, None)
    assert [one["name"] for one in run("app", "list", "--owner", "dev")] == ["App 0", "App 1", "App 2", "Alone"]
    renewed = run("app", "rotate", "Alone", "--what", "bearer")
    assert renewed["bearer_token"] not in {alone["bearer_token"], None}
    assert volary("app", "suspend", "Alone", "--reason", "Testing.", **database).code == 0
    assert run("app", "show", "Alone")["state"] == "suspended"
    assert volary("app", "restore", "Alone", **database).code == 0
    assert run("app", "delete", "Alone", "--yes")["deleted"] is True
    assert len(run("app", "list")) == 3


def test_what_is_refused_is_one_line(volary: CommandLine, database: dict[str, str]) -> None:
    create = ("account", "create", "ann", "--email", "ann@example.org", "--password-stdin")
    assert volary(*create, typed=PASSWORD, **database).code == 0
    order = ("app", "create", "--owner", "ann", "--name")
    assert volary(*order, "Frame", **database).code == 0
    for words, typed in [
        (create, PASSWORD),  # taken
        (("account", "create", "b!", "--email", "b@example.org", "--password-stdin"), PASSWORD),
        (("account", "create", "bob", "--email", "none", "--password-stdin"), PASSWORD),
        (("account", "create", "bob", "--email", "bob@example.org", "--password-stdin"), "short\n"),
        (("account", "create", "bob", "--email", "bob@example.org", "--password-stdin"), ""),
        (("account", "show", "nobody"), ""),
        (("app", "create", "--owner", "nobody", "--name", "Mine"), ""),
        ((*order, "frame"), ""),
        ((*order, "Other", "--callback", "http://localhost/cb"), ""),
        ((*order, "Other", "--callback", "javascript:alert(1)"), ""),
        ((*order, "Other", "--email-permission"), ""),
        (("app", "show", "Nothing"), ""),
        (("app", "rotate", "Nothing"), ""),
        (("app", "delete", "Nothing", "--yes"), ""),
        (("app", "restore", "Frame"), ""),
    ]:
        done = volary(*words, typed=typed, **database)
        assert (done.code, bool(done.refusal)) == (1, True), words
    assert [one["name"] for one in json.loads(volary("app", "list", "--json", **database).out)] == ["Frame"]


def test_who_makes_the_same_account_twice_hears_of_its_name(volary: CommandLine, database: dict[str, str]) -> None:
    def refused(username: str) -> str:
        create = ("account", "create", username, "--email", "ann@example.org", "--password-stdin")
        return volary(*create, typed=PASSWORD, **database).refusal

    create = ("account", "create", "ann", "--email", "ann@example.org", "--password-stdin")
    assert volary(*create, typed=PASSWORD, **database).code == 0
    assert refused("Ann") == "This username is taken. Please choose another one."
    assert refused("bob") == "Another account has confirmed this email address."


def test_migrating_twice_does_nothing_the_second_time(volary: CommandLine, database: dict[str, str]) -> None:
    first, second = volary("migrate", **database), volary("migrate", **database)
    assert first.code == second.code == 0
    assert first.out.startswith("done: ")
    assert second.out == "The database is up to date.\n"


# ------------------------------------------------------------------------------------------------------------------ doctor


def findings(volary: CommandLine, **settings: str) -> tuple[int, dict[str, tuple[str, str]]]:
    done = volary("doctor", "--json", **settings)
    return done.code, {one["check"]: (one["result"], one["advice"]) for one in json.loads(done.out)}


def test_the_doctor_finds_nothing_wrong_where_nothing_is(volary: CommandLine, database: dict[str, str]) -> None:
    database = {**database, "media_folder": str(volary.folder / "media")}
    assert volary("migrate", **database).code == 0
    code, found = findings(volary, **database)
    assert code == 0, found
    assert {result for result, _ in found.values()} == {"fine"}, found
    assert {"public address", "clock", "key", "tables", "database", "valkey", "open files"} <= set(found)
    assert "fine" in volary("doctor", **database).out


def test_before_the_first_start_there_is_little_to_see(volary: CommandLine) -> None:
    code, found = findings(volary)
    assert (code, found["database"][0]) == (0, "look")
    assert not list(volary.folder.iterdir())


@pytest.mark.attack("SR-370")
def test_what_works_but_is_unwise_is_pointed_out(volary: CommandLine) -> None:
    code, found = findings(volary, public_url="https://volary.example", trusted_proxy="10.0.0.0/8")
    assert code == 0
    assert found["proxies"][0] == "look"
    assert found["variables"] == ("look", "no settings, and without effect: VOLARY_TRUSTED_PROXY")
    _, found = findings(volary, public_url="http://volary.example")
    assert found["public address"] == (
        "look",
        "http://volary.example is not https: passwords and tokens travel in the open",
    )


@pytest.mark.parametrize(
    "settings, check",
    [
        ({"valkey": "valkey://127.0.0.1:1"}, "valkey"),
        ({"location_database": "nothing.mmdb"}, "location database"),
        ({"breached_passwords": "nothing.txt"}, "breached passwords"),
        ({"database": "sqlite:///nowhere/volary.db"}, "disk"),
        ({"database": "postgresql://me@127.0.0.1:1/x", "key": KEY}, "tables"),
        ({"database": "postgresql://me@127.0.0.1:1/x"}, "key"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_wrong_is_named_and_ends_with_1(volary: CommandLine, settings: dict[str, str], check: str) -> None:
    code, found = findings(volary, **settings)
    assert (code, found[check][0]) == (1, "wrong")
    assert found[check][1]


@pytest.mark.attack("SR-307", "SR-370")
def test_a_damaged_or_foreign_database_is_noticed(volary: CommandLine) -> None:
    assert volary("migrate").code == 0
    assert volary("account", "create", "ann", "--email", "a@example.org", "--password-stdin", typed=PASSWORD).code == 0
    file, key = volary.folder / "volary.db", volary.folder / "volary.db.key"
    kept = key.read_text()
    key.unlink()
    assert findings(volary)[1]["key"][0] == "wrong"
    key.write_text(KEY)
    key.chmod(0o600)
    assert findings(volary)[1]["database"][0] == "wrong"
    key.write_text(kept)
    key.chmod(0o640)
    assert findings(volary)[1]["key"][0] == "wrong"
    key.chmod(0o600)
    with contextlib.closing(sqlite3.connect(file)) as other, other:
        other.execute("DROP TABLE posts")
    assert findings(volary)[1]["tables"][0] == "wrong"
    content = bytearray(file.read_bytes())
    content[4096 * 3 : 4096 * 6] = b"\xff" * 4096 * 3
    file.write_bytes(content)
    code, found = findings(volary)
    assert code == 1
    assert "wrong" in {result for result, _ in found.values()}
