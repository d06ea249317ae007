"""Voting in a browser: who sees the post sees its poll, and each account votes once. Bob reads Dutch."""

import pytest

from tests.cast import BOB, DAVE, People
from tests.conftest import HeldDatabase
from tests.person.site import Place, site_of
from tests.posts.making import post
from volary.accounts.rules.hashing import PasswordHasher
from volary.kit.clock import MINUTE
from volary.posts import pages
from volary.posts.queries.polls import poll_of
from volary.posts.rules.polls import NewPoll
from volary.settings import Settings
from volary.web import Site, doors_of

TEA = NewPoll(("Tea", "Coffee <b>"), 60)


@pytest.fixture
async def place(db: HeldDatabase, cast: People, hasher: PasswordHasher) -> Place:
    resources = site_of(db, hasher, Settings(public_url="http://localhost:8000")).resources
    return Place(Site(doors_of(pages), resources), db, hasher, cast)


async def standing(place: Place, post_id: int) -> list[int]:
    poll = await poll_of(place.db, place.cast.ann.id, post_id)
    assert poll is not None
    return [one.votes for one in poll.options]


async def test_dave_votes_and_sees_how_the_votes_stand(place: Place) -> None:
    made = await post(place.db, place.cast.ann, "What do you drink?", poll=TEA)
    browser = await place.browser_of(DAVE)
    page = await browser.open(f"/posts/{made.id}/poll")
    assert "What do you drink?" in page.text
    assert "0 votes" in page.text
    (form,) = [form for form in page.forms() if "Vote" in form.buttons]
    done = await browser.send(form.edited(option="2"), "Vote")
    after = await browser.open(done.location)
    assert "Your vote is counted." in after.text
    assert "Coffee <b> Your vote" in after.text
    assert "1 vote · 100%" in after.text
    assert not [form for form in after.forms() if "Vote" in form.buttons]
    again = await browser.send(form.edited(option="1"), "Vote")
    assert "You have voted in this poll already." in (await browser.open(again.location)).text
    assert await standing(place, made.id) == [0, 1]


async def test_bob_must_choose_something(place: Place) -> None:
    made = await post(place.db, place.cast.ann, "What do you drink?", poll=TEA)
    browser = await place.browser_of(BOB)
    page = await browser.open(f"/posts/{made.id}/poll")
    (form,) = [form for form in page.forms() if "Stemmen" in form.buttons]
    for chosen in ("", "3", "x"):
        refused = await browser.send(form.edited(option=chosen), "Stemmen")
        assert refused.status == 400
        assert "Kies een van de opties." in refused.text
    assert await standing(place, made.id) == [0, 0]


async def test_signed_out_one_sees_the_votes_and_the_way_in(place: Place) -> None:
    made = await post(place.db, place.cast.ann, "What do you drink?", poll=TEA)
    page = await place.browser().open(f"/posts/{made.id}/poll")
    assert "Sign in to vote" in page.text
    assert not [form for form in page.forms() if "Vote" in form.buttons]


async def test_a_poll_that_has_ended_takes_no_votes(place: Place) -> None:
    made = await post(place.db, place.cast.ann, "What do you drink?", poll=TEA)
    browser = await place.browser_of(DAVE)
    page = await browser.open(f"/posts/{made.id}/poll")
    (form,) = [form for form in page.forms() if "Vote" in form.buttons]
    place.db.clock.advance(60 * MINUTE)
    late = await browser.send(form.edited(option="1"), "Vote")
    after = await browser.open(late.location)
    assert "This poll has ended." in after.text
    assert "Ended" in after.text
    assert await standing(place, made.id) == [0, 0]


@pytest.mark.attack("SR-192")
async def test_there_is_no_page_of_what_one_may_not_see(place: Place) -> None:
    hidden = await post(place.db, place.cast.bob, "For friends", poll=TEA)
    plain = await post(place.db, place.cast.ann, "Nothing to choose")
    browser = await place.browser_of(DAVE)
    for post_id in (str(hidden.id), str(plain.id), "1", "x", "9" * 30):
        page = await browser.open(f"/posts/{post_id}/poll")
        assert page.status == 404
        assert "For friends" not in page.text
    assert (await (await place.browser_of(BOB)).open(f"/posts/{hidden.id}/poll")).status == 200
