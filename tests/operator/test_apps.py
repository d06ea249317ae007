"""What operators do to an App, from its page in the console, and what its owner sees of it."""

from urllib.parse import urlencode

import pytest

from tests.cast import ANN, BOB, DEV
from tests.developers.making import new_app
from tests.portal.site import Place, form_with, letters, press
from volary.accounts.actions import set_operator
from volary.developers.actions import suspend_app
from volary.developers.actions.appeals import appeal
from volary.developers.models import ACTIVE, SUSPENDED
from volary.developers.queries import app_by_id, every_app
from volary.kit.clock import HOUR
from volary.portal.actions import remove_app

pytestmark = pytest.mark.anyio
WHY = "It follows everybody."


@pytest.mark.claim("C176", "C177", "C178")
async def test_an_operator_suspends_an_app_and_its_owner_reads_why(place: Place) -> None:
    app = (await new_app(place.db, place.cast.dev.id, "Free Followers")).app
    ann = await place.browser_of(ANN)
    found = await ann.open("/operator?q=follow")
    page = await ann.open(found.link("Free Followers"))
    done = await press(ann, page, "Suspend App", rule="spam", reason=WHY)
    assert done.location == f"/operator/apps/{app.id}"
    assert "Its owner was written to." in (await ann.open(done.location)).text
    kept = await app_by_id(place.db, app.id)
    assert kept is not None
    assert (kept.state, kept.state_rule, kept.state_reason) == (SUSPENDED, "spam", WHY)

    [(address, letter)] = await letters(place)
    assert (address, letter.subject) == (DEV.email, "Application suspension notice: Free Followers")
    for text in (letter.text, letter.html):
        for told in (
            "Free Followers",
            str(app.id),
            WHY,
            "What to do next",
            f"http://localhost:8000/portal/apps/{app.id}",
        ):
            assert told in text
    dev = await place.browser_of(DEV)
    assert (await dev.open("/settings/account")).root.one("input", name="email")["value"] == address
    shown = await dev.open(f"/portal/apps/{app.id}")
    assert "suspended" in shown.text
    assert WHY in shown.text

    page = await ann.open(f"/operator/apps/{app.id}")
    assert (await press(ann, page, "Restore App")).status == 303
    kept = await app_by_id(place.db, app.id)
    assert kept is not None
    assert (kept.state, kept.state_rule, kept.state_reason) == (ACTIVE, "", "")


async def test_a_reason_is_needed_and_a_rule_must_be_one(place: Place) -> None:
    app = (await new_app(place.db, place.cast.dev.id, "Frame")).app
    ann = await place.browser_of(ANN)
    page = await ann.open(f"/operator/apps/{app.id}")
    assert (await press(ann, page, "Suspend App", rule="spam", reason="  ")).status == 400
    forged = form_with(page, "Suspend App").edited(rule="mine", reason=WHY)
    assert (await ann.send(forged, "Suspend App")).status == 400
    kept = await app_by_id(place.db, app.id)
    assert kept is not None
    assert kept.state == ACTIVE


@pytest.mark.attack("SR-163")
async def test_an_old_session_is_asked_for_the_password_before_an_act(place: Place) -> None:
    app = (await new_app(place.db, place.cast.dev.id, "Frame")).app
    ann = await place.browser_of(ANN)
    place.db.clock.advance(48 * HOUR)
    page = await ann.open(f"/operator/apps/{app.id}")
    asked = await press(ann, page, "Suspend App", rule="spam", reason=WHY)
    assert asked.status == 403
    assert "Confirm that it is you" in asked.headings
    kept = await app_by_id(place.db, app.id)
    assert kept is not None
    assert kept.state == ACTIVE
    assert (await press(ann, asked, "Confirm", password_again=ANN.password)).status == 303
    kept = await app_by_id(place.db, app.id)
    assert kept is not None
    assert kept.state == SUSPENDED


@pytest.mark.attack("SR-172", "SR-183")
async def test_the_console_is_not_there_for_others_and_ends_with_the_flag(place: Place) -> None:
    app = (await new_app(place.db, place.cast.bob.id, "Frame")).app
    ann = await place.browser_of(ANN)
    held = await ann.open(f"/operator/apps/{app.id}")
    assert held.status == 200
    nowhere = await (await place.browser_of(BOB)).open("/nowhere")
    for browser in (place.browser(), await place.browser_of(BOB)):
        for path in ("/operator", "/operator/people", f"/operator/apps/{app.id}"):
            page = await browser.open(path)
            assert (page.status, page.headings) == (404, nowhere.headings)
    await place.db.write(set_operator, place.cast.ann.id, False)
    assert (await press(ann, held, "Suspend App", rule="spam", reason=WHY)).status == 404
    kept = await app_by_id(place.db, app.id)
    assert kept is not None
    assert kept.state == ACTIVE


async def test_a_person_is_locked_and_signed_out_and_unlocked(place: Place) -> None:
    bob = await place.browser_of(BOB)
    ann = await place.browser_of(ANN)
    people = await ann.open("/operator/people?q=@bob")
    page = await ann.open(people.link("@bob"))
    assert (await press(ann, page, "Lock account", reason="Taken over")).status == 303
    assert (await bob.open("/settings/sessions")).status == 303
    page = await ann.open(f"/operator/people/{place.cast.bob.id}")
    assert "locked" in page.text
    assert (await press(ann, page, "Unlock account")).status == 303
    assert (await bob.open("/settings/sessions")).status == 303, "the old session stays ended"
    again = await place.browser_of(BOB)
    page = await ann.open(f"/operator/people/{place.cast.bob.id}")
    assert (await press(ann, page, "End all sessions")).status == 303
    assert (await again.open("/settings/sessions")).status == 303


@pytest.mark.parametrize("asked", ["{id}", "@dev", "frame", "{client}", "FRAME", ""])
async def test_an_app_is_found_by_what_names_it(place: Place, asked: str) -> None:
    app = (await new_app(place.db, place.cast.dev.id, "Photo Frame")).app
    page = await (await place.browser_of(ANN)).open("/operator?q=" + asked.format(id=app.id, client=app.client_id))
    assert page.link("Photo Frame") == f"/operator/apps/{app.id}"


@pytest.mark.parametrize("asked", ["{id}", "@bob", "bakk", "bob@example.org", "BOB@example.org", ""])
async def test_a_person_is_found_by_what_names_them(place: Place, asked: str) -> None:
    page = await (await place.browser_of(ANN)).open("/operator/people?q=" + asked.format(id=place.cast.bob.id))
    assert page.link("@bob") == f"/operator/people/{place.cast.bob.id}"


async def test_a_name_is_found_by_every_character_of_it_and_in_the_state_that_is_asked_for(place: Place) -> None:
    for name in ("my_bot", "mybot", "100% sure", "a\\b"):
        await new_app(place.db, place.cast.dev.id, name)
    [gone] = [app for app in await every_app(place.db) if app.name == "mybot"]
    await place.db.write(suspend_app, gone.id, reason="Why")
    await place.db.write(
        remove_app, place.cast.dev.id, (await new_app(place.db, place.cast.dev.id, "Gone Away")).app.id
    )
    ann = await place.browser_of(ANN)
    for asked, state, found in (
        *(("my_bot", "", {"my_bot"}), ("y_b", "", {"my_bot"}), ("%", "", {"100% sure"}), ("a\\", "", {"a\\b"})),
        *(("bot", "", {"my_bot", "mybot"}), ("bot", "active", {"my_bot"}), ("bot", "suspended", {"mybot"})),
        *(("Gone", "", {"Gone Away"}), ("gone a", "deleted", {"Gone Away"}), ("gone", "active", set())),
        *(("@dev", "suspended", {"mybot"}), (str(gone.id), "active", set()), (str(gone.id), "suspended", {"mybot"})),
    ):
        page = await ann.open("/operator?" + urlencode({"q": asked, "state": state}))
        names = {link.text for link in page.root.one("main").every("a") if link["href"].startswith("/operator/apps/")}
        assert names == found, (asked, state)


async def test_a_team_s_history_names_no_operator(place: Place) -> None:
    app = (await new_app(place.db, place.cast.dev.id, "Frame")).app
    ann, dev = await place.browser_of(ANN), await place.browser_of(DEV)
    page = await ann.open(f"/operator/apps/{app.id}")
    assert (await press(ann, page, "Suspend App", rule="spam", reason=WHY)).status == 303
    number = await place.db.write(appeal, place.cast.dev.id, app.id, "Please")
    thread = await ann.open(f"/operator/appeals/{number}")
    assert (await press(ann, thread, "Send answer", text="We look.")).status == 303
    assert (await press(ann, await ann.open(f"/operator/apps/{app.id}"), "Restore App")).status == 303
    for path in (f"/portal/teams/{app.team_id}/history", f"/portal/apps/{app.id}/appeal"):
        shown = (await dev.open(path)).text
        assert "The operator" in shown
        assert "@ann" not in shown
    history = (await dev.open(f"/portal/teams/{app.team_id}/history")).text
    assert history.count("The operator") == 3
    assert "@dev created the App Frame" in history
