"""v1.1's calls on one's own account, and reports that reach the operator."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tests.graph.people import calling, newcomer
from tests.server.calls import FORM
from tests.server.house import House, Signed
from volary.accounts.queries import account_by_username
from volary.db import Database
from volary.graph.actions.reports import report
from volary.graph.queries.reports import latest_reports
from volary.kit.ids import LARGEST_ID
from volary.server.cli import cli
from volary.server.cli.shown import with_database

SETTINGS, PROFILE, REPORT = (
    f"/1.1/{name}.json" for name in ("account/settings", "account/update_profile", "users/report_spam")
)


async def sent(house: House, who: Signed, path: str, form: str) -> tuple[int, Any]:
    got = await house.send("POST", path, who, body=form.encode(), kind=FORM)
    return got.status, got.json


@pytest.mark.claim("C038", "C042", "C048")
async def test_settings_are_read_and_changed(each_house: House) -> None:
    house = each_house
    bob, ann = await house.signed(house.cast.bob), await house.signed(house.cast.ann, "Reader")
    got = (await house.get(SETTINGS, bob)).json
    assert (got["language"], got["protected"], got["screen_name"]) == ("nl", True, "bob")
    assert got["time_zone"] == {"name": "UTC", "tzinfo_name": "Etc/UTC", "utc_offset": 0}
    assert (await house.get(SETTINGS, ann)).json["screen_name"] == "ann"
    status, _ = await sent(house, ann, SETTINGS, "lang=nl")
    assert status == 401  # with read alone nothing is changed
    status, _ = await sent(house, bob, SETTINGS, "lang=de&time_zone=Asia%2FKolkata")
    got = (await house.get(SETTINGS, bob)).json
    assert (status, got["language"], got["protected"]) == (200, "de", True)
    assert got["time_zone"] == {"name": "Kolkata", "tzinfo_name": "Asia/Kolkata", "utc_offset": 19_800}
    for form, code in (("lang=xx", 44), ("time_zone=Nowhere", 44), ("time_zone=..%2F..%2Fetc%2Fpasswd", 44)):
        status, body = await sent(house, bob, SETTINGS, form)
        assert (status, body["errors"][0]["code"]) == (400, code)
    status, _ = await sent(house, bob, SETTINGS, "sleep_time_enabled=true")
    assert status == 501
    assert (await house.get(SETTINGS, bob)).json == got


@pytest.mark.claim("C031", "C043")
async def test_a_profile_is_changed_where_it_is_named(each_house: House) -> None:
    house = each_house
    who = await house.signed(house.cast.dave)
    status, body = await sent(
        house, who, PROFILE, "description=Bees+%F0%9F%90%9D&url=https%3A%2F%2Fbees.example&location=Ameland"
    )
    shown = {"description": "Bees 🐝", "url": "https://bees.example", "location": "Ameland", "name": "Dave"}
    assert status == 200
    assert body | shown == body
    status, body = await sent(house, who, PROFILE, "description=&name=Dave+D.&profile_link_color=FF0000")
    assert status == 200
    assert body | shown | {"description": "", "name": "Dave D."} == body
    got = (await house.get("/1.1/account/verify_credentials.json", who)).json
    assert (got["name"], got["location"]) == ("Dave D.", "Ameland")
    for form, said in (
        ("name=" + "x" * 51, "Name is too long (maximum is 50 characters)."),
        ("description=" + "x" * 161, "Description is too long (maximum is 160 characters)."),
        ("url=javascript%3Aalert(1)", "Url: A website starts with https:// or http:// and names a host."),
        ("name=", "Name: Please enter a name."),
    ):
        status, body = await sent(house, who, PROFILE, form)
        told = {"errors": [{"code": 120, "message": f"Account update failed: {said}"}]}
        assert (status, body) == (403, told)
    reader = await house.signed(house.cast.ann, "Reader")
    assert (await sent(house, reader, PROFILE, "name=Other"))[0] == 401


@pytest.mark.claim("C051")
async def test_reports_reach_the_operator(house: House) -> None:
    who = await house.signed(house.cast.ann)
    spammer, other = await newcomer(house.db), await newcomer(house.db)
    for person, block in ((spammer, ""), (other, "&perform_block=false"), (spammer, "")):
        status, body = await sent(house, who, REPORT, f"screen_name={person.username}{block}")
        assert (status, body["screen_name"]) == (200, person.username)
    blocked = (await house.get(f"/2/users/{house.cast.ann.id}/blocking", who)).json
    assert [one["username"] for one in blocked["data"]] == [spammer.username]
    status, body = await sent(house, who, REPORT, "screen_name=ann")
    assert (status, body["errors"][0]["code"]) == (403, 36)
    status, body = await sent(house, who, REPORT, "screen_name=nobody_here")
    assert (status, body["errors"][0]["code"]) == (404, 50)
    assert (await sent(house, await house.signed(house.cast.ann, "Reader"), REPORT, "screen_name=dev"))[0] == 401

    told = [one for one in await latest_reports(house.db, LARGEST_ID, 9) if one.reporter == "ann"]
    assert [(one.reported, one.times) for one in told] == [(spammer.username, 2), (other.username, 1)]
    assert told[0].app_id == house.apps["Messenger"].app.id


@pytest.mark.claim("C051")
def test_the_operator_lists_reports(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/volary.db"

    def run(*words: str, typed: str = "") -> Any:
        return CliRunner(env={"VOLARY_DATABASE": url}).invoke(cli, [*words], input=typed, catch_exceptions=False)

    for name in ("ann", "spammer"):
        order = ("account", "create", name, "--email", f"{name}@example.org", "--password-stdin", "--json")
        assert run(*order, typed="six birds on a wire\n").exit_code == 0
    assert json.loads(run("report", "list", "--json").output) == []
    assert run("report", "list").output == "Nobody has reported anything.\n"

    async def work(db: Database) -> None:
        ann, spammer = await account_by_username(db, "ann"), await account_by_username(db, "spammer")
        assert ann is not None
        assert spammer is not None
        await db.write(report, calling(ann), spammer.id, blocking=True)

    with_database(url, work)
    (told,) = json.loads(run("report", "list", "--json").output)
    assert (told["reported"], told["reporter"], told["times"], told["state"]) == ("spammer", "ann", 1, "active")
    assert "spammer" in run("report", "list").output
    assert (told["outcome"], told["decided_at"]) == (None, None)
    assert json.loads(run("report", "decide", "spammer", "warned", "--json").output)["outcome"] == "warned"
    (told,) = json.loads(run("report", "list", "--json").output)
    assert told["outcome"] == "warned"
    assert told["decided_at"]
