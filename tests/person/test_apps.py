"""*Apps and sessions*: which apps are connected, what each may do, and cutting them off."""

import msgspec
import pytest

from tests.cast import ANN, BOB, DAVE, People, people
from tests.conftest import HeldDatabase
from tests.oauth.consent.site import DETAILS, EVERYTHING, App, Pair, answer_in, place_of
from tests.oauth.consent.site import Place as Server
from tests.oauth.consent.walking import Browser, Element, Form, Page
from volary.access.levels import Level
from volary.accounts.rules.hashing import PasswordHasher
from volary.developers.actions import delete_app, edit_authentication, suspend_app
from volary.kit.clock import DAY, HOUR
from volary.oauth.uses import Uses
from volary.person.rules.uses import last_used

pytestmark = pytest.mark.anyio

QUILL = msgspec.structs.replace(
    DETAILS, name="Quill", description="Plans posts.", organization="", website="https://quill.test/"
)
ALL_SCOPES = "tweet.read users.read offline.access"


@pytest.fixture
async def server(db: HeldDatabase, cast: People, hasher: PasswordHasher) -> Server:
    """The whole server, on each engine in turn."""
    return await place_of(db, cast, hasher)


@pytest.fixture
async def page_server(sqlite_db: HeldDatabase, hasher: PasswordHasher) -> Server:
    """The same on SQLite alone, for what the pages say."""
    return await place_of(sqlite_db, await people(sqlite_db), hasher)


async def by_oauth1(app: App, browser: Browser) -> Pair:
    asked = await app.request_token()
    page = await browser.open(f"/oauth/authorize?oauth_token={asked.token}")
    answer = await browser.press(page, "Authorize app")
    return await app.access_token(asked, answer_in(answer.location)["oauth_verifier"])


async def by_oauth2(app: App, browser: Browser, scope: str = ALL_SCOPES) -> dict[str, str]:
    answer = await browser.press(await browser.open(app.asking(scope)), "Authorize app")
    tokens: dict[str, str] = await app.tokens(answer.location)
    return tokens


def rows(page: Page) -> dict[str, Element]:
    """The rows of the list, by the app's name."""
    lists = page.root.every("ul", class_="apps")
    return {row.one("h3").one("bdi").text: row for found in lists for row in found.children if isinstance(row, Element)}


def button_in(element: Element, page: Page) -> Form:
    """The only form in a part of a page."""
    return Form(element.one("form"), str(page.answer.url))


# ---------------------------------------------------------------------------------------------------------------- the list


@pytest.mark.claim("C001")
async def test_the_way_leads_from_the_settings(page_server: Server) -> None:
    browser = await page_server.browser_of(ANN)
    settings = await browser.open("/settings")
    (way,) = [link["href"] for link in settings.root.one("main").every("a") if "Apps and sessions" in link.text]
    page = await browser.open(way)
    assert page.headings[0] == "Apps and sessions"
    named = await browser.open("/settings/apps-and-sessions")
    assert named.location == "/settings/apps"


@pytest.mark.claim("C002")
@pytest.mark.parametrize("path", ["/settings/apps", "/settings/apps/1", "/settings/apps/1/revoke"])
async def test_the_section_needs_a_sign_in_and_comes_back(page_server: Server, path: str) -> None:
    browser = page_server.browser()
    answer = await browser.open(path)
    assert answer.location == f"/login?then={path}"
    back = await browser.press(await browser.open(answer.location), "Sign in", login="ann", password=ANN.password)
    assert back.location == path


@pytest.mark.claim("C015")
async def test_apps_of_both_protocols_are_listed(server: Server) -> None:
    browser = await server.browser_of(ANN)
    quill = await server.new_app(QUILL)
    await by_oauth1(server.app, browser)
    server.db.clock.advance(HOUR)
    await by_oauth2(quill, browser)
    page = await browser.open("/settings/apps")
    assert list(rows(page)) == ["Quill", "Photo Frame"]
    elsewhere = await (await server.browser_of(DAVE)).open("/settings/apps")
    assert rows(elsewhere) == {}


@pytest.mark.claim("C016")
async def test_each_row_has_name_description_and_permissions_in_this_order(page_server: Server) -> None:
    browser = await page_server.browser_of(ANN)
    await by_oauth2(page_server.app, browser, "tweet.read users.read tweet.write offline.access")
    row = rows(await browser.open("/settings/apps"))["Photo Frame"]
    told = [line.text for line in row.one("ul", class_="powers").every("li")]
    assert told == [
        "All the posts you can view, including posts from protected accounts.",
        "Any account you can view, including protected accounts.",
        "Post and repost for you. This includes deleting your posts.",
        "Stay connected to your account until you revoke access.",
    ]
    places = [row.text.index(words) for words in ("Photo Frame", "Shows your photos", told[0], "Connected:")]
    assert places == sorted(places)


@pytest.mark.claim("C016", "C191")
async def test_the_permissions_are_those_that_were_consented_to(page_server: Server) -> None:
    browser = await page_server.browser_of(ANN)
    page = await browser.open(await page_server.app.authorizing(access="write"))
    consented = page.below("This app will be able to")
    await browser.press(page, "Authorize app")
    listed = await browser.open("/settings/apps")
    told = [line.text for line in rows(listed)["Photo Frame"].one("ul", class_="powers").every("li")]
    assert told == consented
    one = await browser.open(f"/settings/apps/{page_server.app.id}")
    assert one.below("This app can") == consented
    assert "Read, send or delete your Direct Messages." in one.below("This app cannot")
    assert "The app asks for more now than you allowed it." in one.text
    narrower = msgspec.structs.replace(EVERYTHING, level=Level.READ, email=False)
    await page_server.db.write(edit_authentication, page_server.cast.dev.id, page_server.app.id, narrower)
    lowered = await browser.open(f"/settings/apps/{page_server.app.id}")
    assert "Post for you, with or without media, and delete your posts." not in lowered.below("This app can")


async def test_without_apps_the_page_says_what_will_be_here(page_server: Server) -> None:
    page = await (await page_server.browser_of(ANN)).open("/settings/apps")
    assert "No app is connected to your account" in page.text
    assert "Revoke access" not in page.text
    assert page.link("More about your sessions") == "/settings/sessions"


@pytest.mark.claim("C003", "C004", "C005", "C006", "C008")
async def test_below_the_apps_every_session_is_listed_with_its_buttons(page_server: Server) -> None:
    browser, _there = await page_server.browser_of(ANN), await page_server.browser_of(ANN)
    page = await browser.open("/settings/apps")
    assert page.headings[1:] == ["Connected apps", "Sessions", "Take it along"]
    section = page.root.one("section", id="sessions")
    assert len(section.one("ul", class_="sessions").every("li")) == 2
    assert section.every("time")
    assert "such as Direct Messages that it has kept" in section.text
    buttons = [Form(form, str(page.answer.url)).buttons for form in section.every("form")]
    assert buttons == [["Log out all other sessions"], ["Log out"]]
    done = await browser.send(Form(section.every("form")[1], str(page.answer.url)), "Log out")
    assert len((await browser.open(done.location)).root.one("ul", class_="sessions").every("li")) == 1


@pytest.mark.claim("C090")
async def test_each_app_shows_when_it_was_last_used(server: Server) -> None:
    browser = await server.browser_of(ANN)
    tokens = await by_oauth2(server.app, browser)
    assert "Never used" in (await browser.open("/settings/apps")).text
    await server.app.me(tokens["access_token"])
    await server.resources[Uses].flush(server.db)
    assert "Last used within the last hour" in (await browser.open("/settings/apps")).text
    server.db.clock.advance(3 * DAY)
    assert "Last used within the last week" in (await browser.open("/settings/apps")).text
    server.db.clock.advance(25 * DAY)
    one = await (await server.browser_of(ANN)).open(f"/settings/apps/{server.app.id}")
    assert "Last used within the last month · from 203.0.113.7" in one.text


@pytest.mark.parametrize(
    "before,words",
    [
        (0, "Last used within the last hour"),
        (HOUR, "Last used within the last day"),
        (DAY, "Last used within the last week"),
        (7 * DAY, "Last used within the last month"),
        (30 * DAY, "Last used on %(day)s"),
    ],
)
def test_the_last_use_is_told_as_exactly_as_it_is_known(before: int, words: str) -> None:
    assert last_used(100 * DAY - before, 100 * DAY) == words
    assert last_used(None, 100 * DAY) == "Never used"


@pytest.mark.claim("C176")
async def test_a_suspended_app_bears_the_tag(page_server: Server) -> None:
    browser = await page_server.browser_of(ANN)
    await by_oauth2(page_server.app, browser)
    await page_server.db.write(suspend_app, page_server.app.id, reason="spam")
    assert rows(await browser.open("/settings/apps"))["Photo Frame"].one("h3").text == "Photo Frame suspended"
    one = await browser.open(f"/settings/apps/{page_server.app.id}")
    assert "Volary has suspended this app." in one.text
    assert one.form().buttons == ["Revoke access"]


async def test_a_deleted_app_is_gone(page_server: Server) -> None:
    browser = await page_server.browser_of(ANN)
    quill = await page_server.new_app(QUILL)
    await by_oauth2(quill, browser)
    await page_server.db.write(delete_app, page_server.cast.dev.id, quill.id)
    assert rows(await browser.open("/settings/apps")) == {}
    assert (await browser.open(f"/settings/apps/{quill.id}")).status == 404


# ------------------------------------------------------------------------------------------------------------ an app's page


@pytest.mark.claim("C009", "C099", "C101")
async def test_the_apps_page_says_whose_it_is_and_who_helps(page_server: Server) -> None:
    browser = await page_server.browser_of(ANN)
    await by_oauth2(page_server.app, browser)
    listed = await browser.open("/settings/apps")
    page = await browser.open(rows(listed)["Photo Frame"].one("h3").one("a")["href"])
    assert page.headings[0] == "Photo Frame"
    assert "Because Volary neither owns nor operates it, we are not able to troubleshoot it." in page.text
    assert "If you’re having issues with a third-party app" in page.headings
    assert "If you suspect a bad app is still connected to your account" in page.headings
    links = {link["href"] for link in page.root.one("main").every("a")}
    assert {
        "https://www.frame.test/",
        "https://frame.test/terms",
        "https://frame.test/privacy",
        "/settings/password",
        "/help/compromised-accounts",
        f"/settings/apps/{page_server.app.id}/revoke",
    } <= links
    assert "@dev" in page.text
    assert page.root.every("time")


@pytest.mark.claim("C018")
async def test_revoke_access_is_the_last_control_of_the_page(server: Server) -> None:
    browser = await server.browser_of(ANN)
    tokens = await by_oauth2(server.app, browser)
    page = await browser.open(f"/settings/apps/{server.app.id}")
    controls: list[Element] = []

    def walk(element: Element) -> None:
        for child in element.children:
            if isinstance(child, Element):
                controls.extend([child] if child.tag in {"a", "button", "summary"} else [])
                walk(child)

    walk(page.root.one("main"))
    assert (controls[-1].tag, controls[-1].text) == ("button", "Revoke access")
    await browser.press(page, "Revoke access")
    assert (await server.app.me(tokens["access_token"])).status_code == 401


async def test_each_sign_in_of_the_app_is_listed(page_server: Server) -> None:
    browser = await page_server.browser_of(ANN)
    await by_oauth2(page_server.app, browser)
    page_server.db.clock.advance(DAY)
    other = await page_server.browser_of(ANN)
    await by_oauth1(page_server.app, other)
    page = await other.open(f"/settings/apps/{page_server.app.id}")
    listed = page.root.one("ul", class_="plain-list").every("li")
    assert [line.text.rsplit("·", 1)[1].strip() for line in listed] == ["OAuth 1.0a", "OAuth 2.0"]


async def test_an_app_that_gave_its_access_back_is_told_from_one_that_is_signed_in(server: Server) -> None:
    """The permission stays, and with it "Sign in with…" needs no page: the pages say both."""
    ann = await server.browser_of(ANN)
    pair = await by_oauth1(server.app, ann)
    name = DETAILS.name
    told = "Not signed in anywhere now"
    assert told not in rows(await ann.open("/settings/apps"))[name].text
    answer = await server.app.signed("POST", "/1.1/oauth/invalidate_token.json", pair)
    assert answer.status_code == 200, answer.text
    assert told in rows(await ann.open("/settings/apps"))[name].text
    page = await ann.open(f"/settings/apps/{server.app.id}")
    assert told in page.text
    assert "Your permission stays until you revoke it" in page.text
    asked = await server.app.request_token()
    again = await ann.open(f"/oauth/authenticate?oauth_token={asked.token}")
    await server.app.access_token(asked, answer_in(again.location.removesuffix("#"))["oauth_verifier"])
    assert told not in rows(await ann.open("/settings/apps"))[name].text


async def test_an_app_that_never_came_for_its_code_has_not_finished_connecting(page_server: Server) -> None:
    browser = await page_server.browser_of(ANN)
    await browser.press(await browser.open(page_server.app.asking()), "Authorize app")
    row = rows(await browser.open("/settings/apps"))["Photo Frame"]
    told = "The app has not finished connecting"
    assert told in row.text
    assert "Never used" not in row.text
    page = await browser.open(f"/settings/apps/{page_server.app.id}")
    assert told in page.text
    assert "Times you connected it" in page.text


@pytest.mark.parametrize("named", ["1", "0", "nobody", "-1", "1e3", "9" * 19, "9" * 30, "%31", "..%2f1"])
async def test_what_is_not_connected_is_not_found(page_server: Server, named: str) -> None:
    browser = await page_server.browser_of(ANN)
    assert (await browser.open(f"/settings/apps/{named}")).status == 404
    assert (await browser.open(f"/settings/apps/{named}/revoke")).status == 404


@pytest.mark.attack("SR-172")
async def test_connections_of_others_are_not_found(page_server: Server) -> None:
    await by_oauth2(page_server.app, await page_server.browser_of(ANN))
    dave = await page_server.browser_of(DAVE)
    path = f"/settings/apps/{page_server.app.id}"
    assert (await dave.open(path)).status == 404
    csrf = Form((await dave.open("/settings")).root.every("form")[0], "http://localhost:8000/").values["csrf"]
    assert (await dave.posted(path + "/revoke", {"csrf": csrf})).status == 404
    assert len(await page_server.connected(page_server.cast.ann.id)) == 1


# ----------------------------------------------------------------------------------------------------------------- revoking


@pytest.mark.claim("C017", "C019")
async def test_revoking_in_the_row_ends_every_token_at_once(server: Server) -> None:
    browser = await server.browser_of(ANN)
    tokens, pair = await by_oauth2(server.app, browser), await by_oauth1(server.app, browser)
    assert (await server.app.me(tokens["access_token"])).status_code == 200
    assert (await server.app.verified(pair)).status_code == 200
    page = await browser.open("/settings/apps")
    done = await browser.send(button_in(rows(page)["Photo Frame"], page), "Revoke access")
    after = await browser.open(done.location)
    assert "Photo Frame is no longer connected to your account." in after.root.one("div", role="status").text
    assert rows(after) == {}
    assert (await server.app.me(tokens["access_token"])).status_code == 401
    refused = await server.app.verified(pair)
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (401, 89)
    form = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    secret = server.app.made.client_secret or ""
    refresh = await server.app.client.post("/2/oauth2/token", data=form, auth=(server.app.made.app.client_id, secret))
    assert refresh.status_code == 400


@pytest.mark.claim("C019")
async def test_a_code_that_was_not_exchanged_yet_dies_too(server: Server) -> None:
    browser = await server.browser_of(ANN)
    answer = await browser.press(await browser.open(server.app.asking()), "Authorize app")
    page = await browser.open("/settings/apps")
    await browser.send(button_in(rows(page)["Photo Frame"], page), "Revoke access")
    with pytest.raises(AssertionError, match="authorization code was invalid"):
        await server.app.tokens(answer.location)


async def test_only_this_person_and_this_app_are_cut_off(server: Server) -> None:
    ann, dave = await server.browser_of(ANN), await server.browser_of(DAVE)
    quill = await server.new_app(QUILL)
    mine, theirs = await by_oauth2(server.app, ann), await by_oauth2(server.app, dave)
    others = await by_oauth2(quill, ann)
    await ann.press(await ann.open(f"/settings/apps/{server.app.id}"), "Revoke access")
    assert (await server.app.me(mine["access_token"])).status_code == 401
    assert (await server.app.me(theirs["access_token"])).status_code == 200
    assert (await quill.me(others["access_token"])).status_code == 200


async def test_a_revoked_app_can_be_connected_again(server: Server) -> None:
    browser = await server.browser_of(ANN)
    await by_oauth2(server.app, browser)
    await browser.press(await browser.open(f"/settings/apps/{server.app.id}"), "Revoke access")
    page = await browser.open(server.app.asking())
    assert "connected this app before" not in page.text
    tokens = await by_oauth2(server.app, browser)
    assert (await server.app.me(tokens["access_token"])).status_code == 200


@pytest.mark.claim("C127")
async def test_revoke_app_permissions_leads_to_the_same_end(server: Server) -> None:
    browser = await server.browser_of(ANN)
    tokens = await by_oauth2(server.app, browser)
    page = await browser.open(f"/settings/apps/{server.app.id}")
    asked = await browser.open(page.link("Revoke app permissions"))
    assert asked.headings == ["Revoke the access of Photo Frame?"]
    assert (await server.app.me(tokens["access_token"])).status_code == 200
    assert asked.link("Cancel") == f"/settings/apps/{server.app.id}"
    await browser.press(asked, "Revoke access")
    assert (await server.app.me(tokens["access_token"])).status_code == 401


async def test_revoking_twice_finds_nothing_the_second_time(page_server: Server) -> None:
    browser = await page_server.browser_of(ANN)
    await by_oauth2(page_server.app, browser)
    page = await browser.open(f"/settings/apps/{page_server.app.id}")
    assert (await browser.press(page, "Revoke access")).status == 303
    assert (await browser.press(page, "Revoke access")).status == 404


@pytest.mark.claim("C097")
async def test_a_new_password_offers_to_revoke_all_apps(server: Server) -> None:
    browser = await server.browser_of(ANN)
    quill = await server.new_app(QUILL)
    tokens, others = await by_oauth2(server.app, browser), await by_oauth2(quill, browser)
    form = next(
        form for form in (await browser.open("/settings/password")).forms() if "Change password" in form.buttons
    )
    new = "four loud herons at noon"
    changed = await browser.send(form.filled(current_password=ANN.password, password=new), "Change password")
    offered = await browser.open(changed.location)
    assert (await server.app.me(tokens["access_token"])).status_code == 200
    asked = await browser.open(offered.link("Revoke access of all apps"))
    assert [line.text for line in asked.root.one("main").every("li")] == ["Quill", "Photo Frame"]
    done = await browser.press(asked, "Revoke access of all apps")
    after = await browser.open(done.location)
    assert "No app is connected to your account any more." in after.text
    for app, held in ((server.app, tokens), (quill, others)):
        assert (await app.me(held["access_token"])).status_code == 401


@pytest.mark.attack("SR-139")
@pytest.mark.parametrize("path", ["/settings/apps/{id}/revoke", "/settings/apps/revoke-all"])
@pytest.mark.parametrize("how", ["no token", "other token", "other site"])
async def test_another_site_revokes_nothing(page_server: Server, path: str, how: str) -> None:
    browser, mallory = await page_server.browser_of(ANN), await page_server.browser_of(DAVE)
    await by_oauth2(page_server.app, browser)
    mine = (await browser.open(f"/settings/apps/{page_server.app.id}")).form().values["csrf"]
    settings = await mallory.open("/settings")
    theirs = Form(settings.root.every("form")[0], str(settings.answer.url)).values["csrf"]
    sent = {"no token": {}, "other token": {"csrf": theirs}, "other site": {"csrf": mine}}[how]
    headers = {"origin": "https://evil.example", "sec-fetch-site": "cross-site"} if how == "other site" else {}
    answer = await browser.posted(path.format(id=page_server.app.id), sent, headers)
    assert answer.status == 403
    assert len(await page_server.connected(page_server.cast.ann.id)) == 1


async def test_looking_revokes_nothing(page_server: Server) -> None:
    browser = await page_server.browser_of(ANN)
    await by_oauth2(page_server.app, browser)
    for path in (f"/settings/apps/{page_server.app.id}/revoke", "/settings/apps/revoke-all"):
        assert (await browser.open(path)).status == 200
    assert len(await page_server.connected(page_server.cast.ann.id)) == 1


# --------------------------------------------------------------------------------------------------------- in each language


@pytest.mark.claim("C017", "C018", "C127")
async def test_the_labels_are_those_that_people_were_told(page_server: Server) -> None:
    browser = await page_server.browser_of(BOB)
    answer = await browser.press(await browser.open(page_server.app.asking()), "App machtigen")
    await page_server.app.tokens(answer.location)
    page = await browser.open("/settings/apps")
    assert page.headings[0] == "Apps en sessies"
    assert button_in(rows(page)["Photo Frame"], page).buttons == ["Toegang intrekken"]
    one = await browser.open(f"/settings/apps/{page_server.app.id}")
    assert one.link("App-machtigingen intrekken").endswith("/revoke")
    assert one.form().buttons == ["Toegang intrekken"]
    assert "Als je problemen hebt met een app van derden" in one.headings


@pytest.mark.attack("SR-128", "SR-298")
async def test_the_pages_are_neither_framed_nor_kept(page_server: Server) -> None:
    browser = await page_server.browser_of(ANN)
    await by_oauth2(page_server.app, browser)
    for path in ("/settings/apps", f"/settings/apps/{page_server.app.id}"):
        page = await browser.open(path)
        assert page.headers["x-frame-options"] == "DENY"
        assert page.headers["cache-control"] == "no-store"
