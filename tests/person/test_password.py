"""Change the password on the page."""

import pytest

from tests.cast import ANN, BOB
from tests.oauth.consent.walking import Browser, Page
from tests.person.site import WORK, Place, current, sign_in, token_of

pytestmark = pytest.mark.anyio

NEW = "a kite over water"


async def change(browser: Browser, old: str, new: str) -> Page:
    page = await browser.open("/settings/password")
    return await browser.press(page, "Change password", current_password=old, password=new)


@pytest.mark.claim("C097", "C099")
@pytest.mark.attack("SR-161")
async def test_the_other_sessions_end_and_apps_are_offered_to_be_disconnected(place: Place) -> None:
    here, there = await place.browser_of(ANN, BOB), await place.browser_of(ANN, address=WORK)
    before = token_of(here)
    done = await change(here, ANN.password, NEW)
    assert done.location == "/settings/password?changed=1"
    page = await here.open(done.location)
    assert "Your password was changed." in page.text
    assert "Apps keep their access" in page.headings
    assert await current(here) == "ann"
    assert await current(there) is None
    # The session has a new token, bob's beside it stays, and the old one opens nothing.
    assert token_of(here).split(".")[1:] == before.split(".")[1:]
    replay = place.browser()
    replay.hold("session", before.split(".")[0])
    assert await current(replay) is None
    assert (await sign_in(place.browser(), ANN)).status == 401


@pytest.mark.parametrize(
    "old, new, words",
    [
        ("wrong wrong", NEW, "This is not your current password."),
        (ANN.password, "short", "A password has at least 8 characters."),
        (ANN.password, "ann@example.org", "The password must not be your username, name or email address."),
        (ANN.password, ANN.password, "The new password is the old one."),
        (ANN.password, "x" * 1_025, "A password has at most 1024 bytes."),
    ],
)
async def test_what_is_wrong_is_said_and_nothing_changes(place: Place, old: str, new: str, words: str) -> None:
    here, there = await place.browser_of(ANN), await place.browser_of(ANN, address=WORK)
    refused = await change(here, old, new)
    assert refused.status == 400
    assert words in refused.text
    assert await current(there) == "ann"
    assert await current(here) == "ann"


@pytest.mark.attack("SR-149")
async def test_a_stolen_session_does_not_guess_the_password(place: Place) -> None:
    browser = await place.browser_of(ANN)
    for _ in range(10):
        assert (await change(browser, "wrong wrong", NEW)).status == 400
    refused = await change(browser, ANN.password, NEW)
    assert (refused.status, "retry-after" in refused.headers) == (429, True)


async def test_nobody_changes_it_without_being_signed_in(place: Place) -> None:
    browser = place.browser()
    assert (await browser.open("/settings/password")).location == "/login?then=/settings/password"
    assert (await browser.posted("/settings/password", {"current_password": ANN.password})).location == "/login"
