"""*Sign in with…* (`/oauth/authenticate`): no page when nothing new is asked, else the page (X facts 1.3)."""

import msgspec
import pytest

from tests.cast import ANN, BOB
from tests.oauth.consent.site import CALLBACK, DETAILS, DEVICE, EVERYTHING, App, Place, answer_in
from tests.oauth.consent.walking import Browser, Page
from volary.access.levels import Level
from volary.developers.actions import edit_authentication
from volary.developers.rules.settings import Authentication
from volary.oauth.revoking import revoke

pytestmark = pytest.mark.anyio
AUTHENTICATE = "/oauth/authenticate"


async def sent(place: Place, browser: Browser, app: App | None = None, **more: str) -> Page:
    return await browser.open(await (app or place.app).authorizing(AUTHENTICATE, **more))


async def connected(place: Place, browser: Browser, app: App | None = None, **more: str) -> None:
    page = await browser.open(await (app or place.app).authorizing(**more))
    answer = await browser.press(page, "Authorize app")
    assert answer.status == 303


async def test_the_first_time_the_page_asks(place: Place) -> None:
    page = await sent(place, await place.browser_of(ANN))
    assert page.form().buttons == ["Sign in", "Cancel"]
    assert not page.root.every("input", type="password")
    assert page.below("This app will be able to")


@pytest.mark.attack("SR-065")
async def test_nothing_new_goes_straight_back(place: Place) -> None:
    browser = await place.browser_of(ANN)
    await connected(place, browser)
    asked = await place.app.request_token()
    answer = await browser.open(f"{AUTHENTICATE}?oauth_token={asked.token}")
    assert answer.location.startswith(CALLBACK + "?")
    pair = await place.app.access_token(asked, answer_in(answer.location)["oauth_verifier"])
    assert (await place.app.verified(pair)).json()["screen_name"] == "ann"
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.attack("SR-065", "SR-130")
async def test_an_app_on_the_device_always_asks(place: Place) -> None:
    """Any program on it can say that it answers for the scheme, and the key of a program is known to whoever has it (RFC 8252 §8.6)."""
    browser = await place.browser_of(ANN)
    await connected(place, browser, callback=DEVICE)
    page = await sent(place, browser, callback=DEVICE)
    assert page.status == 200
    assert (await browser.press(page, "Sign in")).location.startswith(DEVICE + "?")


async def test_less_than_before_goes_straight_back_too(place: Place) -> None:
    browser = await place.browser_of(ANN)
    await connected(place, browser)
    assert (await sent(place, browser, access="read")).status == 303


@pytest.mark.attack("SR-065", "SR-131")
async def test_more_than_before_asks(place: Place) -> None:
    browser = await place.browser_of(ANN)
    await connected(place, browser, access="write")
    page = await sent(place, browser)
    assert page.status == 200
    assert "Send Direct Messages for you. New" in page.below("This app will be able to")


@pytest.mark.attack("SR-065")
async def test_an_app_that_raised_its_level_asks(place: Place) -> None:
    how = msgspec.structs.replace(EVERYTHING, level=Level.READ, email=False)
    app = await place.new_app(msgspec.structs.replace(DETAILS, name="Riser"), how)
    browser = await place.browser_of(ANN)
    await connected(place, browser, app)
    assert (await sent(place, browser, app)).status == 303
    await place.db.write(edit_authentication, place.cast.dev.id, app.id, EVERYTHING)
    assert (await sent(place, browser, app)).status == 200


@pytest.mark.attack("SR-065")
async def test_asking_for_the_email_address_asks(place: Place) -> None:
    how = msgspec.structs.replace(EVERYTHING, email=False)
    app = await place.new_app(msgspec.structs.replace(DETAILS, name="Mailer"), how)
    browser = await place.browser_of(ANN)
    await connected(place, browser, app)
    await place.db.write(edit_authentication, place.cast.dev.id, app.id, EVERYTHING)
    page = await sent(place, browser, app)
    assert "See your email address. New" in page.below("This app will be able to")


@pytest.mark.attack("SR-065")
async def test_after_revoking_the_page_asks(place: Place) -> None:
    browser = await place.browser_of(ANN)
    await connected(place, browser)
    await place.db.write(revoke, place.cast.ann.id, app_id=place.app.id)
    assert (await sent(place, browser)).status == 200


@pytest.mark.attack("SR-065")
async def test_force_login_is_never_silent(place: Place) -> None:
    browser = await place.browser_of(ANN)
    await connected(place, browser)
    page = await sent(place, browser, force_login="true")
    assert page.root.every("input", type="password")


@pytest.mark.attack("SR-065")
async def test_an_app_without_the_setting_asks_each_time(place: Place) -> None:
    how = Authentication(level=Level.READ, sign_in=False)
    app = await place.new_app(msgspec.structs.replace(DETAILS, name="Plain"), how)
    browser = await place.browser_of(ANN)
    await connected(place, browser, app)
    page = await sent(place, browser, app)
    assert page.form().buttons == ["Authorize app", "Cancel"]


@pytest.mark.attack("SR-065")
async def test_another_account_is_asked(place: Place) -> None:
    await connected(place, await place.browser_of(ANN))
    page = await sent(place, await place.browser_of(BOB))
    assert page.status == 200
    assert not await place.connected(place.cast.bob.id)


@pytest.mark.claim("C030")
async def test_with_several_accounts_the_person_chooses(place: Place) -> None:
    browser = await place.browser_of(ANN, BOB)
    await connected(place, await place.browser_of(ANN))
    page = await sent(place, browser)
    assert len(page.root.every("label", class_="consent-account")) == 2


async def test_signed_out_the_page_asks_although_the_app_is_connected(place: Place) -> None:
    await connected(place, await place.browser_of(ANN))
    assert (await sent(place, place.browser())).root.every("input", type="password")


async def test_authorize_asks_each_time(place: Place) -> None:
    browser = await place.browser_of(ANN)
    await connected(place, browser)
    page = await browser.open(await place.app.authorizing())
    assert "You have connected this app before, with these permissions." in page.text


@pytest.mark.attack("SR-125")
@pytest.mark.parametrize(
    "headers",
    [
        {"sec-purpose": "prefetch;prerender"},
        {"purpose": "prefetch"},
        {"x-moz": "prefetch"},
        {"sec-fetch-dest": "image"},
        {"sec-fetch-dest": "iframe"},
        {"sec-fetch-dest": "empty"},
    ],
)
async def test_what_nobody_pressed_is_never_silent(place: Place, headers: dict[str, str]) -> None:
    browser = await place.browser_of(ANN)
    await connected(place, browser)
    url = await place.app.authorizing(AUTHENTICATE)
    assert (await browser.open(url, headers=headers)).status == 200
    assert (await browser.open(url, method="HEAD")).status == 200
    assert (await browser.open(url, headers={"sec-fetch-dest": "document"})).status == 303
