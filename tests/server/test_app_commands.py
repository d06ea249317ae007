import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from volary.kit.errors import Refusal
from volary.server.cli import cli


def run(url: str, *words: str, typed: str = "") -> Any:
    done = CliRunner(env={"VOLARY_DATABASE": url}).invoke(cli, [*words, "--json"], input=typed, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A database that the first command makes."""
    return f"sqlite:///{tmp_path}/volary.db"


@pytest.fixture
def made(url: str) -> dict[str, Any]:
    run(
        url,
        "account",
        "create",
        "dev",
        "--email",
        "dev@example.org",
        "--password-stdin",
        typed="build it, break it\n",
    )
    options = ("--owner", "dev", "--name", "Frame", "--type", "web", "--callback", "https://app.example/cb")
    app: dict[str, Any] = run(url, "app", "create", *options)
    return app


def test_an_app_is_made_with_every_credential(made: dict[str, Any]) -> None:
    names = {"app_id", "api_key", "api_key_secret", "access_token", "access_token_secret", "client_id", "client_secret"}
    assert all(made[name] for name in (*names, "bearer_token"))


def test_renewing_without_a_choice_renews_everything(url: str, made: dict[str, Any]) -> None:
    new = run(url, "app", "rotate", "Frame")
    for name in ("api_key", "api_key_secret", "access_token", "access_token_secret", "client_secret", "bearer_token"):
        assert new[name]
        assert new[name] != made[name]
    assert new["client_id"] == made["client_id"]
    only = run(url, "app", "rotate", made["app_id"], "--what", "bearer")
    assert only["bearer_token"]
    assert only["api_key"] is None


def test_an_app_without_a_secret_has_none_to_renew(url: str, made: dict[str, Any]) -> None:
    run(url, "app", "create", "--owner", "dev", "--name", "Pocket", "--type", "native", "--project", "Pockets")
    new = run(url, "app", "rotate", "Pocket")
    assert new["api_key"]
    assert new["client_secret"] is None


def test_a_script_deletes_without_being_asked(url: str, made: dict[str, Any]) -> None:
    gone = run(url, "app", "delete", made["app_id"])
    assert gone == {"app_id": made["app_id"], "name": "Frame", "deleted": True, "disconnected": 1}
    assert run(url, "app", "list") == []
    with pytest.raises(Refusal):
        run(url, "app", "show", made["app_id"])
