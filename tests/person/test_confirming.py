"""Confirming an email address: a link by mail, held by one account, taken once."""

import asyncio
import re

import pytest

from tests.cast import ANN, BOB, Part
from tests.person.site import Place
from volary.accounts.actions import ask_to_confirm, change_email, confirm_email
from volary.accounts.errors import EmailTaken, LinkUnknown
from volary.accounts.models import AccountRow
from volary.accounts.queries import account_by_id, account_by_username
from volary.kit.clock import DAY
from volary.mail.queries import latest_letters
from volary.mail.reading import read
from volary.mail.writing import Writer, Written
from volary.settings import Settings

WRITER = Writer(Settings(public_url="http://localhost:8000"))


async def letters(place: Place) -> list[tuple[str, Written]]:
    """The letters that were written, the latest first, each with its address."""
    return [(row.address, read(place.db.keys, WRITER, row)) for row in await latest_letters(place.db)]


async def link(place: Place) -> str:
    """The link of the latest letter."""
    text = (await letters(place))[0][1].text
    found = re.search(r"http://localhost:8000(/settings/account/email\?token=\S+)", text)
    assert found, text
    return found[1]


async def changed(place: Place, part: Part = ANN, email: str = "new@example.org") -> AccountRow:
    """Somebody enters another address, and is written to."""
    account = await account_by_username(place.db, part.username)
    assert account is not None
    await place.db.write(change_email, account.id, email)
    assert await place.db.write(ask_to_confirm, account.id)
    return account


async def is_confirmed(place: Place, account: AccountRow) -> bool:
    now = await account_by_id(place.db, account.id)
    return now is not None and now.email_confirmed_at is not None


async def test_a_new_address_is_confirmed_by_the_link_that_is_sent_to_it(place: Place) -> None:
    browser = await place.browser_of(ANN)
    _profile, login, *_contact = (await browser.open("/settings/account")).forms()
    login.filled(username="ann", email="new@example.org", current_password=ANN.password)
    done = await browser.send(login, "Save")
    page = await browser.open(done.location)
    assert "We sent you a link to confirm the address." in page.text
    assert "Not confirmed" in page.text
    (address, letter), (before, warning) = await letters(place)
    assert (address, letter.subject) == ("new@example.org", "Confirm your email address")
    assert (before, warning.subject) == ("ann@example.org", "Your email address was changed")
    asking = await browser.open(await link(place))
    assert "You are signed in as @ann. Is new@example.org your address?" in asking.text
    assert not await is_confirmed(place, place.cast.ann)
    done = await browser.press(asking, "Confirm this address")
    assert "Your email address is confirmed." in (await browser.open(done.location)).text
    assert await is_confirmed(place, place.cast.ann)


@pytest.mark.attack("SR-297")
async def test_the_link_leads_to_the_public_address(place: Place) -> None:
    """Whatever host a request named: letters are written from the settings."""
    await changed(place)
    ((_, letter), *_rest) = await letters(place)
    assert set(re.findall(r"https?://[^/\s\"<]+", letter.text + letter.html)) == {"http://localhost:8000"}


async def test_a_link_holds_once(place: Place) -> None:
    await changed(place)
    browser = await place.browser_of(ANN)
    path = await link(place)
    asking = await browser.open(path)
    await browser.press(asking, "Confirm this address")
    again = await browser.press(asking, "Confirm this address")
    assert again.status == 404
    assert "This link does not hold any more" in again.text
    assert "new@example.org is confirmed. There is nothing more to do." in (await browser.open(path)).text


async def test_a_link_holds_a_day(place: Place) -> None:
    await changed(place)
    token = (await link(place)).partition("token=")[2]
    place.db.clock.advance(DAY + 1)
    with pytest.raises(LinkUnknown):
        await place.db.write(confirm_email, place.cast.ann.id, token)


async def test_the_link_of_one_account_is_nothing_to_another(place: Place) -> None:
    """Mallory signs up with ann's address: ann, who gets the letter and is curious, confirms nothing for her."""
    await changed(place, BOB, "ann@else.example")
    browser = await place.browser_of(ANN)
    path = await link(place)
    assert "Confirm this address" not in (await browser.open(path)).text
    token = path.partition("token=")[2]
    with pytest.raises(LinkUnknown):
        await place.db.write(confirm_email, place.cast.ann.id, token)
    assert not await is_confirmed(place, place.cast.bob)
    await place.db.write(confirm_email, place.cast.bob.id, token)


async def test_who_is_not_signed_in_signs_in_first_and_goes_on(place: Place) -> None:
    await changed(place)
    path = await link(place)
    page = await place.browser().open(path)
    assert page.status == 303
    assert page.location.startswith("/login?then=/settings/account/email%3Ftoken%3D")


async def test_an_address_that_was_changed_since_is_not_confirmed(place: Place) -> None:
    await changed(place)
    token = (await link(place)).partition("token=")[2]
    await place.db.write(change_email, place.cast.ann.id, "third@example.org")
    with pytest.raises(LinkUnknown):
        await place.db.write(confirm_email, place.cast.ann.id, token)


async def test_an_address_that_somebody_else_confirmed_stays_theirs(place: Place) -> None:
    await changed(place, ANN, "both@example.org")
    ann = (await link(place)).partition("token=")[2]
    await changed(place, BOB, "both@example.org")
    bob = (await link(place)).partition("token=")[2]
    await place.db.write(confirm_email, place.cast.bob.id, bob)
    with pytest.raises(EmailTaken):
        await place.db.write(confirm_email, place.cast.ann.id, ann)


async def test_one_of_fifty_who_press_at_once_confirms(place: Place) -> None:
    await changed(place)
    token = (await link(place)).partition("token=")[2]
    tries = [place.db.write(confirm_email, place.cast.ann.id, token) for _ in range(50)]
    got = await asyncio.gather(*tries, return_exceptions=True)
    assert sorted(type(one).__name__ for one in got) == ["LinkUnknown"] * 49 + ["NoneType"]


async def test_nobody_fills_a_letter_box(place: Place) -> None:
    """Neither by pressing again and again, nor with many accounts that claim one address."""
    browser = await place.browser_of(ANN)
    await place.db.write(change_email, place.cast.ann.id, "victim@example.org")
    said = ""
    for _ in range(7):
        again = (await browser.open("/settings/account")).forms()[2]
        done = await browser.send(again, "Send the link again")
        said = (await browser.open(done.location)).text
    assert "No further link was sent" in said
    await place.db.write(change_email, place.cast.bob.id, "victim@example.org")
    assert not await place.db.write(ask_to_confirm, place.cast.bob.id)
    assert [address for address, _ in await letters(place)].count("victim@example.org") == 5
    place.db.clock.advance(DAY + 1)
    assert await place.db.write(ask_to_confirm, place.cast.bob.id)


async def test_whoever_signs_up_with_an_address_is_written_to_in_the_language_of_the_page(place: Place) -> None:
    browser = place.browser(language="nl")
    page = await browser.open("/signup")
    await browser.press(
        page, "Registreren", username="newcomer", name="New", email="newcomer@example.org", password="three brown hens"
    )
    ((address, letter), *_rest) = await letters(place)
    assert (address, letter.subject) == ("newcomer@example.org", "Bevestig je e-mailadres")


async def test_the_letter_that_is_kept_shows_no_link_to_who_reads_the_database(place: Place) -> None:
    await changed(place)
    token = (await link(place)).partition("token=")[2]
    row = (await latest_letters(place.db))[0]
    assert row.parameters is not None
    assert token.encode() not in row.parameters
