"""*Sessions*: the list, one button for each row, one for all the others."""

import pytest

from tests.cast import ANN, BOB
from tests.oauth.consent.walking import Element, Form, Page
from tests.person.site import AWAY, HOME, IPHONE, WORK, Place, current, sign_in, token_of
from volary.kit.clock import HOUR

pytestmark = pytest.mark.anyio


def row_of(form: Form) -> Element:
    """The row in which a form stands."""
    at = form.element
    while at.tag != "li":
        assert at.parent is not None
        at = at.parent
    return at


def rows(page: Page) -> list[Element]:
    return page.root.one("ul", class_="sessions").every("li")


@pytest.mark.claim("C003", "C004")
async def test_every_session_is_listed_with_what_where_and_when(place: Place) -> None:
    phone = place.browser(AWAY, agent=IPHONE)
    await sign_in(phone, ANN)
    signed_in_at = place.db.now
    place.db.clock.advance(3 * HOUR)
    here = place.browser("127.0.0.1")
    await sign_in(here, ANN)
    await place.browser_of(BOB)
    mine, other = rows(await here.open("/settings/sessions"))
    assert "This session" in mine.text
    assert "Firefox 145 on Linux" in mine.text
    assert "this computer" in mine.text
    assert "Active now" in mine.text
    assert mine.every("form") == []
    assert "Safari 18 on iPhone" in other.text
    assert f"Netherlands (approximate) · {AWAY}" in other.text
    assert "Last seen: 3 hours ago" in other.text
    times = [time["datetime"] for time in other.every("time")]
    assert times[0] == "2026-09-21T14:13:20Z"
    assert signed_in_at == 1_790_000_000_000
    seen_there = rows(await phone.open("/settings/sessions"))
    assert len(seen_there) == 2
    assert "iPhone" in seen_there[0].text


@pytest.mark.claim("C005", "C003")
async def test_one_button_ends_one_session(place: Place) -> None:
    here = await place.browser_of(ANN)
    there, third = await place.browser_of(ANN, address=WORK), await place.browser_of(ANN, address="192.0.2.99")
    page = await here.open("/settings/sessions")
    (form,) = [form for form in page.forms()[1:] if WORK in row_of(form).text]
    assert form.buttons == ["Log out"]
    done = await here.send(form, "Log out")
    after = await here.open(done.location)
    assert "The session was logged out." in after.text
    assert len(rows(after)) == 2
    assert [await current(browser) for browser in (here, there, third)] == ["ann", None, "ann"]
    # Pressed a second time, on the old page, it says so.
    assert (await here.send(form, "Log out")).status == 404


@pytest.mark.claim("C006")
async def test_one_button_before_the_first_row_ends_all_others(place: Place) -> None:
    browsers = [await place.browser_of(ANN, address=address) for address in (HOME, WORK, AWAY)]
    here = browsers[1]
    page = await here.open("/settings/sessions")
    assert "2 other sessions" in page.text
    assert page.text.index("Log out all other sessions") < page.text.index("This session")
    done = await here.send(page.forms()[0], "Log out all other sessions")
    assert "All other sessions were logged out." in (await here.open(done.location)).text
    assert [await current(browser) for browser in browsers] == [None, "ann", None]
    after = await here.open("/settings/sessions")
    assert "You are not signed in anywhere else." in after.text
    assert after.forms() == []


@pytest.mark.claim("C007")
@pytest.mark.attack("SR-146")
async def test_an_ended_session_can_do_nothing_with_what_it_still_holds(place: Place) -> None:
    here, there = await place.browser_of(ANN), await place.browser_of(ANN, address=WORK)
    forms = (await there.open("/settings/sessions")).forms()
    profile = (await there.open("/settings/account")).forms()[0].filled(name="Mallory")
    await here.send((await here.open("/settings/sessions")).forms()[0], "Log out all other sessions")
    held = token_of(there)
    for form, button in ((forms[0], "Log out all other sessions"), (forms[1], "Log out"), (profile, "Save")):
        refused = await there.send(form, button)
        assert refused.location == "/login"
        there.hold("session", held)
    assert await current(here) == "ann"
    assert "Mallory" not in (await here.open("/settings/account")).answer.text


async def test_nobody_ends_the_session_of_somebody_else(place: Place) -> None:
    anns, bobs = await place.browser_of(ANN), await place.browser_of(BOB)
    elsewhere = await place.browser_of(ANN, address=WORK)
    (form,) = (await elsewhere.open("/settings/sessions")).forms()[1:]
    token = (await bobs.open("/settings/password")).form().values["csrf"]
    for number in (form.values["session"], "0", "-1", "9" * 30, "x", "", "\u0661"):
        answer = await bobs.posted("/settings/sessions/log-out", {"csrf": token, "session": number})
        assert answer.status == 404
    assert await current(anns) == "ann"


@pytest.mark.claim("C008")
@pytest.mark.parametrize(
    "language, words, title",
    [
        ("en", "such as Direct Messages", "Sessions"),
        ("nl", "zoals privéberichten", "Sessies"),
        ("de", "Direktnachrichten", "Sitzungen"),
    ],
)
async def test_the_page_warns_of_what_stays_on_the_device(place: Place, language: str, words: str, title: str) -> None:
    browser = await place.browser_of(ANN, language=language)
    browser.client.cookies.set("language", language, domain="localhost.local", path="/")
    page = await browser.open("/settings/sessions")
    assert words in page.text
    assert page.headings[0] == title


async def test_reading_changes_nothing(place: Place) -> None:
    browser = await place.browser_of(ANN)
    for path in ("/settings/sessions/log-out", "/settings/sessions/log-out-others"):
        assert (await browser.open(path)).status == 405


@pytest.mark.attack("SR-146")
async def test_a_session_that_ends_while_its_form_arrives_changes_nothing(place: Place) -> None:
    thief, ann = await place.browser_of(ANN), await place.browser_of(ANN, address=WORK)
    form = (await thief.open("/settings/account")).forms()[0].filled(location="Mallory was here")

    async def log_out_others() -> None:
        page = await ann.open("/settings/sessions")
        assert (await ann.send(page.forms()[0], "Log out all other sessions")).status == 303

    answer = await thief.send_slowly(form, "Save", log_out_others)
    assert answer.location.startswith("/login")
    assert (await ann.open("/settings/account")).forms()[0].values["location"] == ""
