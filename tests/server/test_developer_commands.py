"""`volary developer …`: who waits, what is decided, and what the team then has."""

from pathlib import Path
from typing import Any

import pytest

from tests.server.app_commands import run
from volary.kit.errors import Refusal

pytestmark = pytest.mark.claim("C147")


def test_a_tier_is_set_and_a_team_is_shown(url: str, made: dict[str, Any]) -> None:
    assert run(url, "developer", "list") == []
    with pytest.raises(Refusal):
        run(url, "developer", "approve", "dev")
    with pytest.raises(Refusal):
        run(url, "app", "create", "--owner", "dev", "--name", "Second", "--project", "Frame")
    assert run(url, "developer", "tier", "dev", "elevated")["tier"] == "elevated"
    second = run(url, "app", "create", "--owner", "dev", "--name", "Second", "--project", "Frame")
    assert second["project"] == made["project"]
    team = run(url, "app", "show", "Second")["team_id"]
    shown = run(url, "developer", "team", team)
    assert (shown["tier"], [one["username"] for one in shown["members"]]) == ("elevated", ["dev"])
    with pytest.raises(Refusal):
        run(url, "developer", "team", "12345")


def test_the_operator_appoints_an_administrator(url: str, made: dict[str, Any], tmp_path: Path) -> None:
    email = ("--email", "ann@example.org", "--password-stdin")
    run(url, "account", "create", "ann", *email, typed="bees in the attic\n")
    team = run(url, "app", "show", "Frame")["team_id"]
    shown = run(url, "developer", "team", team, "--appoint", "ann")
    assert {one["username"]: one["role"] for one in shown["members"]} == {
        "dev": "administrator",
        "ann": "administrator",
    }
