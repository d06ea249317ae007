"""Sign up on the page."""

import pytest

from tests.cast import ANN
from tests.person.site import Place, current, token_of
from volary.accounts.queries import account_by_username, secrets_by_login
from volary.sessions.actions.guesses import take_sign_up
from volary.sessions.errors import TooManySignUps
from volary.sessions.rules import guesses

pytestmark = pytest.mark.anyio


async def test_signing_up_signs_in_and_leads_on(place: Place) -> None:
    browser = place.browser(language="nl")
    form = await browser.open("/signup?then=/settings/account")
    done = await browser.press(
        form, "Registreren", username="Eve_2", name="Eve", email="Eve@Example.org", password="a kite over water"
    )
    assert done.location == "/settings/account"
    assert await current(browser) == "Eve_2"
    eve = await account_by_username(place.db, "eve_2")
    assert eve is not None
    assert (eve.name, eve.email, eve.email_confirmed_at, eve.language) == ("Eve", "eve@example.org", None, "nl")
    [secret] = await secrets_by_login(place.db, "eve_2")
    assert secret is not None
    assert secret.password is not None
    assert await place.hasher.verify(secret.password, "a kite over water")


async def test_a_username_and_a_password_are_enough(place: Place) -> None:
    browser = place.browser()
    done = await browser.press(await browser.open("/signup"), "Sign up", username="eve", password="a kite over water")
    assert done.location == "/settings"
    eve = await account_by_username(place.db, "eve")
    assert eve is not None
    assert (eve.name, eve.email) == ("eve", None)


async def test_everything_that_is_wrong_is_said_at_once_and_nothing_is_hashed(place: Place) -> None:
    browser = place.browser()
    form = (await browser.open("/signup")).form()
    form.filled(username="ANN", name="x" * 51, email="nowhere", password="password")
    page = await browser.send(form, "Sign up")
    assert page.status == 400
    for words in (
        "4 things need to be put right.",
        "This username is taken.",
        "A name has at most 50 characters.",
        "This is not an email address.",
        "This password is one of the first that others would try.",
    ):
        assert words in page.text
    again = page.form()
    assert (again.values["username"], again.values["password"]) == ("ANN", "")
    assert place.hasher.computed == 0
    assert token_of(browser) == ""


@pytest.mark.attack("SR-157", "SR-158")
@pytest.mark.parametrize("username", ["admin", "Login", "\uff4dallory", "a.b", "", "sixteen_letters_", "\U0001f41d"])
async def test_names_that_could_deceive_are_refused(place: Place, username: str) -> None:
    browser = place.browser()
    form = (await browser.open("/signup")).form().filled(username=username, password="a kite over water")
    page = await browser.send(form, "Sign up")
    assert page.status == 400
    assert "field-username" in page.answer.text
    assert await secrets_by_login(place.db, username) == []


@pytest.mark.attack("SR-155")
async def test_a_password_of_a_megabyte_is_not_even_read(place: Place) -> None:
    browser = place.browser()
    form = (await browser.open("/signup")).form().filled(username="eve", password="x" * 1_000_000)
    assert (await browser.send(form, "Sign up")).status == 413
    form.filled(password="x" * 1_025)
    assert (await browser.send(form, "Sign up")).status == 400
    assert place.hasher.computed == 0


async def test_an_address_that_somebody_has_is_not_betrayed(place: Place) -> None:
    browser = place.browser()
    form = (await browser.open("/signup")).form()
    form.filled(username="mallory", email=ANN.email, password="a kite over water")
    assert (await browser.send(form, "Sign up")).status == 303
    assert [secret.id for secret in await secrets_by_login(place.db, ANN.email)] == [place.cast.ann.id]


@pytest.mark.attack("SR-352")
async def test_one_network_opens_no_more_accounts_than_a_school(place: Place) -> None:
    for _ in range(guesses.SIGN_UP_LIMIT):
        await place.db.write(take_sign_up, "2001:db8::1")
    with pytest.raises(TooManySignUps):
        await place.db.write(take_sign_up, "2001:db8::2")
    browser = place.browser("2001:db8::3")
    form = (await browser.open("/signup")).form().filled(username="eve", password="a kite over water")
    computed = place.hasher.computed
    refused = await browser.send(form, "Sign up")
    assert (refused.status, refused.headers["retry-after"]) == (429, "3600")
    assert place.hasher.computed == computed, "a hash keeps the place of somebody who wants to sign in"
    assert await account_by_username(place.db, "eve") is None
    place.db.clock.advance(3_600_000)
    assert (await browser.send(form, "Sign up")).status == 303


async def test_a_new_account_joins_those_in_the_browser(place: Place) -> None:
    browser = await place.browser_of(ANN)
    form = (await browser.open("/signup")).form().filled(username="eve", password="a kite over water")
    assert (await browser.send(form, "Sign up")).status == 303
    assert await current(browser) == "eve"
    assert len(token_of(browser).split(".")) == 2
