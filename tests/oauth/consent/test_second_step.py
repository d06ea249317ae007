"""*Sign in* on an app's request with an account that asks for a second step: the page shows again, the request waits (contradiction 9)."""

import pytest
from sqlalchemy import func, select

from tests.cast import ANN
from tests.factors.authenticating import secured
from tests.oauth.consent.site import CALLBACK, Place, answer_in
from tests.oauth.consent.walking import Browser, Page
from volary.db import statement
from volary.oauth.models import grants, pending_authorizations
from volary.sessions.queries import sessions_of

pytestmark = pytest.mark.anyio
_WAITING = statement(select(func.count()).select_from(pending_authorizations), int)
_GRANTS = statement(select(func.count()).select_from(grants), int)


async def first(browser: Browser, asking: str) -> Page:
    page = await browser.open(asking)
    return await browser.press(page, "Sign in and authorize app", login="ann", password=ANN.password)


@pytest.mark.claim("C024")
async def test_the_page_shows_again_with_the_same_request(place: Place) -> None:
    held, browser = await secured(place.db, place.cast.ann.id), place.browser()
    asked = await browser.open(place.app.asking())
    step = await browser.press(asked, "Sign in and authorize app", login="ann", password=ANN.password)
    assert step.status == 200
    assert "Enter your code" in step.headings
    assert step.form().values["request"] == asked.form().values["request"]
    assert await place.db.one(_GRANTS) == 0
    assert await sessions_of(place.db, place.cast.ann.id) == []
    done = await browser.press(step, "Authorize app", code=held.phone.code(place.db.now))
    assert done.location.startswith(CALLBACK + "?")
    me = await place.app.me((await place.app.tokens(done.location))["access_token"])
    assert me.json()["data"]["username"] == "ann"
    assert (await browser.open("/settings/apps")).status == 200


async def test_it_is_the_same_by_oauth1(place: Place) -> None:
    held, browser = await secured(place.db, place.cast.ann.id), place.browser()
    asked = await place.app.request_token()
    step = await first(browser, f"/oauth/authorize?oauth_token={asked.token}")
    done = await browser.press(step, "Authorize app", code=held.codes[0])
    pair = await place.app.access_token(asked, answer_in(done.location)["oauth_verifier"])
    assert (await place.app.verified(pair)).json()["screen_name"] == "ann"


@pytest.mark.attack("SR-126")
async def test_a_wrong_code_consumes_nothing_and_a_right_one_connects_once(place: Place) -> None:
    held, browser = await secured(place.db, place.cast.ann.id), place.browser()
    step = await first(browser, place.app.asking())
    wrong = await browser.press(step, "Authorize app", code=held.phone.wrong(place.db.now))
    assert wrong.status == 400
    assert "This code is not right" in wrong.text
    assert await place.db.one(_WAITING) == 1
    form = wrong.form().filled(code=held.phone.code(place.db.now))
    assert (await browser.send(form, "Authorize app")).status == 303
    assert await place.db.one(_GRANTS) == 1
    assert await place.db.one(_WAITING) == 0


async def test_cancel_still_needs_nothing(place: Place) -> None:
    await secured(place.db, place.cast.ann.id)
    browser = place.browser()
    step = await first(browser, place.app.asking())
    done = await browser.press(step, "Cancel")
    assert answer_in(done.location)["error"] == "access_denied"
    assert await sessions_of(place.db, place.cast.ann.id) == []


async def test_a_step_that_is_none_asks_for_the_password_again(place: Place) -> None:
    held, browser = await secured(place.db, place.cast.ann.id), place.browser()
    step = await first(browser, place.app.asking())
    form = step.form().filled(code=held.phone.code(place.db.now)).edited(step="ff")
    again = await browser.send(form, "Authorize app")
    assert again.status == 401
    assert "took too long" in again.text
    assert again.form().buttons == ["Sign in and authorize app", "Cancel"]
    assert await place.db.one(_GRANTS) == 0


@pytest.mark.attack("SR-123")
async def test_what_was_chosen_before_the_second_step_holds_after_it(place: Place) -> None:
    """Less was allowed on the page before: the code that follows does not give more."""
    held, browser = await secured(place.db, place.cast.ann.id), place.browser()
    scope = "tweet.read users.read tweet.write like.write offline.access"
    page = await browser.open(place.app.asking(scope, optional_scope="like.write users.read offline.access"))
    form = page.form().filled(login="ann", password=ANN.password, lasting="hour")
    form.edited(**{"scope-users.read": "1", "scope-offline.access": "1"})
    step = await browser.send(form, "Sign in and authorize app")
    assert not [box for box in step.root.every("input", type="checkbox") if box.get("disabled") is None]
    done = await browser.press(step, "Authorize app", code=held.phone.code(place.db.now))
    tokens = await place.app.tokens(done.location)
    assert tokens["scope"] == "tweet.read users.read tweet.write offline.access"
    assert tokens["expires_in"] == 3600
    (grant,) = await place.connected(place.cast.ann.id)
    assert grant.expires_at == place.db.now + 3_600_000
