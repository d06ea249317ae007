"""The programs of the API's reference, run as they stand on its pages: read, write and pages, with OAuth 1.0a and OAuth 2.0."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.cast import ANN
from tests.compat.conftest import CALLBACK, consent
from tests.compat.node import installed
from tests.compat.test_twitter_api_v2 import VERSION, signed
from tests.flows.app import App
from tests.server.calls import OPERATION
from tests.serving import Server
from volary.access.caller import in_person
from volary.access.levels import Level
from volary.access.scopes import EMAIL, SCOPES
from volary.api.openapi import identifier
from volary.api.reference.entries import Reference
from volary.db import Database
from volary.graph.actions.follows import follow
from volary.help.shapes.call import OAUTH1, OAUTH2, Program
from volary.help.shapes.every import snippets

_NOT_ASKED = {EMAIL, "ads.read", "ads.write"}
REFERENCE = Reference(OPERATION.values())
CALLS = {
    "read": ("GET /2/users/me", "/2/users/me?user.fields=created_at,description", ""),
    "write": ("POST /2/tweets", "/2/tweets", '{"text": "It\'s %s \\"quoted\\" & more"}'),
    "pages": ("GET /2/users/{id}/following", "/2/users/{ann}/following?max_results=1", ""),
    "write 1.1": ("POST /1.1/statuses/update.json", "/1.1/statuses/update.json", "status=It%%27s+%s+%%26+more"),
}


@pytest.fixture(scope="module")
def environment(server: Server) -> dict[str, str]:
    """What the programs read their keys and tokens from: Ann's, of an App that may do everything."""
    made = server.app("Programs", callbacks=(CALLBACK,), level=Level.DIRECT_MESSAGES, type="web")
    keys = {name: getattr(made, name) for name in ("api_key", "api_key_secret", "client_id", "client_secret")}
    app = App(server.base, CALLBACK, "Programs", keys)
    ann = signed(server, app, ANN.username)
    asked = app.asking(" ".join(one for one in SCOPES if one not in _NOT_ASKED))
    connected = app.connected(consent(server, server.browser("ann"), asked))

    async def know(db: Database) -> None:
        for whom in (server.cast.carol, server.cast.dave):
            await db.write(follow, in_person(server.cast.ann.id, "ann"), whom.id)

    server.in_database(know)
    return {
        "PATH": os.environ["PATH"],
        "API_KEY": made.api_key,
        "API_KEY_SECRET": made.api_key_secret,
        "ACCESS_TOKEN": ann["token"],
        "ACCESS_TOKEN_SECRET": ann["secret"],
        "OAUTH2_ACCESS_TOKEN": connected.session.token["access_token"],
        "APP_ACCESS_TOKEN": str(made.bearer_token),
    }


def ran(program: Program, environment: dict[str, str], folder: Path) -> str:
    """What a program prints when it ends well."""
    if program.client == "curl":
        command = ["sh", "-euc", program.code.split("\n\n# The next page")[0].replace("curl -", "curl -sf -")]
    elif program.client == "twitter-api-v2":
        folder = installed("twitter-api-v2", VERSION)
        file = folder / f"program-{os.getpid()}.mjs"  # the folder is shared with the tests of other processes
        file.write_text(program.code)
        command = ["node", str(file)]
    else:
        command = [sys.executable, "-c", program.code]
    ended = subprocess.run(
        command, env=environment, cwd=folder, capture_output=True, text=True, timeout=120, check=False
    )
    assert ended.returncode == 0, ended.stderr + ended.stdout
    return ended.stdout


def program_of(server: Server, what: str, client: str, way: str, text: str = "") -> Program:
    name, target, sent = CALLS[what]
    entry = REFERENCE.get(identifier(OPERATION[name]))
    assert entry is not None
    written = snippets(
        entry, server.base, target.replace("{ann}", str(server.cast.ann.id)), sent % text if sent else ""
    )
    (found,) = (one for one in written if (one.client, one.way) == (client, way))
    assert server.base in found.code
    return found


def next_page(server: Server, program: Program, token: str, environment: dict[str, str], folder: Path) -> str:
    """The page after the first: by the second command of a program with a bearer token, or by a program that is signed for it."""
    if program.way == OAUTH2:
        after = msgspec.structs.replace(program, code=program.code.partition("answer:\n")[2])
        return ran(after, {**environment, "NEXT_TOKEN": token}, folder)
    name, target, _ = CALLS["pages"]
    entry = REFERENCE.get(identifier(OPERATION[name]))
    assert entry is not None
    there = f"{target.replace('{ann}', str(server.cast.ann.id))}&pagination_token={token}"
    (signed_again,) = (
        one for one in snippets(entry, server.base, there, "") if one.client == "curl" and one.way == OAUTH1
    )
    return ran(signed_again, environment, folder)


@pytest.mark.parametrize("way", [OAUTH1, OAUTH2])
@pytest.mark.parametrize("client", ["curl", "tweepy", "xdk", "twitter-api-v2"])
class TestVersion2:
    def test_reads(self, server: Server, environment: dict[str, str], tmp_path: Path, client: str, way: str) -> None:
        assert str(server.cast.ann.id) in ran(program_of(server, "read", client, way), environment, tmp_path)

    def test_writes(self, server: Server, environment: dict[str, str], tmp_path: Path, client: str, way: str) -> None:
        text = f"{client} by {way}"
        said = ran(program_of(server, "write", client, way, text), environment, tmp_path)
        assert text in said

    def test_goes_on(self, server: Server, environment: dict[str, str], tmp_path: Path, client: str, way: str) -> None:
        program = program_of(server, "pages", client, way)
        said = ran(program, environment, tmp_path)
        if client == "curl":
            said += next_page(server, program, json.loads(said)["meta"]["next_token"], environment, tmp_path)
        assert "Carol_C" in said
        assert "dave" in said


@pytest.mark.parametrize("client", ["curl", "tweepy", "twitter-api-v2"])
def test_version_1_writes_with_signatures(
    server: Server, environment: dict[str, str], tmp_path: Path, client: str
) -> None:
    text = f"{client}-once"
    assert text in ran(program_of(server, "write 1.1", client, OAUTH1, text), environment, tmp_path)


def test_a_program_with_a_wrong_secret_is_refused(server: Server, environment: dict[str, str], tmp_path: Path) -> None:
    """A control: what always passes shows nothing."""
    wrong: dict[str, Any] = {**environment, "API_KEY_SECRET": "x" * 50}
    with pytest.raises(AssertionError):
        ran(program_of(server, "read", "curl", OAUTH1), wrong, tmp_path)
