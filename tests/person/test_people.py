"""Follow requests, blocked and muted accounts: each list is its owner's, and each button does one thing once. Bob reads Dutch."""

import pytest

from tests.cast import ANN, BOB, CAROL, DAVE
from tests.graph.people import act, newcomer
from tests.oauth.consent.walking import Element, Form, Page
from tests.person.site import Place
from volary.accounts.models import AccountRow
from volary.graph.actions.blocks import block
from volary.graph.actions.follows import follow, unfollow
from volary.graph.actions.mutes import mute
from volary.graph.queries.connections import connections

LISTS = ("/settings/follow-requests", "/settings/blocked", "/settings/muted", "/settings/followers")


def people(page: Page) -> list[str]:
    """The usernames on a page."""
    lists: list[Element] = page.root.every("ul", class_="people")
    return [one.text.removeprefix("@") for found in lists for one in found.every("p", class_="muted")]


def pressing(page: Page, label: str, whom: AccountRow) -> Form:
    """The form with this button beside somebody."""
    (form,) = [form for form in page.forms() if label in form.buttons and form.values["account"] == str(whom.id)]
    return form


async def between(place: Place, one: AccountRow, other: AccountRow) -> set[str]:
    return (await connections(place.db, one.id, [other.id]))[other.id]


async def test_bob_accepts_one_and_declines_another(place: Place) -> None:
    cast = place.cast
    for one in (cast.ann, cast.dave):
        await act(place.db, follow, one, cast.bob)
    browser = await place.browser_of(BOB)
    page = await browser.open(LISTS[0])
    assert people(page) == ["dave", "ann"]
    done = await browser.send(pressing(page, "Accepteren", cast.ann), "Accepteren")
    after = await browser.open(done.location)
    assert "@ann volgt je nu." in after.text
    assert people(after) == ["dave"]
    done = await browser.send(pressing(after, "Weigeren", cast.dave), "Weigeren")
    assert people(await browser.open(done.location)) == []
    assert await between(place, cast.ann, cast.bob) == {"following"}
    assert await between(place, cast.dave, cast.bob) == set()


async def test_a_request_that_was_taken_back_cannot_be_accepted(place: Place) -> None:
    await act(place.db, follow, place.cast.ann, place.cast.bob)
    browser = await place.browser_of(BOB)
    page = await browser.open(LISTS[0])
    await act(place.db, unfollow, place.cast.ann, place.cast.bob)
    done = await browser.send(pressing(page, "Accepteren", place.cast.ann), "Accepteren")
    assert "Dit volgverzoek bestaat niet meer." in (await browser.open(done.location)).text
    assert await between(place, place.cast.ann, place.cast.bob) == set()


@pytest.mark.claim("C039")
async def test_blocked_and_muted_accounts_are_listed_with_a_way_back(place: Place) -> None:
    cast = place.cast
    await act(place.db, block, cast.ann, cast.carol)
    await act(place.db, mute, cast.ann, cast.dave)
    browser = await place.browser_of(ANN)
    for path, label, whom in ((LISTS[1], "Unblock", cast.carol), (LISTS[2], "Unmute", cast.dave)):
        page = await browser.open(path)
        assert people(page) == [whom.username]
        done = await browser.send(pressing(page, label, whom), label)
        assert people(await browser.open(done.location)) == []
        assert await between(place, cast.ann, whom) == set()


async def test_a_follower_is_removed(place: Place) -> None:
    cast = place.cast
    await act(place.db, follow, cast.dave, cast.ann)
    browser = await place.browser_of(ANN)
    page = await browser.open(LISTS[3])
    assert people(page) == ["dave"]
    done = await browser.send(pressing(page, "Remove", cast.dave), "Remove")
    assert people(await browser.open(done.location)) == []
    assert await between(place, cast.dave, cast.ann) == set()


async def test_nobody_finds_anothers_lists_or_answers_for_them(place: Place) -> None:
    cast = place.cast
    await act(place.db, follow, cast.ann, cast.bob)
    await act(place.db, block, cast.bob, cast.carol)
    await act(place.db, mute, cast.bob, cast.carol)
    bobs = await (await place.browser_of(BOB)).open(LISTS[0])
    for part in (DAVE, CAROL, ANN):
        browser = await place.browser_of(part)
        for path in LISTS:
            assert people(await browser.open(path)) == []
        own = (await browser.open("/settings/account")).forms()[-1]
        form = pressing(bobs, "Accepteren", cast.ann).edited(csrf=own.values["csrf"])
        assert (await browser.send(form, "Accepteren")).status == 303
    assert await between(place, cast.ann, cast.bob) == {"follow_request_sent"}
    for path in LISTS:
        page = await place.browser().open(path)
        assert (page.status, page.location.partition("?")[0]) == (303, "/login")


async def test_long_lists_have_further_pages(place: Place) -> None:
    askers = [await newcomer(place.db) for _ in range(53)]
    for one in askers:
        await act(place.db, follow, one, place.cast.bob)
    browser = await place.browser_of(BOB)
    first = await browser.open(LISTS[0])
    second = await browser.open(first.link("Meer tonen"))
    assert people(first) + people(second) == [one.username for one in reversed(askers)]
    assert "Meer tonen" not in second.text
    for odd in ("x", "-1", "9" * 30, ""):
        assert people(await browser.open(f"{LISTS[0]}?before={odd}")) == people(first)
