"""What the page says, before anybody decides."""

import msgspec
import pytest
from sqlalchemy import bindparam, update

from tests.cast import ANN, BOB
from tests.oauth.consent.site import DETAILS, DEVICE, EVERYTHING, LOOPBACK, SETTINGS, Place, place_of
from tests.oauth.consent.walking import Browser, Element, Page
from volary.access.levels import Level
from volary.access.scopes import SCOPES
from volary.db import Tx, statement
from volary.developers.models import apps
from volary.language import translate

pytestmark = pytest.mark.anyio


@pytest.fixture
def place(sqlite_place: Place) -> Place:
    """What a page says does not depend on the database."""
    return sqlite_place


ALL_SCOPES = " ".join(SCOPES)
PROTOCOLS = ["oauth1", "oauth2"]
_RENAME = statement(update(apps).where(apps.c.id == bindparam("i")).values(name=bindparam("n")))


async def rename(tx: Tx, app_id: int, name: str) -> None:
    await tx.run(_RENAME, i=app_id, n=name)


async def address(place: Place, protocol: str) -> str:
    return await place.app.authorizing() if protocol == "oauth1" else place.app.asking()


async def opened(place: Place, protocol: str, browser: Browser | None = None) -> Page:
    browser = browser or await place.browser_of(ANN)
    page = await browser.open(await address(place, protocol))
    assert page.status == 200
    return page


def order(page: Page) -> list[str]:
    """The tags of lists and buttons of the main part, in document order."""
    found: list[str] = []

    def walk(element: Element) -> None:
        for child in element.children:
            if not isinstance(child, str):
                found.append(child.tag + ("." + child.attributes["class"] if child.get("class") else ""))
                walk(child)

    walk(page.root.one("main"))
    return [tag for tag in found if tag.startswith(("ul.powers", "button"))]


@pytest.mark.claim("C009", "C021", "C088")
@pytest.mark.attack("SR-133")
@pytest.mark.parametrize("protocol", PROTOCOLS)
async def test_the_page_says_who_asks_and_for_which_account(place: Place, protocol: str) -> None:
    page = await opened(place, protocol)
    assert page.title == "Authorize Photo Frame to use your account? · Volary"
    assert page.headings[0] == "Photo Frame wants to access your Volary account"
    assert "By Frames Ltd" in page.text
    assert "Shows your photos on the wall at home." in page.text
    assert "Photo Frame is built by an external developer, not by Volary" in page.text
    assert "registered by the account @dev" in page.text
    assert "Ann Ameland @ann" in page.text.replace("Ameland@ann", "Ameland @ann")
    assert "Afterwards you will be sent to frame.test." in page.text
    links = {link["href"]: link.text for link in page.root.one("main").every("a")}
    assert links["https://frames.test/"].startswith("Frames Ltd")
    assert links["https://www.frame.test/"].startswith("frame.test")
    assert links["https://frame.test/terms"].startswith("Terms of Photo Frame")
    assert links["https://frame.test/privacy"].startswith("Privacy policy of Photo Frame")


@pytest.mark.claim("C014", "C085", "C086", "C090")
@pytest.mark.parametrize("language", ["en", "nl", "de"])
@pytest.mark.parametrize("protocol", PROTOCOLS)
async def test_the_advice_is_there_in_each_language(place: Place, protocol: str, language: str) -> None:
    page = await opened(place, protocol, place.browser(language=language))
    assert page.root.one("html")["lang"] == language
    for sentence in (
        "We do not share your %(site)s password with apps.",
        "But an app that you authorize may use, store and share your information in accordance with its own business practices.",
        "We recommend that you read its terms and privacy policy before you authorize it:",
        "If you are not comfortable with giving an app access to your account, press Cancel.",
        "We suggest that you look there regularly.",
        "Signing in connects %(app)s to your account, with the permissions on this page.",
    ):
        assert translate(language, sentence, site="Volary", app="Photo Frame") in page.text
    link = page.link({"en": "Apps and sessions", "nl": "Apps en sessies", "de": "Apps und Sitzungen"}[language])
    assert link == "/settings/apps"


@pytest.mark.parametrize(
    "scope,how_long",
    [
        ("tweet.read users.read", "can do this with your account for two hours. Then it has to ask you again:"),
        ("tweet.read users.read offline.access", "can do this with your account until you stop it in your settings:"),
    ],
)
async def test_one_sentence_says_what_the_button_does_and_for_how_long(place: Place, scope: str, how_long: str) -> None:
    browser = await place.browser_of(ANN)
    page = await browser.open(place.app.asking(scope))
    assert f"If you press “Authorize app”, Photo Frame {how_long}" in page.text
    page = await browser.open(await place.app.authorizing())
    assert "can do this with your account until you stop it in your settings:" in page.text


@pytest.mark.claim("C014")
async def test_the_link_to_apps_and_sessions_opens_the_list(place: Place) -> None:
    browser = await place.browser_of(ANN)
    page = await opened(place, "oauth2", browser)
    listed = await browser.open(page.link("Apps and sessions"))
    assert listed.status == 200
    assert listed.headings[0] == "Apps and sessions"


@pytest.mark.claim("C022", "C190")
@pytest.mark.parametrize("level", Level)
async def test_oauth1_lists_what_a_level_can_and_cannot_do(place: Place, level: Level) -> None:
    app = await place.new_app(
        msgspec.structs.replace(DETAILS, name="Level"), msgspec.structs.replace(EVERYTHING, level=level, email=False)
    )
    page = await (await place.browser_of(ANN)).open(await app.authorizing())
    able, unable = page.below("This app will be able to"), page.below("This app will not be able to")
    assert ("Post for you, with or without media, and delete your posts." in able) == (level >= Level.READ_WRITE)
    assert ("Send Direct Messages for you." in able) == (level >= Level.DIRECT_MESSAGES)
    assert ("Post, like or repost for you." in unable) == (level < Level.READ_WRITE)
    assert ("Read, send or delete your Direct Messages." in unable) == (level < Level.DIRECT_MESSAGES)
    assert "See your email address." in unable
    assert unable[-1] == "See your Volary password."


@pytest.mark.claim("C012", "C061")
async def test_the_email_permission_has_its_own_line(place: Place) -> None:
    page = await opened(place, "oauth1")
    assert "See your email address." in page.below("This app will be able to")
    by_scope = await (await place.browser_of(ANN)).open(place.app.asking("users.read users.email"))
    assert "Your confirmed email address." in by_scope.below("Things this App can view")


@pytest.mark.claim("C074", "C079", "C084")
@pytest.mark.parametrize(
    "language,view,do",
    [
        ("en", "Things this App can view", "Things this App can do"),
        ("nl", "Dingen die deze app kan bekijken", "Dingen die deze app kan doen"),
        ("de", "Was diese App ansehen kann", "Was diese App tun kann"),
    ],
)
async def test_oauth2_lists_each_scope_under_one_of_two_headings(
    place: Place, language: str, view: str, do: str
) -> None:
    page = await place.browser(language=language).open(place.app.asking(ALL_SCOPES))
    told = [*page.below(view), *page.below(do)]
    assert sorted(told) == sorted(
        " ".join(translate(language, text) for text in (scope.sentence, scope.more) if text)
        for scope in SCOPES.values()
    )


async def test_only_what_is_asked_for_is_listed(place: Place) -> None:
    page = await (await place.browser_of(ANN)).open(place.app.asking("tweet.read users.read"))
    assert len(page.below("Things this App can view")) == 2
    assert "Things this App can do" not in page.headings


@pytest.mark.claim("C022")
@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("signed_in", [True, False])
async def test_the_permissions_stand_before_the_buttons(place: Place, protocol: str, signed_in: bool) -> None:
    browser = await place.browser_of(ANN) if signed_in else place.browser()
    tags = order(await opened(place, protocol, browser))
    first_button = next(number for number, tag in enumerate(tags) if tag.startswith("button"))
    assert first_button > 0
    assert all(tag.startswith("button") for tag in tags[first_button:])


@pytest.mark.claim("C023")
@pytest.mark.parametrize("protocol", PROTOCOLS)
async def test_somebody_who_is_signed_in_is_asked_for_no_password(place: Place, protocol: str) -> None:
    form = (await opened(place, protocol)).form()
    assert form.buttons == ["Authorize app", "Cancel"]
    assert not form.element.every("input", type="password")
    assert {button["class"] for button in form.element.every("button")} == {"button primary wide", "button plain wide"}


@pytest.mark.claim("C024")
@pytest.mark.parametrize("protocol", PROTOCOLS)
async def test_somebody_who_is_signed_out_finds_the_fields_beside_the_permissions(place: Place, protocol: str) -> None:
    page = await opened(place, protocol, place.browser())
    form = page.form()
    assert form.buttons == ["Sign in and authorize app", "Cancel"]
    assert form.element.one("input", name="login")["autocomplete"] == "username"
    assert form.element.one("input", name="password")["autocomplete"] == "current-password"
    assert len(page.root.one("main").every("ul", class_="powers")) >= 2


@pytest.mark.attack("SR-123")
@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("signed_in", [True, False])
async def test_the_form_holds_nothing_of_what_the_app_asked(place: Place, protocol: str, signed_in: bool) -> None:
    form = (await opened(place, protocol, await place.browser_of(*([ANN] if signed_in else [])))).form()
    assert form.values.keys() == {"csrf", "request", "lasting"} | ({"account"} if signed_in else {"login", "password"})
    assert form.element["action"] in {"/oauth/authorize", "/i/oauth2/authorize"}


@pytest.mark.claim("C025", "C096")
@pytest.mark.parametrize(
    "public_url,words",
    [
        ("https://birds.example", "check that the address of this page starts with https://birds.example"),
        (
            "http://localhost:8000",
            "a local server on your own computer: the address of this page starts with http://localhost:8000",
        ),
        ("http://birds.example", "reached without https, so others on the network could read your password"),
    ],
)
async def test_before_typing_people_are_told_which_address_to_look_for(
    place: Place, public_url: str, words: str
) -> None:
    there = await place_of(place.db, place.cast, place.hasher, SETTINGS.replaced(public_url=public_url), "There")
    browser = Browser(there.front, origin=public_url)
    page = await browser.open(there.app.asking())
    assert words in page.text
    tips = page.link("account security tips")
    assert (await browser.open(tips)).status == 200
    inside = await (await place.browser_of(ANN)).open(place.app.asking())
    assert "the address of this page starts with" not in inside.text


@pytest.mark.claim("C030")
async def test_several_accounts_are_offered_by_name(place: Place) -> None:
    page = await (await place.browser_of(ANN, BOB)).open(place.app.asking())
    offered = [option.text for option in page.root.every("label", class_="consent-account")]
    assert [text.split("@")[1] for text in offered] == ["ann", "bob"]
    assert page.link("Add another account").startswith("/login?add=1&then=/i/oauth2/authorize%3F")


async def test_adding_an_account_comes_back_to_the_request(place: Place) -> None:
    browser = await place.browser_of(ANN)
    page = await browser.open(place.app.asking())
    sign_in = await browser.open(page.link("Use another account"))
    back = await browser.press(sign_in, "Sign in", login="bob", password=BOB.password)
    again = await browser.open(back.location)
    assert "Photo Frame" in again.title or "Photo Frame" in again.text
    assert [option.text.split("@")[1] for option in again.root.every("label", class_="consent-account")] == [
        "bob",
        "ann",
    ]


@pytest.mark.claim("C026", "C028")
@pytest.mark.attack("SR-129")
@pytest.mark.parametrize(
    "target,allowed", [(DEVICE, "com.frame.app:"), (LOOPBACK, "http://127.0.0.1:8765"), (None, "https://frame.test")]
)
async def test_the_policy_lets_the_answer_through_to_the_app_and_nowhere_else(
    place: Place, target: str | None, allowed: str
) -> None:
    browser = await place.browser_of(ANN)
    urls = [
        place.app.asking(**({"redirect_uri": target} if target else {})),
        await place.app.authorizing(**({"callback": target} if target else {})),
    ]
    for url in urls:
        page = await browser.open(url)
        policy = page.headers["content-security-policy"]
        assert f"form-action 'self' {allowed};" in policy


@pytest.mark.attack("SR-128", "SR-141")
@pytest.mark.parametrize("protocol", PROTOCOLS)
async def test_the_page_cannot_be_framed_kept_or_followed(place: Place, protocol: str) -> None:
    page = await opened(place, protocol)
    assert page.headers["x-frame-options"] == "DENY"
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["cross-origin-opener-policy"] == "same-origin"
    assert page.headers["cache-control"] == "no-store"
    loaded = [link["href"] for link in page.root.every("link")] + [picture["src"] for picture in page.root.every("img")]
    loaded += [script["src"] for script in page.root.every("script")]
    assert all(path.startswith("/") and not path.startswith("//") for path in loaded)
    assert not [script for script in page.root.every("script") if script.text]


@pytest.mark.attack("SR-133")
async def test_a_name_that_plays_tricks_is_isolated_plain_and_clipped(place: Place) -> None:
    await place.db.write(rename, place.app.id, "X Official\u202e\n" + "n" * 300)
    page = await opened(place, "oauth2")
    names = {name.text for name in page.root.every("bdi") if name.text.startswith("X Official")}
    assert names == {"X Official " + "n" * 52 + "…"}
    assert "\u202e" not in page.answer.text
    assert page.root.one("h1").every("bdi")
    assert "registered by the account @dev" in page.text


async def test_an_app_without_policies_says_so(place: Place) -> None:
    plain = msgspec.structs.replace(DETAILS, name="Plain", terms_url="", privacy_url="", organization="", website="")
    app = await place.new_app(plain, msgspec.structs.replace(EVERYTHING, email=False))
    page = await (await place.browser_of(ANN)).open(app.asking())
    assert "This app names neither terms nor a privacy policy." in page.text
    assert "By @dev" in page.text


async def test_the_icon_is_there(place: Place) -> None:
    browser = await place.browser_of(ANN)
    page = await opened(place, "oauth2", browser)
    picture = page.root.one("header", class_="consent-head").one("img")
    assert (await browser.open(picture["src"])).status == 200
