"""*Settings and privacy*, *Security and account access*, *Your account*."""

import pytest

from tests.cast import ANN, BOB
from tests.person.site import Place, current, sign_in
from volary.accounts.actions import update_profile
from volary.accounts.queries import account_by_id
from volary.accounts.rules.profiles import Profile

pytestmark = pytest.mark.anyio


@pytest.mark.claim("C001", "C126")
async def test_both_ways_lead_to_sessions(place: Place) -> None:
    browser = await place.browser_of(ANN)
    page = await browser.open("/settings")
    assert page.headings == ["Settings and privacy"]
    assert page.link("Your account") == "/settings/account"
    security = await browser.open(page.link("Security and account access"))
    assert security.headings == ["Security and account access"]
    assert security.link("Change your password") == "/settings/password"
    assert (await browser.open(security.link("Sessions"))).headings == ["Sessions"]


async def test_every_page_of_settings_asks_for_a_sign_in(place: Place) -> None:
    browser = place.browser()
    for path in ("/settings", "/settings/security", "/settings/account", "/settings/password", "/settings/sessions"):
        assert (await browser.open(path)).location == f"/login?then={path}"


async def test_a_profile_is_saved_and_shown_again(place: Place) -> None:
    browser = await place.browser_of(ANN)
    profile, _login, *_contact = (await browser.open("/settings/account")).forms()
    assert profile.values["name"] == ANN.name
    profile.filled(
        name="Ann A.",
        description="Bees.\nAnd goats.",
        location="Ameland",
        website="https://ann.example/",
        language="nl",
        time_zone="Europe/Amsterdam",
        protected="1",
    )
    done = await browser.send(profile, "Save")
    page = await browser.open(done.location)
    assert "Je profiel is opgeslagen." in page.text
    again = page.forms()[0]
    assert (again.values["description"], again.values["time_zone"]) == ("Bees.\nAnd goats.", "Europe/Amsterdam")
    ann = await account_by_id(place.db, place.cast.ann.id)
    assert ann is not None
    assert Profile(*(getattr(ann, field) for field in Profile.__struct_fields__)) == Profile(
        "Ann A.", "Bees.\nAnd goats.", "Ameland", "https://ann.example/", "nl", "Europe/Amsterdam", 1
    )
    # Times are shown in that zone from now on: 14:13 UTC is 16:13 there.
    assert "16:13" in (await browser.open("/settings/sessions")).text
    del again.values["protected"]
    await browser.send(again, "Opslaan")
    assert (await account_by_id(place.db, place.cast.ann.id)).protected == 0  # type: ignore[union-attr]


async def test_who_never_chose_a_language_keeps_that_of_the_browser(place: Place) -> None:
    await place.db.write(update_profile, place.cast.ann.id, Profile(ANN.name))
    browser = place.browser(language="de")
    await browser.press(await browser.open("/login"), "Anmelden", login="ann", password=ANN.password)
    page = await browser.open("/settings/account")
    assert page.root.one("html").get("lang") == "de"
    assert page.forms()[0].values["language"] == "de"


@pytest.mark.attack("SR-165")
async def test_a_profile_that_is_refused_is_shown_again_as_it_was_typed(place: Place) -> None:
    browser = await place.browser_of(ANN)
    profile, _login, *_contact = (await browser.open("/settings/account")).forms()
    profile.filled(name="", website="javascript:alert(1)", description="</textarea><script>alert(1)</script>")
    page = await browser.send(profile.edited(language="xx"), "Save")
    assert page.status == 400
    assert "3 things need to be put right." in page.text
    assert page.forms()[0].values["description"] == "</textarea><script>alert(1)</script>"
    assert page.forms()[1].values["username"] == "ann"
    assert (await account_by_id(place.db, place.cast.ann.id)) == place.cast.ann


@pytest.mark.attack("SR-163")
async def test_names_to_sign_in_with_change_with_the_password_only(place: Place) -> None:
    browser = await place.browser_of(ANN)
    _profile, login, *_contact = (await browser.open("/settings/account")).forms()
    login.filled(username="annie", email="annie@example.org")
    for wrong in ("", "wrong wrong"):
        refused = await browser.send(login.filled(current_password=wrong), "Save")
        assert refused.status == 400
        assert "This is not your current password." in refused.text
    assert await account_by_id(place.db, place.cast.ann.id) == place.cast.ann
    done = await browser.send(login.filled(current_password=ANN.password), "Save")
    page = await browser.open(done.location)
    assert "annie@example.org Not confirmed" in page.text
    assert await current(browser) == "annie"
    assert (await sign_in(place.browser(), ANN)).status == 401


@pytest.mark.parametrize(
    "changed, status, words",
    [
        ({"username": "BOB"}, 409, "This username is taken."),
        ({"username": "admin"}, 400, "This username is reserved."),
        ({"username": ""}, 400, "A username has 1 to 15"),
        ({"email": "nowhere"}, 400, "This is not an email address."),
    ],
)
async def test_names_that_cannot_be_taken(place: Place, changed: dict[str, str], status: int, words: str) -> None:
    browser = await place.browser_of(ANN)
    _profile, login, *_contact = (await browser.open("/settings/account")).forms()
    page = await browser.send(login.filled(current_password=ANN.password, **changed), "Save")
    assert page.status == status
    assert words in page.text
    assert await account_by_id(place.db, place.cast.ann.id) == place.cast.ann


async def test_an_address_that_somebody_confirmed_can_be_claimed_but_signs_in_nobody_else(place: Place) -> None:
    browser = await place.browser_of(ANN)
    _profile, login, *_contact = (await browser.open("/settings/account")).forms()
    assert (await browser.send(login.filled(email=BOB.email, current_password=ANN.password), "Save")).status == 303
    other = place.browser()
    form = (await other.open("/login")).form().filled(login=BOB.email, password=BOB.password)
    assert (await other.send(form, "Sign in")).status == 303
    assert await current(other) == "bob"
