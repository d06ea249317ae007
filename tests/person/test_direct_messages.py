"""*Direct Messages* in one's settings: who can write first, and whose messages one does not take. Bob reads Dutch."""

from tests.cast import ANN, BOB
from tests.graph.people import act
from tests.person.site import Place
from tests.person.test_people import people, pressing
from volary.graph.actions.follows import follow
from volary.messages.actions.reach import block_messages
from volary.messages.queries.reach import reached

HERE = "/settings/messages"


async def writes(place: Place, sender: int) -> bool:
    """Whether somebody can write to Ann."""
    return await reached(place.db, sender, [place.cast.ann.id]) == {place.cast.ann.id}


async def test_one_says_who_can_write_first(place: Place) -> None:
    cast, browser = place.cast, await place.browser_of(ANN)
    await act(place.db, follow, cast.ann, cast.carol)
    assert (await browser.open("/settings")).link("Direct Messages") == HERE
    for choice, strangers in (("following", False), ("everyone", True)):
        page = await browser.open(HERE)
        done = await browser.send(page.form().filled(allowed=choice), "Save")
        again = await browser.open(done.location)
        assert "Your choice was saved." in again.text
        assert again.form().values["allowed"] == choice
        assert (await writes(place, cast.dave.id), await writes(place, cast.carol.id)) == (strangers, True)
    for odd in ("nobody", ""):
        got = await browser.send((await browser.open(HERE)).form().edited(allowed=odd), "Save")
        assert got.status == 400
        assert "Choose one of the two." in got.text
    assert await writes(place, cast.dave.id)


async def test_whom_one_blocks_there_is_listed_with_a_way_back(place: Place) -> None:
    cast = place.cast
    for whom in (cast.carol, cast.dave):
        await act(place.db, block_messages, cast.bob, whom)
    browser = await place.browser_of(BOB)
    page = await browser.open((await browser.open(HERE)).link("Geblokkeerd in privéberichten"))
    assert people(page) == ["dave", "Carol_C"]
    done = await browser.send(pressing(page, "Deblokkeren", cast.dave), "Deblokkeren")
    after = await browser.open(done.location)
    assert "@dave kan je weer schrijven." in after.text
    assert people(after) == ["Carol_C"]
    assert await reached(place.db, cast.dave.id, [cast.bob.id]) == {cast.bob.id}
    assert await reached(place.db, cast.carol.id, [cast.bob.id]) == set()
    anns = await (await place.browser_of(ANN)).open(HERE + "/blocked")
    assert people(anns) == []
    for path in (HERE, HERE + "/blocked"):
        assert (await place.browser().open(path)).location.partition("?")[0] == "/login"
