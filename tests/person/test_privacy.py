"""*Privacy*, and what an account keeps for its owner alone."""

import pytest

from tests.cast import ANN, People
from tests.conftest import HeldDatabase
from tests.person.site import Place
from volary.accounts.actions import be_discoverable, change_email
from volary.accounts.queries import account_discovered, own_by_id
from volary.developers.actions import invite, own_team
from volary.developers.queries import invitations_to
from volary.kit.errors import NotFound


async def test_all_that_keeps_others_away_is_in_one_place(place: Place) -> None:
    browser = await place.browser_of(ANN)
    page = await browser.open((await browser.open("/settings")).link("Privacy"))
    ways = {
        "Protect your posts": "/settings/account",
        "Direct Messages": "/settings/messages",
        "Blocked accounts": "/settings/blocked",
        "Muted accounts": "/settings/muted",
        "Followers": "/settings/followers",
    }
    assert {name: page.link(name) for name in ways} == ways
    assert "nobody's contacts are taken in" in page.text


async def test_being_found_by_ones_address_is_off_until_it_is_switched_on(place: Place) -> None:
    ann = place.cast.ann.id
    assert await account_discovered(place.db, ANN.email) is None
    browser = await place.browser_of(ANN)
    form = (await browser.open("/settings/privacy")).form().filled(by_email="1")
    done = await browser.send(form, "Save")
    assert "Your choice was saved." in (await browser.open(done.location)).text
    found = await account_discovered(place.db, f" {ANN.email.upper()} ")
    assert found is not None
    assert found.id == ann
    again = (await browser.open("/settings/privacy")).form()
    assert again.values["by_email"] == "1"
    del again.values["by_email"]
    await browser.send(again, "Save")
    assert await account_discovered(place.db, ANN.email) is None


@pytest.mark.attack("SR-211")
async def test_an_invitation_tells_nothing_of_who_does_not_let_themselves_be_found(
    db: HeldDatabase, cast: People
) -> None:
    team = await db.write(own_team, cast.dev.id)
    refusals = []
    for email in (ANN.email, "nobody-at-all@example.org"):
        with pytest.raises(NotFound) as refusal:
            await db.write(invite, cast.dev.id, team.id, email, "developer")
        refusals.append((refusal.value.message, refusal.value.parameters, refusal.value.field))
    assert refusals[0] == refusals[1]
    await db.write(be_discoverable, cast.ann.id, True)
    assert await db.write(invite, cast.dev.id, team.id, ANN.email, "developer") == "ann"
    assert len(await invitations_to(db, cast.ann.id)) == 1
    # An address that she only claims finds nobody.
    await db.write(change_email, cast.ann.id, "claimed@example.org")
    assert await account_discovered(db, "claimed@example.org") is None


@pytest.mark.parametrize(
    "typed, kept",
    [("+31 6 1234-5678", "+31612345678"), ("+49 (151) 123.456", "+49151123456"), ("", None), ("  ", None)],
)
async def test_a_phone_number_and_a_country_are_kept(place: Place, typed: str, kept: str | None) -> None:
    browser = await place.browser_of(ANN)
    form = next(form for form in (await browser.open("/settings/account")).forms() if "phone" in form.values)
    done = await browser.send(form.filled(phone=typed, country="NL"), "Save")
    assert "Your phone number and country were saved." in (await browser.open(done.location)).text
    own = await own_by_id(place.db, place.cast.ann.id)
    assert own is not None
    assert (own.phone, own.country) == (kept, "NL")


@pytest.mark.parametrize(
    "wrong, words",
    [
        ({"phone": "06 12345678"}, "A phone number begins with +"),
        ({"phone": "+31 call me"}, "A phone number begins with +"),
        ({"phone": "+1234567890123456"}, "A phone number begins with +"),
        ({"country": "XX"}, "This country is not known."),
        ({"country": "<b>"}, "This country is not known."),
    ],
)
async def test_what_is_no_phone_number_or_country_is_refused_beside_its_field(
    place: Place, wrong: dict[str, str], words: str
) -> None:
    browser = await place.browser_of(ANN)
    form = next(form for form in (await browser.open("/settings/account")).forms() if "phone" in form.values)
    page = await browser.send(form.edited(**wrong), "Save")
    assert (page.status, words in page.text) == (400, True)
    field = next(iter(wrong))
    assert words in page.root.one("p", id=f"error-{field}").text
    own = await own_by_id(place.db, place.cast.ann.id)
    assert own is not None
    assert (own.phone, own.country) == (None, "")
