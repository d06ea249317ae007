"""*User authentication settings*: protocols, levels, types, email; and what becomes of tokens of another level."""

import msgspec
import pytest

from tests.cast import DEV
from tests.developers.making import LINKS, new_app
from tests.oauth.oauth1.stage import ME, Stage
from tests.portal.site import Place, form_with, shown
from volary.access.further import FULL_ARCHIVE
from volary.access.levels import Level
from volary.developers import queries
from volary.developers.actions import create_app, permit_further
from volary.developers.rules.settings import Details
from volary.kit.errors import Refusal
from volary.kit.secrets import digest
from volary.portal.queries import outdated_people, people_of_apps

pytestmark = pytest.mark.anyio


@pytest.mark.claim("C199", "C201")
async def test_three_levels_are_offered_and_the_least_is_chosen(sqlite_place: Place) -> None:
    app = (await new_app(sqlite_place.db, sqlite_place.cast.dev.id)).app
    page = await (await sqlite_place.browser_of(DEV)).open(f"/portal/apps/{app.id}/authentication")
    levels = page.root.one("fieldset", id="field-level")
    assert levels.one("legend").text == "OAuth 1.0a Application-user Permissions"
    assert [name.text for name in levels.every("span", class_="option-name")] == [
        "Read only",
        "Read and write",
        "Read, write and access Direct Messages",
    ]
    assert [box["value"] for box in levels.every("input") if box.get("checked") is not None] == ["read"]
    assert "Ask only for the least" in levels.text


@pytest.mark.claim("C187", "C191", "C194")
async def test_everything_is_saved_and_shown_again(sqlite_place: Place) -> None:
    app = (await new_app(sqlite_place.db, sqlite_place.cast.dev.id)).app
    browser = await sqlite_place.browser_of(DEV)
    path = f"/portal/apps/{app.id}/authentication"
    form = form_with(await browser.open(path), "Save")
    assert not {"oauth2", "any_port"} & form.values.keys()
    typed = {
        "level": "read-write",
        "oauth2": "1",
        "oauth2_type": "native",
        "email": "1",
        "one_family": "1",
        "any_port": "1",
    }
    del form.values["sign_in"], form.values["pkce_plain"]
    assert (await browser.send(form.filled(**typed), "Save")).status == 303
    again = form_with(await browser.open(path), "Save").values
    assert again.items() >= (typed | {"oauth1": "1"}).items()
    assert not {"sign_in", "pkce_plain"} & again.keys()
    kept = await queries.app_of_member(sqlite_place.db, sqlite_place.cast.dev.id, app.id)
    assert (kept.oauth2_type, kept.email_permission, kept.sign_in_enabled, kept.pkce_plain) == ("native", 1, 0, 0)
    assert kept.takes_any_port


@pytest.mark.claim("C194", "C195", "C196", "C197")
async def test_a_type_must_be_chosen_and_decides_about_the_secret(sqlite_place: Place) -> None:
    app = (await new_app(sqlite_place.db, sqlite_place.cast.dev.id)).app
    browser = await sqlite_place.browser_of(DEV)
    path = f"/portal/apps/{app.id}/authentication"
    page = await browser.open(path)
    types = page.root.one("fieldset", id="field-oauth2_type")
    assert [name.text for name in types.every("span", class_="option-name")] == [
        "Native App",
        "Single page App",
        "Web App",
        "Automated App or bot",
    ]
    refused = await browser.send(form_with(page, "Save").filled(oauth2="1"), "Save")
    assert refused.status == 400
    assert "Choose the type of App" in refused.root.one("fieldset", id="field-oauth2_type").text
    secrets = set()
    for kind, confidential in (("native", False), ("web", True), ("spa", False), ("bot", True)):
        answer = await browser.send(
            form_with(await browser.open(path), "Save").filled(oauth2="1", oauth2_type=kind), "Save"
        )
        if confidential:
            secret = shown(answer)["Client Secret"]
            assert await queries.client_secret_matches(sqlite_place.db, app.id, digest(secret))
            secrets.add(secret)
        else:
            assert answer.status == 303
            assert "public client" in (await browser.open(f"/portal/apps/{app.id}/keys")).text
    assert len(secrets) == 2


@pytest.mark.claim("C063", "C064")
async def test_email_needs_both_links_and_the_form_names_the_missing_one(sqlite_place: Place) -> None:
    dev, browser = sqlite_place.cast.dev.id, await sqlite_place.browser_of(DEV)
    for missing, label in (("terms_url", "Terms of Service URL"), ("privacy_url", "Privacy Policy URL")):
        details = msgspec.convert({"name": missing, **LINKS, missing: ""}, Details)
        app = (await sqlite_place.db.write(create_app, dev, details)).app
        page = await browser.open(f"/portal/apps/{app.id}/authentication")
        refused = await browser.send(form_with(page, "Save").filled(email="1"), "Save")
        assert refused.status == 400
        assert label in refused.root.one("p", id=f"field-{missing}").text
        assert not (await queries.app_of_member(sqlite_place.db, dev, app.id)).email_permission


@pytest.mark.parametrize("level", ["", "write", "READ", "read-write-directmessages-and-more"])
async def test_a_level_that_is_none_is_refused(sqlite_place: Place, level: str) -> None:
    app = (await new_app(sqlite_place.db, sqlite_place.cast.dev.id)).app
    browser = await sqlite_place.browser_of(DEV)
    form = form_with(await browser.open(f"/portal/apps/{app.id}/authentication"), "Save").edited(level=level)
    assert (await browser.send(form, "Save")).status == 400
    assert await queries.app_of_member(sqlite_place.db, sqlite_place.cast.dev.id, app.id) == app


@pytest.mark.claim("C200")
@pytest.mark.attack("SR-178")
async def test_a_raised_level_reaches_nobody_until_they_authorize_again(place: Place, stage: Stage) -> None:
    app, browser = stage.r1, await place.browser_of(DEV)
    path = f"/portal/apps/{app.row.id}/authentication"
    ann, bob = [await stage.connect(app, person.id) for person in (place.cast.ann, place.cast.bob)]
    await browser.send(form_with(await browser.open(path), "Save").filled(level="read-write-directmessages"), "Save")
    assert (await stage.caller(stage.signed(app, ann, "GET", ME))).level == Level.READ
    page = await browser.open(path)
    assert "2 connected people have tokens of another permission level." in page.text
    assert "people have to authorize the App again" in page.text
    ann = await stage.connect(app, place.cast.ann.id)
    assert (await stage.caller(stage.signed(app, ann, "GET", ME))).level == Level.DIRECT_MESSAGES

    discarded = await browser.send(form_with(page, "Discard their tokens"), "Discard their tokens")
    assert discarded.status == 303
    with pytest.raises(Refusal):
        await stage.caller(stage.signed(app, bob, "GET", ME))
    assert (await stage.caller(stage.signed(app, ann, "GET", ME))).level == Level.DIRECT_MESSAGES
    page = await browser.open(path)
    assert "another permission level" not in page.text


@pytest.mark.claim("C192", "C200")
@pytest.mark.attack("SR-178")
async def test_a_lowered_level_bites_on_the_next_request(place: Place, stage: Stage) -> None:
    app, browser = stage.rwd1, await place.browser_of(DEV)
    path = f"/portal/apps/{app.row.id}/authentication"
    ann = await stage.connect(app, place.cast.ann.id)
    await browser.send(form_with(await browser.open(path), "Save").filled(level="read"), "Save")
    assert (await stage.caller(stage.signed(app, ann, "GET", ME))).level == Level.READ
    page = await browser.open(path)
    assert "1 connected person has tokens of another permission level." in page.text
    assert "can do only what the App may do now" in page.text
    after = await queries.app_of_member(place.db, place.cast.dev.id, app.row.id)
    assert (await outdated_people(place.db, after)).higher == 1


@pytest.mark.claim("C187")
async def test_a_protocol_that_is_switched_off_is_refused(place: Place, stage: Stage) -> None:
    app, browser = stage.rw1, await place.browser_of(DEV)
    ann = await stage.connect(app, place.cast.ann.id)
    form = form_with(await browser.open(f"/portal/apps/{app.row.id}/authentication"), "Save")
    del form.values["oauth1"]
    await browser.send(form, "Save")
    with pytest.raises(Refusal):
        await stage.caller(stage.signed(app, ann, "GET", ME))


async def test_people_are_counted_and_not_named(place: Place, stage: Stage) -> None:
    for person in (place.cast.ann, place.cast.bob):
        await stage.connect(stage.rw1, person.id)
    counted = await people_of_apps(place.db, [stage.rw1.row.id, stage.r1.row.id])
    assert counted == {stage.rw1.row.id: 2}
    page = await (await place.browser_of(DEV)).open("/portal")
    assert "2 connected people" in page.text
    assert "ann" not in page.text.lower().split()


@pytest.mark.claim("C193")
async def test_what_the_operator_permitted_beyond_scopes_is_told(place: Place) -> None:
    app = (await new_app(place.db, place.cast.dev.id, "Frame")).app
    dev = await place.browser_of(DEV)
    page = await dev.open(f"/portal/apps/{app.id}/authentication")
    assert "not allowed" in page.root.one("section", id="further").text
    await place.db.write(permit_further, app.id, FULL_ARCHIVE)
    further = (await dev.open(f"/portal/apps/{app.id}/authentication")).root.one("section", id="further").text
    assert "not allowed" not in further
    assert FULL_ARCHIVE in further
