"""Allowing less than an app asks for: optional scopes, read only, for a time; and what the page warns of."""

import msgspec
import pytest

from tests.cast import ANN
from tests.oauth.consent.site import DETAILS, Place, answer_in
from tests.oauth.consent.walking import Browser, Page
from volary.kit.clock import DAY, HOUR
from volary.oauth.consent.concerns import alike

pytestmark = pytest.mark.anyio

SCOPE = "tweet.read users.read tweet.write like.write offline.access"


async def scope_of(place: Place, answer: Page) -> str:
    return str((await place.app.tokens(answer.location))["scope"])


async def asked(place: Place, browser: Browser, optional: str | None = None, scope: str = SCOPE) -> Page:
    more = {} if optional is None else {"optional_scope": optional}
    return await browser.open(place.app.asking(scope, **more))


async def test_without_the_parameter_nothing_can_be_unticked(place: Place) -> None:
    page = await asked(place, await place.browser_of(ANN))
    assert not [box for box in page.root.every("input", type="checkbox") if box["name"].startswith("scope-")]


async def test_what_the_app_calls_optional_can_be_left_out(place: Place) -> None:
    browser = await place.browser_of(ANN)
    page = await asked(place, browser, "like.write offline.access")
    boxes = [box for box in page.root.every("input", type="checkbox") if box["name"].startswith("scope-")]
    assert [(box["name"], box["form"], box.get("checked") is not None) for box in boxes] == [
        ("scope-like.write", "consent", True),
        ("scope-offline.access", "consent", True),
    ]
    answer = await browser.send(page.form().edited(**{"scope-offline.access": "1"}), "Authorize app")
    assert await scope_of(place, answer) == "tweet.read users.read tweet.write offline.access"
    (grant,) = await place.connected(place.cast.ann.id)
    assert "like.write" not in grant.scopes


@pytest.mark.attack("SR-123")
async def test_what_is_required_cannot_be_left_out_by_a_form_that_was_changed(place: Place) -> None:
    browser = await place.browser_of(ANN)
    page = await asked(place, browser, "like.write")
    answer = await browser.send(page.form().edited(**{"scope-dm.write": "1", "scope-tweet.write": ""}), "Authorize app")
    assert await scope_of(place, answer) == "tweet.read users.read tweet.write offline.access"


@pytest.mark.parametrize("optional", ["dm.read", "nonsense", "tweet.read users.read tweet.write like.write"])
async def test_optional_scopes_are_some_of_those_that_are_asked_for(place: Place, optional: str) -> None:
    page = await asked(place, await place.browser_of(ANN), optional)
    assert page.status == 400
    assert "invalid_scope" in page.text or "optional_scope" in page.text


async def test_read_only_leaves_out_all_that_acts(place: Place) -> None:
    browser = await place.browser_of(ANN)
    form = (await asked(place, browser)).form().filled(read_only="1")
    assert await scope_of(place, await browser.send(form, "Authorize app")) == "tweet.read users.read offline.access"


async def test_read_only_holds_for_oauth1_too(place: Place) -> None:
    browser = await place.browser_of(ANN)
    token = await place.app.request_token()
    form = (await browser.open(f"/oauth/authorize?oauth_token={token.token}")).form().filled(read_only="1")
    answer = await browser.send(form, "Authorize app")
    pair = await place.app.access_token(token, answer_in(answer.location)["oauth_verifier"])
    assert (await place.app.verified(pair)).headers["x-access-level"] == "read"


async def test_an_app_that_only_acts_cannot_be_made_read_only(place: Place) -> None:
    page = await asked(place, await place.browser_of(ANN), scope="tweet.write")
    assert not page.root.every("input", name="read_only")


@pytest.mark.parametrize("lasting,span", [("always", None), ("month", 30 * DAY), ("hour", HOUR)])
async def test_the_access_lasts_as_long_as_was_chosen(place: Place, lasting: str, span: int | None) -> None:
    browser = await place.browser_of(ANN)
    form = (await asked(place, browser)).form().filled(lasting=lasting)
    answer = await browser.send(form, "Authorize app")
    (grant,) = await place.connected(place.cast.ann.id)
    assert grant.expires_at == (None if span is None else place.db.now + span)
    tokens = await place.app.tokens(answer.location)
    assert tokens["expires_in"] == (3600 if lasting == "hour" else 7200)
    if span is not None:
        place.db.clock.advance(span)
        assert (await place.app.me(tokens["access_token"])).status_code == 401


async def test_an_hour_is_chosen_while_signing_in(place: Place) -> None:
    browser = place.browser()
    page = await browser.open(place.app.asking(SCOPE))
    form = page.form().filled(login="ann", password="wrong", lasting="hour", read_only="1")
    again = await browser.send(form, "Sign in and authorize app")
    assert again.status in {400, 401, 403}
    form = again.form()
    assert (form.values["lasting"], form.values["read_only"]) == ("hour", "1")
    answer = await browser.send(form.filled(login="ann", password=ANN.password), "Sign in and authorize app")
    assert await scope_of(place, answer) == "tweet.read users.read offline.access"


async def test_a_span_that_is_not_offered_is_refused(place: Place) -> None:
    browser = await place.browser_of(ANN)
    form = (await asked(place, browser)).form().edited(lasting="forever")
    assert (await browser.send(form, "Authorize app")).status == 400
    assert await place.connected(place.cast.ann.id) == []


# ----------------------------------------------------------------------------------------------------------- what stands out


def concerns(page: Page) -> list[str]:
    return [notice.text for notice in page.root.every("div", class_="warning")]


async def test_a_new_app_is_told_as_new_for_a_month(place: Place) -> None:
    browser = await place.browser_of(ANN)
    assert any("This app is new" in told for told in concerns(await asked(place, browser)))
    place.db.clock.advance(31 * DAY)
    browser = await place.browser_of(ANN)
    assert concerns(await asked(place, browser)) == []


async def test_an_app_that_wants_to_act_and_to_read_messages_asks_for_much(place: Place) -> None:
    browser = await place.browser_of(ANN)
    page = await asked(place, browser, scope="tweet.read users.read tweet.write dm.read")
    assert any("asks for much" in told for told in concerns(page))
    page = await asked(place, browser)
    assert not any("asks for much" in told for told in concerns(page))


async def test_a_name_that_is_like_an_older_one_is_told(place: Place) -> None:
    browser = await place.browser_of(ANN)
    twin = await place.new_app(msgspec.structs.replace(DETAILS, name="Photo Frames"))
    told = concerns(await browser.open(twin.asking(SCOPE)))
    assert any("like that of another app, Photo Frame," in one for one in told)
    assert not any("like that of another app" in one for one in concerns(await asked(place, browser)))


@pytest.mark.parametrize(
    "one,other,near",
    [
        ("photo frame", "photo frames", True),
        ("photo frame", "photo frane", True),
        ("photo frame", "poto frame", True),
        ("photo frame", "photo farme", True),
        ("photo frame", "photo frame pro", True),
        ("photo frame", "the photo frame", True),
        ("photo frame", "photo fax", False),
        ("photo frame", "video frame", False),
        ("nightjar", "nightcap", False),
    ],
)
def test_how_near_two_names_are(one: str, other: str, near: bool) -> None:
    assert alike(one, other) is near
    assert alike(other, one) is near


async def test_the_page_leads_to_the_apps_own_row(place: Place) -> None:
    browser = await place.browser_of(ANN)
    first = await asked(place, browser)
    assert first.link("Apps and sessions") == "/settings/apps"
    await browser.press(first, "Authorize app")
    again = await asked(place, browser)
    assert again.link("Apps and sessions") == f"/settings/apps#app-{place.app.id}"
    assert (await browser.open("/settings/apps")).root.every("h3", id=f"app-{place.app.id}")
