"""Two-factor authentication on the pages: switching it on and off, and signing in with it."""

import pytest
from sqlalchemy import bindparam, insert

from tests.cast import ANN
from tests.factors.authenticating import Phone, next_code, secured
from tests.oauth.consent.walking import Browser, Page
from tests.person.site import AWAY, Place, current, sign_in
from volary.db import Tx, statement
from volary.factors.models import passkeys
from volary.factors.queries import authenticator_of, second_step_since
from volary.kit.clock import HOUR
from volary.mail.queries import latest_letters
from volary.sessions.queries import sessions_of

pytestmark = pytest.mark.anyio
PATH = "/settings/two-factor"


_KEEP = statement(
    insert(passkeys).values(
        id=bindparam("id"),
        account_id=bindparam("account_id"),
        credential_id=b"which",
        credential=b"key",
        sign_count=0,
        name="Laptop",
        created_at=bindparam("at"),
    )
)


async def _with_passkey(tx: Tx, account_id: int) -> None:
    await tx.run(_KEEP, id=tx.new_id(), account_id=account_id, at=tx.now)


async def set_up(place: Place, browser: Browser) -> tuple[Phone, Page]:
    """From the settings to the page of recovery codes, as a person does it."""
    settings = await browser.open(PATH)
    asked = await browser.press(settings, "Set up an authenticator app")
    phone = Phone(asked.root.one("code", id="secret").text)
    return phone, await browser.press(asked, "Switch on", code=phone.code(place.db.now))


def codes_on(page: Page) -> list[str]:
    return page.root.one("code", id="codes").text.split()


async def test_somebody_switches_it_on_and_signs_in_with_it(place: Place) -> None:
    browser, elsewhere = await place.browser_of(ANN), await place.browser_of(ANN)
    phone, codes = await set_up(place, browser)
    assert codes.headings == ["Your recovery codes"]
    assert len(set(codes_on(codes))) == 10
    assert await current(browser) == "ann", "this session goes on, under a new token"
    assert await current(elsewhere) is None, "the others were opened by the password alone"
    next_code(place.db)
    new = place.browser(AWAY)
    step = await sign_in(new, ANN, "/login?then=/settings/apps")
    assert (step.status, step.headings) == (200, ["Enter your code"])
    assert "session" not in step.headers.get("set-cookie", "")
    assert await current(new) is None
    wrong = await new.press(step, "Continue", code=phone.wrong(place.db.now))
    assert wrong.status == 400
    assert "This code is not right" in wrong.text
    done = await new.press(wrong, "Continue", code=phone.code(place.db.now))
    assert done.location == "/settings/apps"
    assert await current(new) == "ann"


async def test_a_recovery_code_does_it_too(place: Place) -> None:
    _, codes = await set_up(place, await place.browser_of(ANN))
    new = place.browser()
    done = await new.press(await sign_in(new, ANN), "Continue", code=codes_on(codes)[3])
    assert done.status == 303
    left = await new.open(PATH)
    assert "You have 9 unused recovery codes." in left.text


async def test_nothing_is_kept_before_a_code_shows_that_the_app_has_the_secret(place: Place) -> None:
    browser = await place.browser_of(ANN)
    asked = await browser.press(await browser.open(PATH), "Set up an authenticator app")
    phone = Phone(asked.root.one("code", id="secret").text)
    wrong = await browser.press(asked, "Switch on", code=phone.wrong(place.db.now))
    assert wrong.status == 400
    assert wrong.root.one("code", id="secret").text == asked.root.one("code", id="secret").text
    assert await authenticator_of(place.db, place.cast.ann.id) is None
    assert await second_step_since(place.db, place.cast.ann.id) is None


@pytest.mark.parametrize("cheat", ["late", "rubbish", "another session"])
async def test_a_secret_that_waited_too_long_or_comes_from_elsewhere_is_not_taken(place: Place, cheat: str) -> None:
    browser = await place.browser_of(ANN)
    asked = await browser.press(await browser.open(PATH), "Set up an authenticator app")
    phone, form = Phone(asked.root.one("code", id="secret").text), asked.form()
    if cheat == "late":
        place.db.clock.advance(HOUR)
    elif cheat == "rubbish":
        form.edited(set_up="00ff")
    else:
        other = await place.browser_of(ANN, address=AWAY)
        theirs = (await other.press(await other.open(PATH), "Set up an authenticator app")).form()
        form.edited(set_up=theirs.values["set_up"])
    answer = await browser.send(form.filled(code=phone.code(place.db.now)), "Switch on")
    assert answer.location == PATH
    assert "out of date" in (await browser.open(PATH)).text
    assert await second_step_since(place.db, place.cast.ann.id) is None


async def test_switching_it_off_takes_a_code_and_ends_other_sessions(place: Place) -> None:
    browser = await place.browser_of(ANN)
    held = await secured(place.db, place.cast.ann.id)
    off = next(form for form in (await browser.open(PATH)).forms() if "Switch off" in form.buttons)
    refused = await browser.send(off.filled(code=held.phone.wrong(place.db.now)), "Switch off")
    assert refused.status == 400
    assert await second_step_since(place.db, place.cast.ann.id) is not None
    done = await browser.send(off.filled(code=held.phone.code(place.db.now)), "Switch off")
    assert done.location == PATH
    assert await second_step_since(place.db, place.cast.ann.id) is None
    assert await current(browser) == "ann"
    assert len(await sessions_of(place.db, place.cast.ann.id)) == 1
    assert (await sign_in(place.browser(AWAY), ANN)).status == 303
    assert "second_step_off" in " ".join(row.template for row in await latest_letters(place.db))


@pytest.mark.attack("SR-163")
@pytest.mark.parametrize("button", ["Make new recovery codes", "Switch off"])
async def test_an_old_session_is_asked_for_the_password_first(place: Place, button: str) -> None:
    browser = await place.browser_of(ANN)
    held = await secured(place.db, place.cast.ann.id)
    place.db.clock.advance(3 * HOUR)
    form = next(form for form in (await browser.open(PATH)).forms() if button in form.buttons)
    if button == "Switch off":
        form.filled(code=held.phone.code(place.db.now))
    asked = await browser.send(form, button)
    assert (asked.status, asked.headings) == (403, ["Confirm that it is you"])
    assert await second_step_since(place.db, place.cast.ann.id) is not None
    done = await browser.press(asked, "Confirm", password_again=ANN.password)
    assert done.status == (303 if button == "Switch off" else 200)


async def test_the_pages_of_the_second_step_speak_dutch_and_german(place: Place) -> None:
    await secured(place.db, place.cast.ann.id)
    for language, heading in (("nl", "Voer je code in"), ("de", "Geben Sie Ihren Code ein")):
        browser = place.browser(language=language)
        form = (await browser.open("/login")).form().filled(login="ann", password=ANN.password)
        step = await browser.send(form, form.buttons[0])
        assert step.headings == [heading]


@pytest.mark.attack("SR-122")
async def test_a_second_step_without_its_token_or_from_another_browser_opens_nothing(place: Place) -> None:
    held = await secured(place.db, place.cast.ann.id)
    browser, other = place.browser(), place.browser()
    form = (await sign_in(browser, ANN)).form().filled(code=held.phone.code(place.db.now))
    own = (await other.open("/login")).form().values["csrf"]
    values = form.values | {"csrf": own}
    stolen = await other.posted(form.action, values)
    assert stolen.status == 401
    assert "took too long" in stolen.text
    assert (await browser.posted(form.action, form.values | {"csrf": "none"})).status == 403
    assert (await browser.send(form, "Continue")).status == 303, "what was not taken still holds"


async def test_the_last_passkey_takes_the_second_step_with_it_and_the_page_says_so(place: Place) -> None:
    account_id = place.cast.ann.id
    await place.db.write(_with_passkey, account_id)
    browser = await place.browser_of(ANN)
    page = await browser.open(PATH)
    form = next(form for form in page.forms() if "Ask for a passkey after the password" in form.buttons)
    assert (await browser.send(form, "Ask for a passkey after the password")).headings == ["Your recovery codes"]
    assert (await sign_in(place.browser(AWAY), ANN)).headings == ["Confirm your sign-in"]
    asked = await browser.open((await browser.open("/settings/passkeys")).link("Remove"))
    assert "two-factor authentication is switched off with it" in asked.text
    assert (await browser.press(asked, "Remove")).location == "/settings/passkeys"
    assert await second_step_since(place.db, account_id) is None
    assert (await browser.open("/settings/passkeys/1/remove")).status == 404
