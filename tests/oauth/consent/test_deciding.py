"""The decision of somebody who is signed in: by both protocols, from the page as it stands."""

import msgspec
import pytest

from tests.cast import ANN, BOB
from tests.oauth.consent.site import CALLBACK, DETAILS, DEVICE, LOOPBACK, Place, answer_in
from tests.oauth.consent.test_words import ANDROID, IPHONE, LAPTOP
from volary.access.levels import Level
from volary.developers.rules.settings import Authentication
from volary.kit.clock import MINUTE

pytestmark = pytest.mark.anyio


@pytest.mark.claim("C010", "C023")
async def test_one_press_connects_by_oauth2(place: Place) -> None:
    browser = await place.browser_of(ANN)
    page = await browser.open(place.app.asking("tweet.read users.read offline.access"))
    assert not await place.connected(place.cast.ann.id)
    answer = await browser.press(page, "Authorize app")
    assert answer.location.startswith(CALLBACK + "?")
    assert answer_in(answer.location)["state"] == "their state"
    tokens = await place.app.tokens(answer.location)
    me = await place.app.me(tokens["access_token"])
    assert (me.status_code, me.json()["data"]["username"]) == (200, "ann")
    (grant,) = await place.connected(place.cast.ann.id)
    assert grant.scopes.split() == ["tweet.read", "users.read", "offline.access"]


@pytest.mark.claim("C010", "C023")
async def test_one_press_connects_by_oauth1(place: Place) -> None:
    browser = await place.browser_of(ANN)
    asked = await place.app.request_token()
    page = await browser.open(f"/oauth/authorize?oauth_token={asked.token}")
    answer = await browser.press(page, "Authorize app")
    came_back = answer_in(answer.location)
    assert answer.location.startswith(CALLBACK + "?")
    assert came_back["oauth_token"] == asked.token
    pair = await place.app.access_token(asked, came_back["oauth_verifier"])
    verified = await place.app.verified(pair)
    assert (verified.status_code, verified.json()["screen_name"]) == (200, "ann")
    (grant,) = await place.connected(place.cast.ann.id)
    assert (grant.level, grant.email) == (Level.DIRECT_MESSAGES.wire, 1)


@pytest.mark.claim("C013")
async def test_cancelling_oauth2_tells_the_app_and_connects_nothing(place: Place) -> None:
    browser = await place.browser_of(ANN)
    answer = await browser.press(await browser.open(place.app.asking()), "Cancel")
    assert answer.location.startswith(CALLBACK + "?")
    assert answer_in(answer.location) == {"error": "access_denied", "state": "their state"}
    assert not await place.connected(place.cast.ann.id)


@pytest.mark.claim("C013")
@pytest.mark.parametrize("signed_in", [True, False])
async def test_cancelling_oauth1_shows_the_way_back(place: Place, signed_in: bool) -> None:
    browser = await place.browser_of(*([ANN] if signed_in else []))
    asked = await place.app.request_token()
    page = await browser.press(await browser.open(f"/oauth/authorize?oauth_token={asked.token}"), "Cancel")
    assert page.status == 200
    assert page.headings == ["You have not given Photo Frame access to your account"]
    assert page.link("Return to Photo Frame") == f"{CALLBACK}?denied={asked.token}"
    assert not await place.connected(place.cast.ann.id)
    again = await browser.open(f"/oauth/authorize?oauth_token={asked.token}")
    assert again.status == 400


@pytest.mark.claim("C013")
async def test_cancel_needs_no_sign_in(place: Place) -> None:
    browser = place.browser()
    answer = await browser.press(await browser.open(place.app.asking()), "Cancel")
    assert answer_in(answer.location)["error"] == "access_denied"
    assert "session" not in browser.client.cookies


@pytest.mark.claim("C026", "C028")
@pytest.mark.parametrize("target", [DEVICE, LOOPBACK])
@pytest.mark.parametrize("agent", [IPHONE, ANDROID, LAPTOP])
async def test_an_app_on_the_device_is_reached(place: Place, target: str, agent: str) -> None:
    browser = await place.browser_of(ANN, agent=agent)
    page = await browser.open(place.app.asking(redirect_uri=target))
    answer = await browser.press(page, page.form().buttons[0])
    assert answer.location.startswith(target + "?")
    assert (await place.app.tokens(answer.location, target))["token_type"] == "bearer"


@pytest.mark.claim("C027", "C029", "C030")
@pytest.mark.parametrize("agent,button", [(LAPTOP, "Authorize app"), (IPHONE, "Connect"), (ANDROID, "Allow")])
async def test_the_chosen_account_is_connected(place: Place, agent: str, button: str) -> None:
    browser = await place.browser_of(ANN, BOB, agent=agent)
    page = await browser.open(place.app.asking())
    answer = await browser.press(page, button, account=str(place.cast.bob.id))
    me = await place.app.me((await place.app.tokens(answer.location))["access_token"])
    assert me.json()["data"]["username"] == "bob"
    assert not await place.connected(place.cast.ann.id)
    assert len(await place.connected(place.cast.bob.id)) == 1


@pytest.mark.claim("C030")
async def test_oauth1_connects_the_chosen_account_too(place: Place) -> None:
    browser = await place.browser_of(ANN, BOB)
    asked = await place.app.request_token()
    page = await browser.open(f"/oauth/authorize?oauth_token={asked.token}")
    answer = await browser.press(page, "Authorize app", account=str(place.cast.bob.id))
    pair = await place.app.access_token(asked, answer_in(answer.location)["oauth_verifier"])
    assert (await place.app.verified(pair)).json()["screen_name"] == "bob"


async def test_the_accounts_say_which_of_them_is_connected(place: Place) -> None:
    browser = await place.browser_of(ANN, BOB)
    page = await browser.open(place.app.asking())
    await browser.press(page, "Authorize app", account=str(place.cast.bob.id))
    again = await browser.open(place.app.asking())
    ann, bob = [option.text for option in again.root.every("label", class_="consent-account")]
    assert "Connected before" not in ann
    assert bob.endswith("Connected before")


@pytest.mark.attack("SR-130")
async def test_oauth2_asks_again_although_nothing_is_new(place: Place) -> None:
    browser = await place.browser_of(ANN)
    await browser.press(await browser.open(place.app.asking()), "Authorize app")
    again = await browser.open(place.app.asking())
    assert again.status == 200
    assert "You have connected this app before, with these permissions." in again.text
    assert "New" not in " ".join(again.below("Things this App can view"))


@pytest.mark.attack("SR-026", "SR-130")
@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]"])
async def test_a_copy_of_a_native_app_on_another_port_is_never_let_through(place: Place, host: str) -> None:
    """Any program on the computer can listen there and knows the App's public name: a person says yes each time, and sees the port."""
    details = msgspec.structs.replace(DETAILS, name="Pocket", callbacks=(f"http://{host}/cb",))
    how = Authentication(level=Level.READ, oauth2=True, type="native", any_port=True)
    app = await place.new_app(details, how)
    browser = await place.browser_of(ANN)
    for port in (49152, 50001):
        target = f"http://{host}:{port}/cb"
        page = await browser.open(app.asking(redirect_uri=target))
        assert page.status == 200
        assert f"the app on this computer ({host}:{port})" in page.text
        answer = await browser.press(page, page.form().buttons[0])
        assert answer.location.startswith(f"{target}?")
    assert len(await place.connected(place.cast.ann.id)) == 1
    for target in (f"http://{host}:50001/other", f"http://{host}:50001@evil.example/cb"):
        assert (await browser.open(app.asking(redirect_uri=target))).status == 400


@pytest.mark.attack("SR-131")
async def test_what_is_more_than_before_is_shown_as_new(place: Place) -> None:
    browser = await place.browser_of(ANN)
    await browser.press(await browser.open(place.app.asking("tweet.read users.read")), "Authorize app")
    again = await browser.open(place.app.asking("tweet.read users.read dm.write dm.read"))
    assert "What you had not allowed it yet is marked as new." in again.text
    assert [line for line in again.below("Things this App can view") if line.endswith("New")] == [
        "Direct Messages you've sent and received. New"
    ]
    assert again.below("Things this App can do") == [
        "Send Direct Messages for you, and manage and delete your Direct Messages. New"
    ]


@pytest.mark.claim("C191", "C200")
@pytest.mark.attack("SR-131")
async def test_a_level_that_was_raised_is_shown_as_new(place: Place) -> None:
    browser = await place.browser_of(ANN)
    await browser.press(await browser.open(await place.app.authorizing(access="read")), "Authorize app")
    again = await browser.open(await place.app.authorizing())
    assert "marked as new" in again.text
    able = again.below("This app will be able to")
    assert "Send Direct Messages for you. New" in able
    assert "See who you follow, mute and block." in able


async def test_the_other_protocol_asks_as_if_for_the_first_time(place: Place) -> None:
    browser = await place.browser_of(ANN)
    await browser.press(await browser.open(await place.app.authorizing()), "Authorize app")
    page = await browser.open(place.app.asking())
    assert "connected this app before" not in page.text


@pytest.mark.attack("SR-126")
@pytest.mark.parametrize("second", ["Authorize app", "Cancel"])
@pytest.mark.parametrize("protocol", ["oauth1", "oauth2"])
async def test_a_second_press_finds_a_calm_page(place: Place, protocol: str, second: str) -> None:
    browser = await place.browser_of(ANN)
    page = await browser.open(place.app.asking() if protocol == "oauth2" else await place.app.authorizing())
    first = await browser.press(page, "Authorize app")
    assert first.status == 303
    then = await browser.press(page, second)
    assert then.status == 400
    assert then.headings == ["This request was already answered"]
    assert then.root.one("main").every("a")[0]["href"] == "/settings/apps"
    assert len(await place.connected(place.cast.ann.id)) == 1


@pytest.mark.attack("SR-126")
async def test_pressing_cancel_first_keeps_the_app_out(place: Place) -> None:
    browser = await place.browser_of(ANN)
    page = await browser.open(place.app.asking())
    assert (await browser.press(page, "Cancel")).status == 303
    assert (await browser.press(page, "Authorize app")).status == 400
    assert not await place.connected(place.cast.ann.id)


async def test_a_request_waits_for_ten_minutes(place: Place) -> None:
    browser = await place.browser_of(ANN)
    page = await browser.open(place.app.asking())
    place.db.clock.advance(10 * MINUTE)
    late = await browser.press(page, "Authorize app")
    assert late.status == 400
    assert late.headings == ["This request has expired"]
    assert "Go back to the app and start again there." in late.text
    assert not await place.connected(place.cast.ann.id)


@pytest.mark.attack("SR-063")
@pytest.mark.parametrize(
    "access,level,told",
    [("read", Level.READ, False), ("write", Level.READ_WRITE, False), ("", Level.DIRECT_MESSAGES, True)],
)
async def test_the_pin_page_gives_what_the_consent_page_said(
    place: Place, access: str, level: Level, told: bool
) -> None:
    browser = await place.browser_of(ANN)
    asked = await place.app.request_token("oob", access)
    page = await browser.open(f"/oauth/authorize?oauth_token={asked.token}")
    assert ("Send Direct Messages for you." in page.below("This app will be able to")) == told
    assert "Afterwards you will see a PIN to type into the app." in page.text
    assert "form-action 'self';" in page.headers["content-security-policy"]
    shown = await browser.press(page, "Authorize app")
    assert shown.status == 200
    pin = shown.root.one("kbd", **{"aria-labelledby": "code-desc"}).one("code").text
    assert len(pin) == 7
    assert pin.isdecimal()
    assert f'<kbd aria-labelledby="code-desc"><code>{pin}</code></kbd>' in shown.answer.text
    assert shown.root.one("p", id="code-desc").text == "Next, go back to Photo Frame and type in this PIN to finish:"
    groups = [group.text for group in shown.root.one("p", class_="pin-digits").every("span")]
    assert "".join(groups) == pin
    assert len(groups) == 2
    assert shown.headers["cache-control"] == "no-store"
    pair = await place.app.access_token(asked, pin)
    verified = await place.app.verified(pair)
    assert verified.headers["x-access-level"] == level.wire


async def test_cancelling_with_a_pin_shows_no_way_back(place: Place) -> None:
    browser = await place.browser_of(ANN)
    page = await browser.press(await browser.open(await place.app.authorizing(callback="oob")), "Cancel")
    assert page.status == 200
    assert not page.root.one("main").every("a")


@pytest.mark.parametrize("query", ["", "?oauth_token=", "?oauth_token=unknown"])
async def test_without_a_request_token_there_is_a_page_that_says_so(place: Place, query: str) -> None:
    page = await (await place.browser_of(ANN)).open("/oauth/authorize" + query)
    assert page.status == 400
    assert "Go back to the app and start again there." in page.text
    assert not page.root.one("main").every("form")


async def test_a_used_request_token_asks_nobody_again(place: Place) -> None:
    browser = await place.browser_of(ANN)
    asked = await place.app.request_token()
    path = f"/oauth/authorize?oauth_token={asked.token}"
    await browser.press(await browser.open(path), "Authorize app")
    assert (await browser.open(path)).status == 400


async def test_a_form_without_a_decision_decides_nothing(place: Place) -> None:
    browser = await place.browser_of(ANN)
    page = await browser.open(place.app.asking())
    form = page.form()
    answer = await browser.posted(form.action, form.values)
    assert answer.status == 400
    assert (await browser.press(page, "Authorize app")).status == 303
