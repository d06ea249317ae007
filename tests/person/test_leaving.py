"""Deactivating an account, coming back within thirty days, and not coming back."""

import pytest

from tests.cast import ANN, DAVE, DEV, Part
from tests.oauth.consent.walking import Browser, Page
from tests.person.site import AWAY, Place, current, sign_in
from tests.person.test_confirming import letters
from volary.accounts.actions import set_operator
from volary.accounts.actions.leaving import blank, come_back
from volary.accounts.models import ACTIVE, DEACTIVATED, ERASED
from volary.accounts.queries import account_by_id, account_by_username, own_by_id
from volary.accounts.rules.leaving import RETURN_WITHIN
from volary.jobs.queries import jobs_after
from volary.kit.clock import DAY, MINUTE
from volary.person.actions import go_away
from volary.person.actions.leaving import ERASE

DEACTIVATE = "/settings/data/deactivate"


async def gone(browser: Browser, part: Part = ANN) -> Page:
    """Deactivate the account that is signed in in a browser."""
    page = await browser.open(DEACTIVATE)
    form = page.forms()[0].filled(current_password=part.password)
    return await browser.send(form, f"Deactivate @{part.username}")


async def test_going_away_ends_every_session_and_hides_the_account(place: Place) -> None:
    browser, elsewhere = await place.browser_of(ANN), await place.browser_of(ANN)
    data = await browser.open((await browser.open("/settings")).link("Your data"))
    page = await browser.open(data.link("Deactivate your account"))
    assert "For 30 days you can come back" in page.text
    done = await gone(browser)
    assert done.location == "/settings/deactivated"
    assert "If you change your mind within 30 days, sign in" in (await browser.open(done.location)).text
    assert await current(browser) is None
    assert await current(elsewhere) is None
    ann = await account_by_id(place.db, place.cast.ann.id)
    assert ann is not None
    assert ann.state == DEACTIVATED
    assert [job.name for job in await jobs_after(place.db) if job.name == ERASE] == [ERASE]
    [(address, letter), *_rest] = await letters(place)
    assert (address, letter.subject) == (ANN.email, "Your account @ann is deactivated")


async def test_the_other_accounts_of_a_browser_stay_signed_in(place: Place) -> None:
    browser = await place.browser_of(ANN, DEV)
    await gone(browser)
    assert await current(browser) == "dev"


@pytest.mark.attack("SR-163")
async def test_it_takes_the_password_however_fresh_the_session_is(place: Place) -> None:
    browser = await place.browser_of(ANN)
    form = (await browser.open(DEACTIVATE)).forms()[0]
    for wrong in ("", "wrong wrong"):
        page = await browser.send(form.filled(current_password=wrong), "Deactivate @ann")
        assert (page.status, "This is not your current password." in page.text) == (400, True)
    assert (await account_by_id(place.db, place.cast.ann.id)) == place.cast.ann


async def test_an_operator_stays(place: Place) -> None:
    await place.db.write(set_operator, place.cast.ann.id, True)
    page = await gone(await place.browser_of(ANN))
    assert page.status == 409
    assert "An operator's account cannot be deactivated." in page.text
    ann = await account_by_id(place.db, place.cast.ann.id)
    assert ann is not None
    assert ann.state == ACTIVE


async def test_who_signs_in_again_is_asked_and_comes_back(place: Place) -> None:
    await place.db.write(go_away, place.cast.ann.id)
    place.db.clock.advance(29 * DAY)
    browser = place.browser()
    page = await sign_in(browser, ANN)
    assert page.headings == ["Do you want to come back?"]
    assert await current(browser) is None
    done = await browser.press(page, "Come back")
    page = await browser.open(done.location)
    assert "Welcome back." in page.text
    assert (await account_by_id(place.db, place.cast.ann.id)) == place.cast.ann
    await browser.press(page, "Sign in", password=ANN.password)
    assert await current(browser) == "ann"
    assert (await letters(place))[0][1].subject in {"Your account @ann is back", "New sign-in to your account @ann"}


@pytest.mark.attack("SR-149", "SR-153")
async def test_a_guesser_learns_nothing_of_an_account_that_is_away(place: Place) -> None:
    await place.db.write(go_away, place.cast.ann.id)
    browser = place.browser(AWAY)
    for number in range(10):
        form = (await browser.open("/login")).form().filled(login="ann", password=f"guess {number}")
        page = await browser.send(form, "Sign in")
        assert "do not match" in page.text
        assert "come back" not in page.text
    page = await sign_in(browser, ANN)
    assert page.status == 429
    assert "come back" not in page.text


async def test_a_ticket_holds_in_its_browser_for_its_account_and_a_while(place: Place) -> None:
    for person in (place.cast.ann, place.cast.dave):
        await place.db.write(go_away, person.id)
    browser, other = place.browser(), place.browser()
    mine, theirs = (await sign_in(browser, ANN)).form(), (await sign_in(other, DAVE)).form()
    forged = theirs.edited(ticket=mine.values["ticket"], until=mine.values["until"])
    for sender, form in ((other, forged), (other, theirs.edited(until="9999999999999"))):
        done = await sender.send(form, "Come back")
        assert "cannot come back any more" in (await sender.open(done.location)).text
    place.db.clock.advance(16 * MINUTE)
    await browser.send(mine, "Come back")
    for person in (place.cast.ann, place.cast.dave):
        found = await account_by_id(place.db, person.id)
        assert found is not None
        assert found.state == DEACTIVATED


async def test_after_thirty_days_nobody_comes_back(place: Place) -> None:
    await place.db.write(go_away, place.cast.ann.id)
    browser = place.browser()
    page = await sign_in(browser, ANN)
    own = await own_by_id(place.db, place.cast.ann.id)
    assert own is not None
    assert own.deactivated_at is not None
    assert not await place.db.write(blank, place.cast.ann.id, own.deactivated_at)
    place.db.clock.advance(RETURN_WITHIN)
    assert not await place.db.write(come_back, place.cast.ann.id)
    assert await place.db.write(blank, place.cast.ann.id, own.deactivated_at)
    done = await browser.press(page, "Come back")
    assert "cannot come back any more" in (await browser.open(done.location)).text
    assert (await sign_in(place.browser(), ANN)).status == 401
    erased = await account_by_id(place.db, place.cast.ann.id)
    assert erased is not None
    assert (erased.state, erased.name, erased.email) == (ERASED, "", None)
    assert await account_by_username(place.db, erased.username) is None
    assert await account_by_username(place.db, "ann") is None


async def test_who_went_away_twice_is_erased_by_the_second_job_alone(place: Place) -> None:
    await place.db.write(go_away, place.cast.ann.id)
    first = await own_by_id(place.db, place.cast.ann.id)
    assert first is not None
    place.db.clock.advance(10 * DAY)
    assert await place.db.write(come_back, place.cast.ann.id)
    await place.db.write(go_away, place.cast.ann.id)
    place.db.clock.advance(RETURN_WITHIN - DAY)
    assert not await place.db.write(blank, place.cast.ann.id, first.deactivated_at or 0)
    place.db.clock.advance(DAY)
    second = await own_by_id(place.db, place.cast.ann.id)
    assert second is not None
    assert not await place.db.write(blank, place.cast.ann.id, first.deactivated_at or 0)
    assert await place.db.write(blank, place.cast.ann.id, second.deactivated_at or 0)
