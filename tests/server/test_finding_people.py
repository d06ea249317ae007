"""Searching for people and reading who belongs to an organization, over HTTP and at the command line."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tests.server.house import House
from volary.accounts.actions import affiliate, create_account, label_automated
from volary.accounts.actions.standing import set_state
from volary.accounts.models import ACTIVE, SUSPENDED
from volary.server.cli import cli
from volary.settings import Settings


async def test_searching_by_pages(each_house: House) -> None:
    house = each_house
    who = await house.bearer(house.cast.ann)
    for number in range(5):
        await house.db.write(create_account, f"searched{number}", name="Zebedee Quill")
    base = "/2/users/search?query=zebedee%20quil&max_results=2"
    names, token, got = [], "", None
    while got is None or token:
        got = (await house.get(f"{base}{token}", who)).json
        names += [one["username"] for one in got["data"]]
        token = f"&next_token={got['meta']['next_token']}" if "meta" in got else ""
    assert sorted(names) == [f"searched{number}" for number in range(5)]
    first = (await house.get(base, who)).json["meta"]["next_token"]
    other = await house.bearer(house.cast.carol)
    for target, reader in (
        (f"/2/users/search?query=zebedee&next_token={first}", who),
        (f"{base}&next_token={first}", other),
        (f"{base}&next_token=abc", who),
        ("/2/users/search", who),
        ("/2/users/search?query=", who),
        ("/2/users/search?query=a%25", who),
        ("/2/users/search?query=" + "x" * 51, who),
        ("/2/users/search?query=a%00", who),
    ):
        assert (await house.get(target, reader)).status == 400, target
    assert (await house.get("/2/users/search?query=nobody%20is%20called%20so", who)).json == {}
    assert (await house.get("/2/users/search?query=" + "a%20" * 24 + "b", who)).json == {}


async def test_affiliates_and_what_a_user_shows_of_them(house: House) -> None:
    cast = house.cast
    await house.db.write(affiliate, cast.dev.id, cast.ann.id)
    await house.db.write(affiliate, cast.dev.id, cast.carol.id)
    got = (await house.get(f"/2/users/{cast.dev.id}/affiliates?user.fields=affiliation", house.app_only())).json
    assert [one["username"] for one in got["data"]] == ["Carol_C", "ann"]
    assert got["data"][0]["affiliation"] == {"user_id": [str(cast.dev.id)]}
    assert got["meta"] == {"result_count": 2}
    got = (await house.get(f"/2/users/{cast.dave.id}/affiliates", house.app_only())).json
    assert got == {"meta": {"result_count": 0}}
    got = (await house.get("/2/users/1/affiliates", house.app_only())).json
    assert got["errors"][0]["title"] == "Not Found Error"


@pytest.mark.claim("C163")
async def test_an_automated_account_says_so_and_who_runs_it(house: House) -> None:
    db, who = house.db, house.app_only()
    bot, manager = [await db.write(create_account, name) for name in ("weatherbot", "weatherwoman")]
    fields = f"/2/users/{bot.id}?user.fields=affiliation"
    assert "affiliation" not in (await house.get(fields, who)).json["data"]
    await db.write(label_automated, bot.id, manager.id)
    got = (await house.get(fields, who)).json["data"]["affiliation"]
    url = house.application.resources[Settings].public_url + "/weatherwoman"
    assert got == {"description": "Automated by @weatherwoman", "url": url, "user_id": [str(manager.id)]}
    await db.write(affiliate, manager.id, bot.id)
    await db.write(affiliate, house.cast.carol.id, bot.id)
    got = (await house.get(f"{fields}&expansions=affiliation.user_id", who)).json
    assert got["data"]["affiliation"]["user_id"] == [str(manager.id), str(house.cast.carol.id)]
    assert {one["username"] for one in got["includes"]["users"]} == {"weatherwoman", "Carol_C"}
    await db.write(set_state, manager.id, ACTIVE, SUSPENDED)
    got = (await house.get(fields, who)).json["data"]["affiliation"]
    assert got == {"description": "Automated", "user_id": [str(house.cast.carol.id)]}


async def test_organizations_are_included_in_both_vocabularies(house: House) -> None:
    cast, who = house.cast, await house.bearer(house.cast.carol)
    for member, organization in ((cast.ann, cast.dev), (cast.carol, cast.dev), (cast.ann, cast.dave)):
        await house.db.write(affiliate, organization.id, member.id)
    for expansion in ("affiliation", "affiliation.user_id"):
        asked = f"expansions={expansion}&user.fields=created_at"
        got = (await house.get(f"/2/users?ids={cast.ann.id},{cast.carol.id},{cast.bob.id}&{asked}", who)).json
        assert [set(one.get("affiliation", {}).get("user_id", ())) for one in got["data"]] == [
            {str(cast.dev.id), str(cast.dave.id)},
            {str(cast.dev.id)},
            set(),
        ]
        assert {one["id"] for one in got["includes"]["users"]} == {str(cast.dev.id), str(cast.dave.id)}
        assert all("created_at" in one for one in got["includes"]["users"])
        alone = (await house.get(f"/2/users/{cast.ann.id}?{asked}", who)).json
        assert {one["username"] for one in alone["includes"]["users"]} == {"dev", "dave"}
        nobodys = (await house.get(f"/2/users/{cast.bob.id}?{asked}", who)).json
        assert set(nobodys) == {"data"}
    both = await house.get(f"/2/users/{cast.ann.id}?expansions=affiliation,affiliation.user_id", who)
    assert both.json["data"]["affiliation"]["user_id"]
    await house.db.write(set_state, cast.dave.id, ACTIVE, SUSPENDED)
    got = (await house.get(f"/2/users/{cast.ann.id}?expansions=affiliation", who)).json
    assert [one["username"] for one in got["includes"]["users"]] == ["dev"]
    assert got["data"]["affiliation"] == {"user_id": [str(cast.dev.id)]}


def test_the_operator_says_who_belongs_where(tmp_path: Path) -> None:
    def run(*words: str, typed: str = "") -> Any:
        environment = {"VOLARY_DATABASE": f"sqlite:///{tmp_path}/volary.db"}
        return CliRunner(env=environment).invoke(cli, [*words], input=typed, catch_exceptions=False)

    for name in ("ann", "paper"):
        order = ("account", "create", name, "--email", f"{name}@example.org", "--password-stdin")
        assert run(*order, typed="six birds on a wire\n").exit_code == 0
    said = ("account", "affiliate", "ann", "--with", "paper", "--json")
    told = {"username": "ann", "organization": "paper"}
    assert json.loads(run(*said).output) == {**told, "affiliated": True, "changed": True}
    assert json.loads(run(*said).output)["changed"] is False
    assert json.loads(run(*said, "--end").output) == {**told, "affiliated": False, "changed": True}
