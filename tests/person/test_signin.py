"""Sign in, sign out, and several accounts in one browser, on the pages."""

import asyncio

import pytest

from tests.cast import ANN, BOB, DAVE, People
from tests.conftest import HeldDatabase
from tests.oauth.consent.walking import Browser
from tests.person.site import AWAY, HOME, WORK, Place, current, sign_in, site_of, token_of
from volary.accounts.rules.hashing import PasswordHasher
from volary.kit.secrets import digest
from volary.sessions.queries import live_session, sessions_of
from volary.settings import Settings
from volary.web.visit import BROWSER

pytestmark = pytest.mark.anyio


@pytest.mark.claim("C002")
async def test_settings_ask_for_a_sign_in_and_lead_back(place: Place) -> None:
    browser = place.browser()
    asked = await browser.open("/settings/sessions?from=menu")
    form = await browser.open(asked.location)
    assert form.headings == ["Sign in to your account"]
    done = await browser.press(form, "Sign in", login="Ann@example.org", password=ANN.password)
    assert done.location == "/settings/sessions?from=menu"
    assert (await browser.open(done.location)).status == 200
    assert await current(browser) == "ann"


async def test_whoever_is_signed_in_is_not_asked_again(place: Place) -> None:
    browser = await place.browser_of(ANN)
    assert (await browser.open("/login?then=/settings/account")).location == "/settings/account"
    added = await browser.open("/login?add=1")
    assert added.headings == ["Add another account"]


@pytest.mark.attack("SR-153")
@pytest.mark.parametrize("login", ["ann", "nobody_at_all", "nobody@example.org", "not a name", ""])
async def test_a_failure_looks_alike_for_every_name(place: Place, login: str) -> None:
    browser = place.browser()
    failed = await browser.press(await browser.open("/login"), "Sign in", login=login, password="wrong wrong")
    assert failed.status == 401
    assert "The username or email and the password do not match." in failed.text
    assert failed.form().values["login"] == login
    assert failed.form().values["password"] == ""
    assert place.hasher.computed == 1
    assert "session" not in failed.headers.get("set-cookie", "")


@pytest.mark.attack("SR-149")
async def test_the_page_says_when_to_come_back(place: Place) -> None:
    browser = place.browser()
    for _ in range(10):
        await browser.press(await browser.open("/login"), "Sign in", login="ann", password="wrong wrong")
    throttled = await sign_in(browser, ANN)
    assert throttled.status == 429
    assert throttled.headers["retry-after"] == "900"
    assert "Please wait 15 minutes" in throttled.text
    assert (await sign_in(place.browser(WORK), ANN)).status == 303


@pytest.mark.attack("SR-352")
async def test_a_full_queue_answers_503_on_a_page_that_costs_little_and_takes_the_form_again(
    db: HeldDatabase, cast: People
) -> None:
    full = PasswordHasher(slots=1, queue=0, memory=8_192, passes=60)
    try:
        browser = Browser(site_of(db, full, Settings(public_url="http://localhost:8000")))
        form = await browser.open("/login")
        blocking = asyncio.create_task(full.hash("something long"))
        await asyncio.sleep(0)
        busy = await browser.press(form, "Sign in", login="ann", password=ANN.password)
        assert (busy.status, busy.headers["retry-after"]) == (503, "2")
        assert busy.root.one("h1").text == "Not just now"
        assert "sends once more what you typed" in busy.root.text
        assert busy.root.every("form") == busy.root.every("nav") == busy.root.every("script") == []
        assert ANN.password not in str(busy.text)
        await blocking
        # Reloading sends the same form.
        right = await browser.press(form, "Sign in", login="ann", password=ANN.password)
        assert right.status == 303
    finally:
        full.close()


@pytest.mark.attack("SR-159")
@pytest.mark.parametrize(
    "then",
    [
        "//evil.example",
        "/\\evil.example",
        "https:evil.example",
        "/%09/evil.example",
        "javascript:alert(1)",
        "/%2f%2fevil.example",
        "//evil@host",
        "https://evil.example/",
    ],
)
async def test_a_sign_in_ends_on_this_site(place: Place, then: str) -> None:
    browser = place.browser()
    form = (await browser.open("/login?then=" + then)).form().filled(login="ann", password=ANN.password)
    assert (await browser.send(form.edited(then=then), "Sign in")).location == "/settings"


@pytest.mark.attack("SR-143")
async def test_what_the_browser_held_before_the_sign_in_is_worth_nothing_after_it(place: Place) -> None:
    browser = place.browser()
    form = (await browser.open("/login")).form().filled(login="ann", password=ANN.password)
    before = browser.client.cookies.get(BROWSER)
    assert before
    await browser.send(form, "Sign in")
    assert token_of(browser)
    assert browser.client.cookies.get(BROWSER) is None
    again = await browser.send(form, "Sign in")
    assert again.status == 403
    other = place.browser()
    other.hold(BROWSER, before)
    assert await current(other) is None


async def test_a_form_that_is_out_of_date_leads_back_to_its_page(place: Place) -> None:
    browser = place.browser()
    form = (await browser.open("/login?then=/settings/apps")).form().filled(login="ann", password=ANN.password)
    old = await browser.send(form.edited(csrf="old"), "Sign in")
    assert (old.status, old.link("Back to the page")) == (403, "/login?then=/settings/apps")
    away = await browser.send(form.edited(csrf="old", then="https://evil.example/"), "Sign in")
    assert away.link("Back to the page") == "/login"
    inside = place.browser()
    await sign_in(inside, ANN)
    below = await inside.posted("/settings/sessions/log-out", {"csrf": "old", "session": "1"})
    assert below.link("Back to the page") == "/settings/sessions", "the nearest page above"


async def test_without_cookies_one_starts_again(place: Place) -> None:
    form = (await place.browser().open("/login?then=/settings/apps")).form().filled(login="ann", password="x")
    answer = await place.browser().send(form, "Sign in")
    assert (answer.status, answer.link("Start again")) == (403, "/login?then=/settings/apps")
    assert "Please allow cookies for this site" in answer.text


@pytest.mark.attack("SR-145")
async def test_the_cookie_is_for_this_server_alone(db: HeldDatabase, place: Place) -> None:
    secure = Browser(site_of(db, place.hasher, Settings(public_url="https://volary.example")))
    secure.client.base_url = "https://volary.example"
    form = (await secure.open("/login")).form().filled(login="ann", password=ANN.password)
    done = await secure.posted(
        "https://volary.example/login", form.pressed("Sign in"), {"origin": "https://volary.example"}
    )
    cookie = next(line for line in done.headers.get_list("set-cookie") if line.startswith("__Host-session="))
    value, *attributes = cookie.split("; ")
    assert {"Path=/", "HttpOnly", "SameSite=Lax", "Secure"} <= set(attributes)
    assert len(value.removeprefix("__Host-session=")) == 43
    assert "Domain" not in cookie


@pytest.mark.attack("SR-146")
async def test_whoever_signs_out_is_out_for_good(place: Place) -> None:
    browser = place.browser()
    await sign_in(browser, ANN)
    held = token_of(browser)
    page = await browser.open("/settings")
    (form,) = [one for one in page.root.every("form") if one.get("action") == "/logout"]
    token = form.one("input", name="csrf")["value"]
    out = await browser.posted("/logout", {"csrf": token, "redirect": "//evil.example", "then": "//evil.example"})
    assert out.location == "/login"
    assert token_of(browser) == ""
    assert await live_session(place.db, digest(held)) is None
    replay = place.browser()
    replay.hold("session", held)
    for path in ("/settings", "/settings/sessions", "/settings/password"):
        assert (await replay.open(path)).location.startswith("/login?then=")


@pytest.mark.attack("SR-147")
async def test_nobody_else_signs_me_out(place: Place) -> None:
    browser = await place.browser_of(ANN)
    assert (await browser.open("/logout")).status == 405
    assert (await browser.posted("/logout", {})).status == 403
    strangers = {"origin": "https://evil.example", "sec-fetch-site": "cross-site"}
    assert (await browser.posted("/logout", {"csrf": "x" * 86}, strangers)).status == 403
    assert await current(browser) == "ann"


@pytest.mark.claim("C030")
async def test_accounts_are_added_and_switched_between(place: Place) -> None:
    browser = place.browser()
    await sign_in(browser, ANN)
    added = await sign_in(browser, BOB, "/login?add=1&then=/settings/sessions")
    assert added.location == "/settings/sessions"
    assert await current(browser) == "bob"
    page = await browser.open("/settings")
    (form,) = [one for one in page.root.every("form") if one.get("action") == "/account/switch"]
    (choice,) = form.every("button", name="account")
    assert choice["value"] == str(place.cast.ann.id)
    values = {one["name"]: one["value"] for one in form.every("input")} | {"account": choice["value"]}
    assert (await browser.posted("/account/switch", values)).location == "/settings"
    assert await current(browser) == "ann"
    # A form that was shown to bob does nothing for ann.
    assert (await browser.posted("/account/switch", values)).status == 403


async def test_an_account_that_is_not_here_is_asked_to_sign_in(place: Place) -> None:
    browser = await place.browser_of(ANN)
    token = (await browser.open("/settings/password")).form().values["csrf"]
    values = {"csrf": token, "account": str(place.cast.dave.id), "then": "/settings"}
    assert (await browser.posted("/account/switch", values)).location == "/login?add=1&then=/settings"
    values["then"] = "/settings?" + "!" * 700
    assert (await browser.posted("/account/switch", values)).location == "/login?add=1"
    assert await current(browser) == "ann"


async def test_signing_out_of_one_account_leaves_the_other_or_both_go(place: Place) -> None:
    browser = await place.browser_of(ANN, BOB)
    token = (await browser.open("/settings/password")).form().values["csrf"]
    assert (await browser.posted("/logout", {"csrf": token})).location == "/settings"
    assert await current(browser) == "bob"
    assert await sessions_of(place.db, place.cast.ann.id) == []
    both = await place.browser_of(ANN, DAVE)
    token = (await both.open("/settings/password")).form().values["csrf"]
    assert (await both.posted("/logout", {"csrf": token, "all": "1"})).location == "/login"
    assert await sessions_of(place.db, place.cast.dave.id) == []


@pytest.mark.attack("SR-165")
async def test_what_stands_in_the_address_is_shown_as_text(place: Place) -> None:
    browser = place.browser()
    page = await browser.open('/login?username="><script>alert(1)</script>&error=<img src=x onerror=alert(1)>')
    assert page.form().values["login"] == '"><script>alert(1)</script>'
    assert page.root.every("script", src="x") == []
    assert "<script>alert" not in page.answer.text
    assert "<img" not in page.answer.text


async def test_a_session_is_kept_with_where_and_what_it_was(place: Place) -> None:
    browser = place.browser(AWAY)
    await sign_in(browser, ANN)
    (row,) = await sessions_of(place.db, place.cast.ann.id)
    assert (row.address, row.location, row.device, row.browser) == (AWAY, "place/NL/", "computer/Linux", "Firefox 145")


@pytest.mark.claim("C092")
async def test_the_page_says_where_a_password_belongs(place: Place) -> None:
    page = await place.browser(HOME).open("/login")
    assert "only when the address bar of your browser shows http://localhost:8000" in page.text
    assert page.form().action == "http://localhost:8000/login"


@pytest.mark.parametrize(
    "language, title, button",
    [("nl", "Log in bij je account", "Inloggen"), ("de", "Melden Sie sich bei Ihrem Konto an", "Anmelden")],
)
async def test_the_page_speaks_the_visitors_language(place: Place, language: str, title: str, button: str) -> None:
    page = await place.browser(language=language).open("/login")
    assert page.headings == [title]
    assert page.form().buttons == [button]
