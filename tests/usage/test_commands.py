"""`volary app usage` and `volary app log`, beside a running server."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tests.server.house import Bearer, House, opened
from tests.usage.looking import Looked
from volary.server.cli import cli
from volary.settings import Settings

pytestmark = pytest.mark.anyio


async def run(house: House, *words: str) -> Any:
    """What a command prints as JSON."""
    settings = house.application.resources[Settings]
    env = {"VOLARY_DATABASE": settings.database, "VOLARY_KEY": settings.key or ""}
    done = await asyncio.to_thread(CliRunner(env=env).invoke, cli, [*words, "--json"])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


async def plain(house: House, *words: str) -> str:
    """What a command prints for people."""
    settings = house.application.resources[Settings]
    env = {"VOLARY_DATABASE": settings.database, "VOLARY_KEY": settings.key or ""}
    done = await asyncio.to_thread(CliRunner(env=env).invoke, cli, list(words))
    return done.output


@pytest.fixture
async def looked(tmp_path: Path) -> AsyncIterator[Looked]:
    """Some calls: an honest one, one without its scope, one of a stranger, one of nobody; now, by the machine's own clock."""
    url = f"sqlite:///{tmp_path}/volary.db"
    env = {"VOLARY_DATABASE": url, "VOLARY_KEY": "A" * 43}
    made = await asyncio.to_thread(CliRunner(env=env).invoke, cli, ["migrate"])
    assert made.exit_code == 0, made.output
    async with opened(url) as house:
        yield await _called(house)


async def _called(house: House) -> Looked:
    house.clock.advance(
        int(time.time() * 1000) - house.clock.now()
    )  # before any call: the server notes them by itself, too
    ann = await house.bearer(house.cast.ann, "tweet.read users.read")
    await house.get("/2/users/me", ann)
    await house.json("POST", "/2/tweets", ann, {"text": "hello"})
    made = house.apps["Messenger"]
    wrong = Bearer(made.bearer_token + "x")
    await house.get("/2/users/me", wrong)
    late = await house.signed(house.cast.ann)
    await house.get("/2/users/me", headers=late.headers("GET", "http://localhost:8000/2/users/me", b"", "", 1_000_000))
    found = Looked(house)
    await found.calls.flush(house.db)
    return found


async def test_usage_by_day_and_by_endpoint(looked: Looked) -> None:
    told = await run(looked.house, "app", "usage", "Messenger", "--days", "2")
    assert len(told["days"]) == 2
    assert sum(day["requests"] for day in told["days"]) == 2
    by_endpoint = {row["endpoint"]: (row["requests"], row["refused"]) for row in told["endpoints"]}
    assert by_endpoint == {"GET /2/users/me": (1, 0), "POST /2/tweets": (1, 1), None: (1, 1)}
    assert "POST /2/tweets" in await plain(looked.house, "app", "usage", "Messenger")


async def test_the_log_with_its_reasons(looked: Looked) -> None:
    latest, first = await run(looked.house, "app", "log", "Messenger")
    assert (latest["status"], latest["reason"], latest["facts"]["missing"]) == (403, "scope", "tweet.write")
    assert latest["words"].startswith("The scope tweet.write is missing.")
    assert latest["advice"]
    assert (first["status"], first["account_id"]) == (200, str(looked.house.cast.ann.id))
    assert await run(looked.house, "app", "log", "Messenger", "--status", "2xx") == [first]
    assert await run(looked.house, "app", "log", "Messenger", "--request", latest["request_id"]) == [latest]
    assert await run(looked.house, "app", "log", "Messenger", "--endpoint", "GET /2/users/me") == [first]
    assert await run(looked.house, "app", "log", "Messenger", "--limit", "1") == [latest]
    [stranger] = await run(looked.house, "app", "log", "Messenger", "--strangers")
    assert stranger["reason"] == "time_old"
    [nobody] = await run(looked.house, "app", "log", "--unknown")
    assert nobody["reason"] == "app_token"
    assert "The scope tweet.write is missing." in await plain(looked.house, "app", "log", "Messenger")
    assert "There are no such calls." in await plain(looked.house, "app", "log", "Reader")
    assert "name an App" in await plain(looked.house, "app", "log")
