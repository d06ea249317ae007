import json
import re
from typing import Any

import pytest
from click.testing import CliRunner

from tests.server.app_commands import run
from volary.kit.errors import Refusal
from volary.server.cli import cli


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


@pytest.mark.attack("SR-026", "SR-081")
def test_what_oauth2_takes_from_an_app_can_be_said_at_once(url: str, made: dict[str, Any]) -> None:
    shown = run(url, "app", "show", made["app_id"])
    assert (shown["any_port"], shown["pkce_plain"]) == (False, True)
    options = ("--type", "native", "--any-port", "--no-plain", "--callback", "http://127.0.0.1/cb")
    pocket = run(url, "app", "create", "--owner", "dev", "--name", "Pocket", *options)
    shown = run(url, "app", "show", pocket["app_id"])
    assert (shown["any_port"], shown["pkce_plain"]) == (True, False)
    done = CliRunner(env={"VOLARY_DATABASE": url}).invoke(
        cli, ["app", "create", "--owner", "dev", "--name", "Site", "--type", "web", "--any-port"]
    )
    assert (done.exit_code, "--any-port is for --type native" in done.output) == (2, True)


def test_what_the_site_refuses_no_app_is_said_to_have(url: str, made: dict[str, Any]) -> None:
    for words in (("app", "show", made["app_id"]), ("app", "list")):
        shown = CliRunner(env={"VOLARY_DATABASE": url, "VOLARY_PKCE_PLAIN": "off"}).invoke(cli, [*words, "--json"])
        told = json.loads(shown.stdout)
        assert (told if words[1] == "show" else told[0])["pkce_plain"] is False


def test_a_script_deletes_without_being_asked(url: str, made: dict[str, Any]) -> None:
    gone = run(url, "app", "delete", made["app_id"])
    assert gone == {"app_id": made["app_id"], "name": "Frame", "deleted": True, "disconnected": 1}
    assert run(url, "app", "list") == []
    with pytest.raises(Refusal):
        run(url, "app", "show", made["app_id"])


def said(url: str, *words: str, status: int = 0) -> str:
    """What a command says to a person."""
    done = CliRunner(env={"VOLARY_DATABASE": url}).invoke(cli, [*words], catch_exceptions=False)
    assert done.exit_code == status, done.output
    return done.output


def test_people_read_dates_and_lines_instead_of_numbers_and_records(url: str, made: dict[str, Any]) -> None:
    told = said(url, "app", "show", "Frame")
    assert re.search(r"^owner +dev$", told, re.MULTILINE)
    assert re.search(r"^description +–$", told, re.MULTILINE)
    assert re.search(r"^created at +20\d\d-\d\d-\d\d \d\d:\d\d:\d\d UTC$", told, re.MULTILINE)
    assert re.search(rf"^credentials +kind api_key, hint {made['api_key'][-4:]}, created at 20", told, re.MULTILINE)
    assert re.search(r"^ +kind bearer, .*, last used at –", told, re.MULTILINE)
    assert "{" not in told


def test_a_list_says_whose_each_app_is(url: str, made: dict[str, Any]) -> None:
    head, row = said(url, "app", "list").splitlines()
    assert head.split()[:4] == ["app", "id", "name", "owner"]
    assert row.split()[:3] == [made["app_id"], "Frame", "dev"]


def test_only_what_is_new_is_shown_to_people(url: str, made: dict[str, Any]) -> None:
    told = said(url, "app", "rotate", "Frame", "--what", "bearer")
    assert [line.split("  ")[0] for line in told.splitlines() if line] == [
        "app id",
        "bearer token",
        "Save these now: they are never shown again.",
    ]


def test_an_overlap_that_would_not_be_is_refused(url: str, made: dict[str, Any]) -> None:
    assert "ends at once" in said(url, "app", "rotate", "Frame", "--what", "access_token", "--overlap", "3", status=2)
    said(url, "app", "rotate", "Frame", "--what", "api_key", "--what", "access_token", "--overlap", "3")


def test_a_suspension_has_a_reason(url: str, made: dict[str, Any]) -> None:
    assert "must say why" in said(url, "app", "suspend", "Frame", "--reason", " ", status=2)
    assert said(url, "app", "suspend", "Frame", "--reason", "It posts advertisements.") == "Frame is suspended.\n"


def test_people_are_counted_as_one_says_it(url: str, made: dict[str, Any]) -> None:
    assert said(url, "app", "delete", "Frame") == "Frame is deleted; 1 person is no longer connected to it.\n"
