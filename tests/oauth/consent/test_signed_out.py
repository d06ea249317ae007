"""*Sign in* on the page itself: one press proves who somebody is and connects the app."""

from urllib.parse import urlsplit

import pytest
from sqlalchemy import bindparam, func, select, update

from tests.cast import ANN, DAVE, Part
from tests.oauth.consent.site import CALLBACK, Place, answer_in
from tests.oauth.consent.walking import Browser, Page
from volary.accounts.models import LOCKED, SUSPENDED, accounts
from volary.db import Tx, statement
from volary.oauth.models import pending_authorizations
from volary.sessions.models import sessions
from volary.sessions.queries import sessions_of
from volary.sessions.rules.browsers import COOKIE
from volary.web.visit import BROWSER

pytestmark = pytest.mark.anyio

_SET_STATE = statement(update(accounts).where(accounts.c.id == bindparam("i")).values(state=bindparam("new")))
_WAITING = statement(select(func.count()).select_from(pending_authorizations), int)
_SESSIONS = statement(select(func.count()).select_from(sessions), int)


async def set_state(tx: Tx, account_id: int, state: str) -> None:
    await tx.run(_SET_STATE, i=account_id, new=state)


async def signed_in(browser: Browser, page: Page, part: Part = ANN, password: str | None = None) -> Page:
    return await browser.press(
        page, "Sign in and authorize app", login=part.username, password=password or part.password
    )


@pytest.mark.claim("C024")
async def test_signing_in_connects_by_oauth2(place: Place) -> None:
    browser = place.browser()
    answer = await signed_in(browser, await browser.open(place.app.asking()))
    assert answer.location.startswith(CALLBACK + "?")
    me = await place.app.me((await place.app.tokens(answer.location))["access_token"])
    assert me.json()["data"]["username"] == "ann"
    assert (await browser.open("/settings/apps")).status == 200


@pytest.mark.claim("C024")
@pytest.mark.parametrize("path", ["/oauth/authorize", "/oauth/authenticate"])
async def test_signing_in_connects_by_oauth1(place: Place, path: str) -> None:
    browser = place.browser()
    asked = await place.app.request_token()
    answer = await signed_in(browser, await browser.open(f"{path}?oauth_token={asked.token}"))
    pair = await place.app.access_token(asked, answer_in(answer.location)["oauth_verifier"])
    assert (await place.app.verified(pair)).json()["screen_name"] == "ann"


@pytest.mark.claim("C024")
async def test_an_email_address_signs_in_as_well(place: Place) -> None:
    browser = place.browser()
    page = await browser.open(place.app.asking())
    answer = await browser.press(page, "Sign in and authorize app", login=ANN.email, password=ANN.password)
    assert "code" in answer_in(answer.location)


@pytest.mark.claim("C085", "C092")
async def test_the_password_stays_here(place: Place) -> None:
    browser = place.browser()
    page = await browser.open(place.app.asking())
    assert urlsplit(page.form().action).netloc == "localhost:8000"
    answer = await signed_in(browser, page)
    tokens = await place.app.tokens(answer.location)
    me = await place.app.me(tokens["access_token"])
    for sent in (answer.location, str(tokens), me.text):
        assert ANN.password not in sent
        assert ANN.password.replace(" ", "+") not in sent


@pytest.mark.claim("C024")
async def test_a_wrong_password_grants_and_consumes_nothing(place: Place) -> None:
    browser = place.browser()
    page = await browser.open(place.app.asking())
    refused = await signed_in(browser, page, password="not hers")
    assert refused.status == 401
    told = refused.root.one("div", role="alert")
    assert "do not match" in told.text
    assert told.one("a").get("href") == "#field-password"
    assert refused.text.index("do not match") < refused.text.index("Photo Frame"), "the page begins with it"
    assert refused.form().values["login"] == "ann"
    assert refused.form().values["password"] == ""
    assert refused.form().values["request"] == page.form().values["request"]
    assert "not hers" not in refused.answer.text
    assert not await place.connected(place.cast.ann.id)
    assert COOKIE not in browser.client.cookies
    answer = await signed_in(browser, refused)
    assert answer.status == 303
    assert len(await place.connected(place.cast.ann.id)) == 1


@pytest.mark.attack("SR-149")
async def test_guesses_are_throttled_as_at_the_sign_in_page(place: Place) -> None:
    browser = place.browser()
    page = await browser.open(place.app.asking())
    answers = [await signed_in(browser, page, password=f"guess {number}") for number in range(30)]
    assert {answer.status for answer in answers} == {401, 429}
    late = await signed_in(browser, page)
    assert late.status == 429
    assert int(late.headers["retry-after"]) > 0
    assert late.form().buttons == ["Sign in and authorize app", "Cancel"]
    assert not await place.connected(place.cast.ann.id)
    elsewhere = await browser.open("/login")
    assert (await browser.press(elsewhere, "Sign in", login="ann", password=ANN.password)).status == 429


@pytest.mark.attack("SR-153")
async def test_nobody_learns_who_exists(place: Place) -> None:
    browser = place.browser()
    page = await browser.open(place.app.asking())
    known = await browser.press(page, "Sign in and authorize app", login="ann", password="wrong")
    unknown = await browser.press(page, "Sign in and authorize app", login="nobody_at_all", password="wrong")
    assert known.status == unknown.status
    assert known.root.one("div", role="alert").text == unknown.root.one("div", role="alert").text


@pytest.mark.attack("SR-143")
async def test_a_right_password_begins_a_new_session(place: Place) -> None:
    browser = place.browser()
    page = await browser.open(place.app.asking())
    before = browser.client.cookies.get(BROWSER)
    assert before
    await signed_in(browser, page)
    assert not browser.client.cookies.get(BROWSER)
    token = browser.client.cookies.get(COOKIE)
    assert token
    assert token != before
    (session,) = await sessions_of(place.db, place.cast.ann.id)
    assert session.method == "password"


@pytest.mark.attack("SR-126")
async def test_two_presses_open_one_session_and_one_grant(place: Place) -> None:
    browser = place.browser()
    page = await browser.open(place.app.asking())
    cookies = dict(browser.client.cookies)
    assert (await signed_in(browser, page)).status == 303
    browser.client.cookies.clear()
    for name, value in cookies.items():
        browser.hold(name, value)
    second = await signed_in(browser, page)
    assert second.status == 400
    assert second.headings == ["This request was already answered"]
    assert await place.db.one(_SESSIONS) == 1


@pytest.mark.parametrize("state", [SUSPENDED, LOCKED])
async def test_an_account_that_may_not_sign_in_connects_nothing(place: Place, state: str) -> None:
    await place.db.write(set_state, place.cast.ann.id, state)
    browser = place.browser()
    refused = await signed_in(browser, await browser.open(place.app.asking()))
    assert refused.status == 401
    assert not await place.connected(place.cast.ann.id)


async def test_the_name_that_the_app_knows_is_filled_in(place: Place) -> None:
    page = await place.browser().open(await place.app.authorizing(screen_name="ann"))
    assert page.form().values["login"] == "ann"


@pytest.mark.attack("SR-065")
@pytest.mark.parametrize("path", ["/oauth/authorize", "/oauth/authenticate"])
async def test_force_login_asks_for_the_password_again(place: Place, path: str) -> None:
    browser = await place.browser_of(ANN)
    await browser.press(await browser.open(await place.app.authorizing()), "Authorize app")
    page = await browser.open(await place.app.authorizing(path, force_login="true"))
    form = page.form()
    assert form.buttons == ["Sign in and authorize app", "Cancel"]
    assert form.values["login"] == "ann"
    assert "account" not in form.values
    cheated = form.edited(account=str(place.cast.ann.id), password="")
    assert (await browser.send(cheated, "Sign in and authorize app")).status == 401
    answer = await signed_in(browser, page)
    assert "oauth_verifier" in answer_in(answer.location)


async def test_force_login_connects_whoever_signs_in(place: Place) -> None:
    browser = await place.browser_of(ANN)
    asked = await place.app.request_token()
    page = await browser.open(f"/oauth/authorize?oauth_token={asked.token}&force_login=true")
    answer = await signed_in(browser, page, DAVE)
    pair = await place.app.access_token(asked, answer_in(answer.location)["oauth_verifier"])
    assert (await place.app.verified(pair)).json()["screen_name"] == "dave"
    both = await browser.open(place.app.asking())
    offered = [option.one("span", class_="muted").text for option in both.root.every("label", class_="consent-account")]
    assert offered == ["@dave", "@ann"]


@pytest.mark.claim("C095")
async def test_who_signed_in_before_is_asked_for_no_password(place: Place) -> None:
    browser = place.browser()
    await browser.press(await browser.open("/login"), "Sign in", login="ann", password=ANN.password)
    page = await browser.open(place.app.asking())
    assert not page.root.every("input", type="password")


async def test_signing_up_comes_back_to_the_request(place: Place) -> None:
    page = await place.browser().open(place.app.asking())
    assert page.link("Sign up").startswith("/signup?then=/i/oauth2/authorize%3F")


@pytest.mark.attack("SR-125")
async def test_looking_ahead_keeps_nothing(place: Place) -> None:
    browser = place.browser()
    answer = await browser.open(place.app.asking(), method="HEAD")
    assert answer.status == 200
    assert await place.db.one(_WAITING) == 0
