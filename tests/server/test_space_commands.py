"""`volary space …`: what is announced on the command line is there for everybody who may see it."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from volary.server.cli import cli
from volary.spaces.errors import NotYourSpace, SpaceNotFound


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/volary.db"


def run(url: str, *words: str, typed: str = "") -> Any:
    return CliRunner(env={"VOLARY_DATABASE": url}).invoke(cli, [*words], input=typed, catch_exceptions=False)


def told(url: str, *words: str) -> Any:
    got = run(url, "space", *words, "--json")
    assert got.exit_code == 0, got.output
    return json.loads(got.stdout)


def test_the_whole_story(url: str) -> None:
    for name in ("ann", "dave"):
        order = ("account", "create", name, "--email", f"{name}@example.org", "--password-stdin", "--json")
        assert run(url, *order, typed="six birds on a wire\n").exit_code == 0
    live = told(url, "announce", "ann", "About bees")
    assert (live["state"], live["participants"], len(live["space_id"])) == ("live", 1, 13)
    number = live["space_id"]
    assert told(url, "invite", "ann", number, "dave")["participants"] == 1
    assert told(url, "join", "dave", number)["participants"] == 2
    assert [one["space_id"] for one in told(url, "list", "dave")] == [number]
    with pytest.raises(NotYourSpace):
        run(url, "space", "end", "dave", number)
    assert told(url, "leave", "dave", number)["participants"] == 1
    assert told(url, "end", "ann", number)["state"] == "ended"
    assert told(url, "list", "dave") == []
    assert told(url, "leave", "dave", "1" + "0" * 12)["state"] is None
    with pytest.raises(SpaceNotFound):
        run(url, "space", "start", "ann", "1x")
    for at in ("soon", "2020-01-01T10:00"):
        assert run(url, "space", "announce", "ann", "Later", "--at", at).exit_code == 2
