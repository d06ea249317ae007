"""Forgotten passwords: one answer whoever is named, a link that holds once, and nobody who is signed in by it."""

import asyncio
import re

import pytest
from sqlalchemy import select

from tests.cast import ANN
from tests.factors.authenticating import secured
from tests.oauth.consent.walking import Page
from tests.person.site import AWAY, WORK, Place, current, sign_in
from tests.person.test_confirming import letters
from volary.accounts.actions import change_email, set_state
from volary.accounts.models import ACTIVE, LOCKED
from volary.activity.models import events
from volary.db import statement
from volary.jobs.declaring import Work
from volary.jobs.models import jobs
from volary.kit.clock import DAY, HOUR, MINUTE
from volary.kit.resources import Resources
from volary.person.actions import choose_password
from volary.sessions.actions.resetting import MOST_LETTERS, WRITE, ask_for_reset, sweep_resets, write_reset
from volary.sessions.errors import ResetUnknown
from volary.sessions.jobs import write_reset_letter
from volary.sessions.models import password_resets
from volary.sessions.rules.guesses import RESET_LIMIT

pytestmark = pytest.mark.anyio

NEW = "a kite over water"
_JOBS = statement(select(jobs.c.payload).where(jobs.c.name == WRITE), str)
_KINDS = statement(select(events.c.kind).where(events.c.kind.like("password%")).order_by(events.c.id), str)
_LINKS = statement(select(password_resets.c.account_id), int)


async def asked(place: Place, login: str, address: str = AWAY) -> Page:
    """Somebody asks, and the page that they are led to."""
    browser = place.browser(address)
    page = await browser.open("/login")
    page = await browser.open(page.root.one("a", href="/login/forgot")["href"])
    return await browser.press(page, "Send link", login=login)


async def link(place: Place) -> str:
    """The link of a letter that is sent to ann now."""
    assert await place.db.write(write_reset, place.cast.ann.id)
    _address, letter = (await letters(place))[0]
    found = re.search(r"http://localhost:8000(/login/reset\?token=\S+)", letter.text)
    assert found, letter.text
    return found[1]


async def chosen(place: Place, path: str, password: str = NEW) -> Page:
    browser = place.browser(AWAY)
    page = await browser.open(path)
    return await browser.press(page, "Change password", password=password) if page.status == 200 else page


@pytest.mark.attack("SR-161")
async def test_a_new_password_by_a_link_ends_every_session_and_signs_nobody_in(place: Place) -> None:
    here, there = await place.browser_of(ANN), await place.browser_of(ANN, address=WORK)
    done = await asked(place, "ann")
    assert "If there is such an account" in (await place.browser(AWAY).open(done.location)).text
    [payload] = await place.db.all(_JOBS)
    account_id = place.cast.ann.id
    assert payload == f'{{"account_id":{account_id},"language":"en"}}'
    await write_reset_letter(Work(place.db, Resources(), 1, 1), {"account_id": account_id, "language": "en"})
    address, letter = (await letters(place))[0]
    assert (address, letter.subject) == ("ann@example.org", "Choose a new password")
    path = re.findall(r"http://localhost:8000(/login/reset\?token=\S+)", letter.text)[0]
    browser = place.browser(AWAY)
    page = await browser.open(path)
    assert "For the account @ann." in page.text
    done = await browser.press(page, "Change password", password=NEW)
    assert done.location == "/login?username=ann"
    for one in (here, there, browser):
        assert await current(one) is None
    assert (await sign_in(place.browser(), ANN)).status == 401
    signed = await browser.press(await browser.open(done.location), "Sign in", password=NEW)
    assert signed.status == 303
    assert await current(browser) == "ann"
    subjects = {letter.subject for _, letter in await letters(place)}
    assert "The password of your account @ann was changed" in subjects
    assert await place.db.all(_KINDS) == ["password_reset.asked", "password.changed", "password_reset.done"]


@pytest.mark.attack("SR-153")
@pytest.mark.parametrize("login", ["ann", "@ANN", "ann@example.org", "nobody", "nobody@example.org", "%", "x" * 400])
async def test_whoever_is_named_the_answer_and_the_work_are_the_same(place: Place, login: str) -> None:
    done = await asked(place, login)
    assert (done.status, done.location) == (303, "/login/forgot?sent=1")
    [payload] = await place.db.all(_JOBS)
    named = place.cast.ann.id if "ann" in login.lower() else 0
    assert payload == f'{{"account_id":{named},"language":"en"}}'
    assert await place.db.all(_KINDS) == ["password_reset.asked"]
    assert await letters(place) == [], "a job looks whether there is anybody"
    await write_reset_letter(Work(place.db, Resources(), 1, 1), {"account_id": named, "language": "en"})
    assert len(await letters(place)) == bool(named)


async def test_a_letter_goes_to_confirmed_addresses_of_accounts_that_may_sign_in(place: Place) -> None:
    db, ann = place.db, place.cast.ann.id
    await db.write(set_state, ann, ACTIVE, LOCKED)
    assert not await db.write(write_reset, ann)
    await db.write(set_state, ann, LOCKED, ACTIVE)
    await db.write(change_email, ann, "stranger@example.org")
    assert not await db.write(write_reset, ann)
    assert await db.all(_LINKS) == []


async def test_nothing_named_is_said_at_the_field(place: Place) -> None:
    refused = await asked(place, "  ")
    assert refused.status == 400
    assert "Enter your username or your email address." in refused.text


@pytest.mark.attack("SR-321")
async def test_a_link_holds_once_even_for_many_at_once(place: Place) -> None:
    token = (await link(place)).partition("token=")[2]

    async def choose(number: int) -> bool:
        try:
            await place.db.write(choose_password, token, f"hash {number}", AWAY)
        except ResetUnknown:
            return False
        return True

    assert sum(await asyncio.gather(*(choose(number) for number in range(50)))) == 1


async def test_a_link_holds_an_hour_and_the_later_ones_end_with_the_first_that_is_used(place: Place) -> None:
    first, second = await link(place), await link(place)
    place.db.clock.advance(HOUR - MINUTE)
    assert (await chosen(place, second)).status == 303
    gone = await chosen(place, first)
    assert (gone.status, "This link does not hold any more." in gone.text) == (404, True)
    late = await link(place)
    place.db.clock.advance(HOUR)
    assert (await chosen(place, late)).status == 404
    assert (await chosen(place, "/login/reset?token=x")).status == 404
    assert (await chosen(place, "/login/reset")).status == 404


async def test_a_link_ends_with_another_password_and_another_address(place: Place) -> None:
    browser, path = await place.browser_of(ANN), await link(place)
    page = await browser.open("/settings/password")
    await browser.press(page, "Change password", current_password=ANN.password, password=NEW)
    assert (await chosen(place, path)).status == 404
    path = await link(place)
    await place.db.write(change_email, place.cast.ann.id, "new@example.org")
    assert (await chosen(place, path)).status == 404


async def test_a_bad_password_takes_nothing(place: Place) -> None:
    path = await link(place)
    refused = await chosen(place, path, "short")
    assert (refused.status, "A password has at least 8 characters." in refused.text) == (400, True)
    assert (await chosen(place, path, "ann@example.org")).status == 400
    assert (await chosen(place, path)).status == 303


async def test_a_second_step_stays_due(place: Place) -> None:
    await secured(place.db, place.cast.ann.id)
    path = await link(place)
    browser = place.browser(AWAY)
    done = await browser.press(await browser.open(path), "Change password", password=NEW)
    after = await browser.press(await browser.open(done.location), "Sign in", password=NEW)
    assert await current(browser) is None
    assert "code" in after.text.casefold()


async def test_nobody_s_letter_box_is_filled(place: Place) -> None:
    ann = place.cast.ann.id
    sent = [await place.db.write(write_reset, ann) for _ in range(MOST_LETTERS + 2)]
    assert sent == [True] * MOST_LETTERS + [False] * 2
    place.db.clock.advance(DAY + 1)
    assert await place.db.write(sweep_resets) == MOST_LETTERS
    assert await place.db.write(write_reset, ann)


@pytest.mark.attack("SR-149")
async def test_a_network_asks_so_often_and_not_more_whoever_it_is_about(place: Place) -> None:
    for number in range(RESET_LIMIT):
        await place.db.write(ask_for_reset, f"nobody_{number}", AWAY)
    refused = await asked(place, "ann")
    assert (refused.status, "retry-after" in refused.headers) == (429, True)
    assert "asked for a new password too often" in refused.text
    assert (await asked(place, "ann", WORK)).status == 303
    place.db.clock.advance(HOUR)
    assert (await asked(place, "ann")).status == 303


@pytest.mark.attack("SR-297")
async def test_the_link_leads_to_the_public_address(place: Place) -> None:
    await link(place)
    [(_, letter)] = await letters(place)
    assert set(re.findall(r"https?://[^/\s\"<]+", letter.text + letter.html)) == {"http://localhost:8000"}


@pytest.mark.parametrize(
    "language, title, button",
    [("nl", "Wachtwoord vergeten?", "Link sturen"), ("de", "Passwort vergessen?", "Link senden")],
)
async def test_the_pages_and_letters_speak_dutch_and_german(
    place: Place, language: str, title: str, button: str
) -> None:
    browser = place.browser(AWAY, language)
    page = await browser.open("/login/forgot")
    assert title in page.headings
    assert (await browser.press(page, button, login="bob")).status == 303
    [payload] = await place.db.all(_JOBS)
    assert payload == f'{{"account_id":{place.cast.bob.id},"language":"{language}"}}'
