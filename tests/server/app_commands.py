"""An App made on the command line, and commands that speak of it."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

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
