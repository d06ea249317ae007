"""`volary messages …`: who can write to somebody, and who is in a group."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tests.messages.people import group_of, send
from volary.accounts.queries import account_by_username
from volary.db import Database
from volary.messages.errors import ConversationNotFound, NotReachable
from volary.messages.queries.conversations import members_of
from volary.server.cli import cli
from volary.server.database import opened
from volary.settings import load


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/volary.db"


def run(url: str, *words: str, typed: str = "") -> Any:
    return CliRunner(env={"VOLARY_DATABASE": url}).invoke(cli, [*words], input=typed, catch_exceptions=False)


def in_database(url: str, work: Any) -> Any:
    async def whole() -> Any:
        async with opened(load({"VOLARY_DATABASE": url})) as db:
            return await work(db)

    return asyncio.run(whole())


def test_the_whole_story(url: str) -> None:
    for name in ("ann", "bob", "carol", "dave"):
        order = ("account", "create", name, "--email", f"{name}@example.org", "--password-stdin")
        assert run(url, *order, typed="six birds on a wire\n").exit_code == 0

    async def gather(db: Database) -> int:
        found = [await account_by_username(db, name) for name in ("ann", "bob", "carol")]
        ann, bob, carol = (one for one in found if one is not None)
        return (await group_of(db, ann, bob, carol)).conversation_id

    group = in_database(url, gather)
    assert run(url, "messages", "add", "bob", str(group), "dave").exit_code == 0
    assert run(url, "messages", "leave", "carol", str(group)).exit_code == 0
    assert len(in_database(url, lambda db: members_of(db, group))) == 3
    for number in (str(group), "x"):
        with pytest.raises(ConversationNotFound):
            run(url, "messages", "leave", "carol", number)

    async def write(db: Database) -> None:
        carol, dave = await account_by_username(db, "carol"), await account_by_username(db, "dave")
        assert carol is not None
        assert dave is not None
        await send(db, carol, dave, "hello")

    assert run(url, "messages", "allow", "dave", "following").exit_code == 0
    with pytest.raises(NotReachable):
        in_database(url, write)
    assert run(url, "messages", "allow", "dave", "everyone").exit_code == 0
    in_database(url, write)
