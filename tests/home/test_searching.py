"""Searching on a page: posts with the API's operators, people, and trends to begin with."""

import pytest

from tests.cast import ANN, BOB, DAVE
from tests.person.site import Place
from tests.posts.making import post
from volary.search.jobs.indexing import Indexer
from volary.search.jobs.trends import find_trends


async def test_tags_in_posts_lead_to_what_else_has_them(place: Place) -> None:
    made = await post(place.db, place.cast.carol, "see #gentian")
    await post(place.db, place.cast.dave, "another #gentian")
    await post(place.db, place.cast.dave, "something else")
    await Indexer(place.db).run()
    browser = await place.browser_of(ANN)
    page = await browser.open(f"/Carol_C/status/{made.id}")
    found = await browser.open(page.link("#gentian"))
    assert found.text.index("another") < found.text.index("see")
    assert "something else" not in found.text
    assert found.root.one("input", name="q")["value"] == "#gentian"


async def test_operators_are_those_of_the_api(place: Place) -> None:
    await post(place.db, place.cast.carol, "bees of carol")
    await post(place.db, place.cast.dave, "bees of dave")
    await Indexer(place.db).run()
    page = await (await place.browser_of(ANN)).open("/search?q=bees%20-from%3Adave")
    assert "bees of carol" in page.text
    assert "bees of dave" not in page.text


async def test_what_is_kept_from_somebody_is_not_found(place: Place) -> None:
    await post(place.db, place.cast.bob, "protected bees")
    await Indexer(place.db).run()
    assert "protected bees" not in (await (await place.browser_of(DAVE)).open("/search?q=bees")).text
    assert "protected bees" in (await (await place.browser_of(BOB)).open("/search?q=bees")).text


async def test_more_than_a_page_goes_on(place: Place) -> None:
    for number in range(25):
        await post(place.db, place.cast.carol, f"bee number {number}.")
    await Indexer(place.db).run()
    browser = await place.browser_of(ANN)
    page = await browser.open("/search?q=bee")
    older = await browser.open(page.link("Show more"))
    assert "number 4." not in page.text
    assert "number 4." in older.text


@pytest.mark.parametrize("query", ["near:here", '"open', "(a", "a" * 1_100, "has:nothing"])
async def test_what_cannot_be_read_is_said_beside_the_field(place: Place, query: str) -> None:
    page = await (await place.browser_of(ANN)).open(f"/search?q={query}")
    assert page.status == 400
    assert "This search cannot be read." in page.text
    assert page.root.one("input", name="q")["value"] == query


async def test_people_are_found_by_the_beginnings_of_their_names(place: Place) -> None:
    browser = await place.browser_of(ANN)
    page = await browser.open("/search?q=car&tab=people")
    assert "@Carol_C" in page.text
    assert "@dave" not in page.text
    assert "Nothing found" in (await browser.open("/search?q=nobody_at_all&tab=people")).text


async def test_without_a_query_it_shows_what_is_talked_about(place: Place) -> None:
    browser = await place.browser_of(ANN)
    assert "No trends yet" in (await browser.open("/search")).text
    for person in (place.cast.carol, place.cast.dave, place.cast.dev):
        await post(place.db, person, f"{person.username} on #bees")
    await find_trends(place.db)
    page = await browser.open("/search")
    assert page.link("#bees") == "/search?q=%23bees"
