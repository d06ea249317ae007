"""Requests that cannot be shown: a page that explains, and never a redirect to where nobody allowed it."""

from urllib.parse import quote

import msgspec
import pytest

from tests.cast import ANN, DAVE
from tests.oauth.consent.site import CALLBACK, DETAILS, EVERYTHING, Place
from tests.oauth.consent.walking import Page
from volary.developers.actions import delete_app, suspend_app
from volary.oauth.revoking import revoke

pytestmark = pytest.mark.anyio


@pytest.fixture
def place(sqlite_place: Place) -> Place:
    """What a page says does not depend on the database."""
    return sqlite_place


async def opened(place: Place, path: str, language: str = "en") -> Page:
    return await place.browser(language=language).open(path)


def refused(page: Page) -> None:
    assert page.status == 400
    assert "location" not in page.headers
    assert page.headings[0] == "Something went wrong"
    assert not page.root.one("main").every("form")
    assert "evil.example" not in page.text
    assert not [link for link in page.root.every("a") if not link["href"].startswith(("/", "#"))]


@pytest.mark.claim("C226", "C228")
@pytest.mark.attack("SR-001")
@pytest.mark.parametrize(
    "url", ["https://evil.example/", CALLBACK + "/", "https://FRAME.test/cb", "javascript:alert(1)"]
)
async def test_a_callback_that_is_not_listed_gets_a_page(place: Place, url: str) -> None:
    page = await opened(place, place.app.asking(redirect_uri=url))
    refused(page)
    assert "not in the settings of the App Photo Frame" in page.text


@pytest.mark.claim("C229")
async def test_a_callback_that_was_encoded_twice_is_explained(place: Place) -> None:
    page = await opened(place, place.app.asking(redirect_uri=quote(CALLBACK, safe="")))
    refused(page)
    assert "HTTP-encode the callback URL" in page.root.one("details", class_="details").text


@pytest.mark.claim("C230")
async def test_the_page_names_the_app_whose_list_counts(place: Place) -> None:
    other = await place.new_app(msgspec.structs.replace(DETAILS, name="Other", callbacks=("https://other.test/cb",)))
    page = await opened(place, place.app.asking(redirect_uri="https://other.test/cb"))
    refused(page)
    assert "Photo Frame" in page.text
    assert other.id != place.app.id


@pytest.mark.parametrize("change", [{"client_id": "nobody"}, {"client_id": ""}])
async def test_an_unknown_client_gets_a_page(place: Place, change: dict[str, str]) -> None:
    refused(await opened(place, place.app.asking(**change)))


@pytest.mark.parametrize(
    "path,code,parameter,rule",
    [
        ("/i/oauth2/authorize?client_id=nobody", "client-not-known", "client_id", "RFC 6749, section 2.2"),
        ("/oauth/authorize?oauth_token=spent", "request-token-not-valid", "oauth_token", "RFC 5849, section 2.2"),
        (
            "/oauth/authorize?screen_name=a&screen_name=b&oauth_token=x",
            "invalid-authorization-request",
            "screen_name",
            "",
        ),
        (
            "{asking}&redirect_uri=https://frame.test/cb",
            "callback-not-listed",
            "redirect_uri",
            "RFC 6749, section 3.1.2",
        ),
    ],
)
async def test_developers_find_the_code_the_parameter_and_the_rule(
    place: Place, path: str, code: str, parameter: str, rule: str
) -> None:
    page = await opened(place, path.format(asking=place.app.asking()))
    refused(page)
    assert f"400 · {code}" in page.text
    details = page.root.one("details", class_="details").text
    assert f"Code{code}" in details
    assert f"Parameter{parameter}" in details
    assert rule in details
    meaning = await opened(place, page.link("What this code means"))
    assert code in [section["id"] for section in meaning.root.every("section") if "id" in section.attributes]
    assert page.headers["x-request-id"] in details


@pytest.mark.parametrize("language,words", [("nl", "Er is iets misgegaan"), ("de", "Etwas ist schiefgegangen")])
async def test_the_page_speaks_the_visitors_language(place: Place, language: str, words: str) -> None:
    page = await opened(place, place.app.asking(client_id="nobody"), language)
    assert page.headings[0] == words


MISTAKES: list[tuple[dict[str, str], str]] = [
    ({"scope": "tweet.read make.coffee"}, "invalid_scope"),
    ({"response_type": "token"}, "unsupported_response_type"),
    ({"code_challenge": ""}, "invalid_request"),
    ({"state": "x" * 501}, "invalid_request"),
]


@pytest.mark.parametrize(("change", "error"), MISTAKES)
async def test_an_app_that_somebody_here_connected_hears_of_its_mistake_at_once(
    place: Place, change: dict[str, str], error: str
) -> None:
    browser = await place.browser_of(ANN)
    await browser.press(await browser.open(place.app.asking()), "Authorize app")
    page = await browser.open(place.app.asking(**change))
    assert page.location.startswith(f"{CALLBACK}?error={error}")


@pytest.mark.parametrize("who", ["nobody", "a stranger", "somebody who took the access back"])
@pytest.mark.parametrize(("change", "error"), MISTAKES)
async def test_a_link_to_this_site_sends_nobody_on_to_an_app_that_they_do_not_know(
    place: Place, change: dict[str, str], error: str, who: str
) -> None:
    """RFC 9700 §4.11.2: an attacker's own App must not make this site an open redirector, whoever else has connected it."""
    other = await place.browser_of(DAVE)
    await other.press(await other.open(place.app.asking()), "Authorize app")
    browser = place.browser() if who == "nobody" else await place.browser_of(ANN)
    if who.startswith("somebody"):
        await browser.press(await browser.open(place.app.asking()), "Authorize app")
        await place.db.write(revoke, place.cast.ann.id, app_id=place.app.id)
    page = await browser.open(place.app.asking(**change))
    assert page.status == 400
    assert "location" not in page.headers
    assert "refresh" not in page.headers
    assert "400 · app-made-a-mistake" in page.text
    assert "Return to frame.test" in page.text
    (back,) = [link for link in page.root.one("main").every("a") if not link["href"].startswith(("/", "#"))]
    assert back["href"].startswith(f"{CALLBACK}?error={error}")
    assert back["rel"] == "noreferrer"
    assert ("state=their%20state" in back["href"]) == ("state" not in change)


async def test_whoever_says_no_is_sent_back_at_once(place: Place) -> None:
    browser = place.browser()
    answer = await browser.press(await browser.open(place.app.asking()), "Cancel")
    assert answer.location.startswith(f"{CALLBACK}?error=access_denied")


@pytest.mark.claim("C176")
@pytest.mark.parametrize("protocol", ["oauth1", "oauth2"])
async def test_a_suspended_app_asks_nobody(place: Place, protocol: str) -> None:
    path = place.app.asking() if protocol == "oauth2" else await place.app.authorizing()
    await place.db.write(suspend_app, place.app.id, reason="spam")
    refused(await opened(place, path))


@pytest.mark.claim("C176")
@pytest.mark.parametrize("protocol", ["oauth1", "oauth2"])
async def test_an_app_that_was_suspended_while_the_page_stood_open_gets_nothing(place: Place, protocol: str) -> None:
    browser = await place.browser_of(ANN)
    page = await browser.open(place.app.asking() if protocol == "oauth2" else await place.app.authorizing())
    await place.db.write(suspend_app, place.app.id, reason="spam")
    refused(await browser.press(page, "Authorize app"))
    assert not await place.connected(place.cast.ann.id)


async def test_an_app_that_was_deleted_while_the_page_stood_open_gets_nothing(place: Place) -> None:
    app = await place.new_app(msgspec.structs.replace(DETAILS, name="Gone"), EVERYTHING)
    browser = await place.browser_of(ANN)
    page = await browser.open(app.asking())
    await place.db.write(delete_app, place.cast.dev.id, app.id)
    refused(await browser.press(page, "Authorize app"))


@pytest.mark.claim("C026", "C021")
@pytest.mark.parametrize("path", ["/i/oauth2/authorize", "/2/oauth2/authorize", "/oauth2/authorize"])
async def test_three_addresses_are_one_door(place: Place, path: str) -> None:
    browser = await place.browser_of(ANN)
    page = await browser.open(place.app.asking().replace("/i/oauth2/authorize", path))
    assert page.status == 200
    assert (await browser.press(page, "Authorize app")).location.startswith(CALLBACK)


@pytest.mark.parametrize(
    "path", ["/oauth/authorize", "/oauth/authenticate", "/i/oauth/authorize", "/i/oauth/authenticate"]
)
async def test_so_are_the_addresses_of_oauth1(place: Place, path: str) -> None:
    browser = await place.browser_of(ANN)
    page = await browser.open(await place.app.authorizing(path))
    assert (await browser.press(page, page.form().buttons[0])).location.startswith(CALLBACK)


@pytest.mark.attack("SR-128")
async def test_error_pages_cannot_be_framed_either(place: Place) -> None:
    page = await opened(place, place.app.asking(client_id="nobody"))
    assert page.headers["x-frame-options"] == "DENY"
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
