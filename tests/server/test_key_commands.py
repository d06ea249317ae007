"""`volary key …`, and a server that is asked all the while its key is changed."""

import base64
import json
import os
import re
import sqlite3
import stat
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from requests_oauthlib import OAuth1Session

from tests.db.databases import new_postgres_database
from tests.server.starting import CommandLine
from tests.serving import Server, serving

PASSWORD = "bees in the attic\n"
KEY, NEXT = (base64.b64encode(letter * 32).decode() for letter in (b"k", b"n"))


class Terminal(StringIO):
    """Somebody who types."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def installed(volary: CommandLine) -> CommandLine:
    create = ("account", "create", "dev", "--email", "dev@example.org", "--password-stdin")
    assert volary("migrate").code == 0
    assert volary(*create, typed=PASSWORD).code == 0
    assert volary("app", "create", "--owner", "dev", "--name", "Frame").code == 0
    return volary


def told(volary: CommandLine, *words: str, **settings: str) -> Any:
    done = volary(*words, "--json", **settings)
    assert done.code == 0, done.err
    return json.loads(done.out)


def checked(volary: CommandLine, **settings: str) -> tuple[str, str]:
    """What the doctor says of sealed secrets."""
    found = {one["check"]: one for one in json.loads(volary("doctor", "--json", **settings).out)}["sealed secrets"]
    return found["result"], found["advice"]


def test_with_the_key_file_one_command_changes_it(installed: CommandLine) -> None:
    file = installed.folder / "volary.db.key"
    assert checked(installed)[0] == "fine"
    first = told(installed, "key", "rotate")
    assert (first["resealed"], first["unreadable"]) == (2, 0)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    result, advice = checked(installed)
    assert (result, first["old_key_id"] in advice) == ("look", True)
    assert "try again in 60 minutes" in installed("key", "retire", first["old_key_id"]).refusal
    assert "current key" in installed("key", "retire", first["key_id"]).refusal
    retired = told(installed, "key", "retire", first["old_key_id"], "--leaked")
    assert retired["bearer_tokens_ended"] == 1
    assert stat.S_IMODE(Path(retired["kept_in"]).stat().st_mode) == 0o600
    assert len(file.read_text().split()) == 1
    assert checked(installed)[0] == "fine"
    second = told(installed, "key", "rotate")
    assert second["old_key_id"] == first["key_id"]


def test_a_rotation_never_goes_back_to_a_key_that_was_used(installed: CommandLine) -> None:
    seen = [told(installed, "key", "rotate")["key_id"] for _ in range(3)]
    states = {one["key_id"]: one["state"] for one in told(installed, "key", "show")["keys"]}
    assert len(set(seen)) == 3
    assert [states[key_id] for key_id in seen] == ["older", "older", "current"]


def test_with_the_variable_it_says_what_to_do_and_then_does_it(volary: CommandLine) -> None:
    settings = {"database": new_postgres_database(f"volary_keys_{os.getpid()}"), "key": KEY}
    create = ("account", "create", "dev", "--email", "dev@example.org", "--password-stdin")
    assert volary(*create, typed=PASSWORD, **settings).code == 0
    assert volary("app", "create", "--owner", "dev", "--name", "Frame", **settings).code == 0
    done = volary("key", "rotate", **settings)
    assert done.code == 1
    assert re.search(r"VOLARY_KEY=<present>,[A-Za-z0-9+/]{43}=", done.out)
    settings["key"] = f"{KEY},{NEXT}"
    changed = told(volary, "key", "rotate", "--wait", "0", **settings)
    assert changed["resealed"] == 2
    settings["key"] = f"{KEY}"
    assert changed["key_id"] in volary("app", "list", **settings).refusal
    settings["key"] = f"{NEXT} {KEY}"
    assert told(volary, "key", "retire", changed["old_key_id"], "--leaked", **settings)["kept_in"] is None
    assert len(told(volary, "key", "show", **settings)["keys"]) == 1
    settings["key"] = NEXT
    assert checked(volary, **settings)[0] == "fine"


def test_a_row_that_no_key_opens_is_found_by_the_doctor(installed: CommandLine) -> None:
    with sqlite3.connect(installed.folder / "volary.db") as opened:
        opened.execute(
            "UPDATE credentials SET secret = x'00112233445566778899aabbccddeeff00112233445566' WHERE kind = 'api_key'"
        )
    opened.close()
    result, advice = checked(installed)
    assert (result, "1 need a key" in advice) == ("wrong", True)
    assert "1 rows need a key" in installed("key", "show").err
    assert installed("key", "reseal").code == 1


def test_nothing_is_lost_while_the_key_is_here(installed: CommandLine) -> None:
    counts = dict.fromkeys(("people", "requests", "webhooks", "letters", "authenticators"), 0)
    assert told(installed, "key", "lost") == {"apps": [], **counts}
    assert "nothing is lost" in installed("key", "lost", "--begin-anew").refusal
    assert "there is no database" in installed("key", "lost", database="sqlite:///nothing.db").refusal


def test_without_the_key_nothing_but_this_command_starts(installed: CommandLine) -> None:
    (installed.folder / "volary.db.key").unlink()
    assert "is missing" in installed("key", "rotate").refusal
    (lost,) = told(installed, "key", "lost")["apps"]
    assert (lost["name"], lost["owner"], lost["api_key"]) == ("Frame", "dev", None)
    assert not (installed.folder / "volary.db.key").exists()
    (renewed,) = told(installed, "key", "lost", "--begin-anew")["apps"]
    assert renewed["api_key_secret"]
    assert checked(installed)[0] == "fine"


def test_a_key_that_lies_beside_the_database_is_not_lost(installed: CommandLine) -> None:
    """The key file was overwritten, and what it held lies in a file that somebody made before."""
    file = installed.folder / "volary.db.key"
    kept = file.rename(file.with_name("volary.db.key.kept"))
    for mine in (None, base64.b64encode(b"x" * 32).decode()):
        if mine:
            file.write_text(mine)
            file.chmod(0o600)
        refusal = installed("key", "lost", "--begin-anew").refusal
        assert f"{kept} holds one that opens 2 rows" in refusal
        assert file.exists() == bool(mine)
    assert f"{kept} holds one" in installed("key", "lost", "--begin-anew", key=NEXT).refusal
    kept.rename(file)
    assert checked(installed)[0] == "fine"


def test_at_a_terminal_it_asks_before_anything_is_thrown_away(
    installed: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    (installed.folder / "volary.db.key").unlink()
    monkeypatch.setattr("tests.server.starting.StringIO", Terminal)
    done = installed("key", "lost", "--begin-anew", typed="n\n")
    assert (done.code, "cannot be undone" in done.err) == (1, True)
    assert not (installed.folder / "volary.db.key").exists()
    assert installed("key", "lost", "--begin-anew", typed="y\n").code == 0
    assert (installed.folder / "volary.db.key").exists()


# --------------------------------------------------------------------------------------------------- beside a running server


@pytest.fixture(params=["sqlite", "postgres"])
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    """A server that has the key in a file, or both keys in its settings."""
    settings: dict[str, str] = {}
    if request.param == "postgres":
        settings = {"database": new_postgres_database(f"volary_keys_{os.getpid()}"), "key": f"{KEY},{NEXT}"}
    with serving(**settings) as started:
        yield started


@pytest.mark.slow
def test_a_server_goes_on_answering_while_its_key_is_changed(server: Server) -> None:
    """Signed reads and writes, and new Apps made beside it, from before the change until after it: none fails."""
    outcomes: Counter[int] = Counter()
    stop = threading.Event()

    def signed(app: Any) -> OAuth1Session:
        return OAuth1Session(app.api_key, app.api_key_secret, app.access_token, app.access_token_secret)

    def ask(app: Any) -> None:
        while not stop.is_set():
            with signed(app) as session:
                outcomes[session.get(f"{server.base}/1.1/account/verify_credentials.json", timeout=30).status_code] += 1

    first = server.app("Before")
    threads = [threading.Thread(target=ask, args=(first,)) for _ in range(2)]
    for thread in threads:
        thread.start()
    command = [sys.executable, "-m", "volary", "key"]
    try:
        done = subprocess.run(
            [*command, "rotate", "--json"], env=server.environment, cwd=server.folder, capture_output=True, check=False
        )
        after = server.app("After")
        with signed(after) as session:
            me = session.get(f"{server.base}/1.1/account/verify_credentials.json", timeout=30)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert done.returncode == 0, done.stderr
    changed = json.loads(done.stdout)
    assert me.status_code == 200, me.text
    assert set(outcomes) == {200}
    assert sum(outcomes.values()) > 50
    retire = [*command, "retire", changed["old_key_id"], "--leaked", "--json"]
    done = subprocess.run(retire, env=server.environment, cwd=server.folder, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    with signed(first) as session:
        assert session.get(f"{server.base}/1.1/account/verify_credentials.json", timeout=30).status_code == 200


@pytest.mark.slow
def test_a_leaked_key_is_retired_at_once_and_no_app_that_was_made_meanwhile_is_lost(server: Server) -> None:
    """The server hears of the change within two seconds, and makes requests' secrets with the old key until then."""
    command = [sys.executable, "-m", "volary", "key"]
    first = server.app("Before", callbacks=("https://app.example/cb",))
    made: list[Any] = []
    stop = threading.Event()

    def ask() -> None:
        while not stop.is_set():
            with OAuth1Session(first.api_key, first.api_key_secret, callback_uri="oob") as session:
                pair = session.fetch_request_token(f"{server.base}/oauth/request_token")
            made.append((pair["oauth_token"], pair["oauth_token_secret"]))

    asking = threading.Thread(target=ask)
    asking.start()
    try:
        told: list[dict[str, Any]] = []
        for arguments in (["rotate"], ["retire", "--leaked"]):
            words = [*arguments, told[0]["old_key_id"]] if told else arguments
            done = subprocess.run(
                [*command, *words, "--json"],
                env=server.environment,
                cwd=server.folder,
                capture_output=True,
                check=False,
            )
            assert done.returncode == 0, done.stderr
            told.append(json.loads(done.stdout))
    finally:
        stop.set()
        asking.join()
    shown = subprocess.run(
        [*command, "show", "--json"], env=server.environment, cwd=server.folder, capture_output=True, check=True
    )
    assert len(made) > 10
    assert json.loads(shown.stdout)["unreadable"] == 0
