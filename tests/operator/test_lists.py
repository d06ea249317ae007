"""The lists of the console: what leads to them, and how they go on."""

import pytest

from tests.cast import ANN
from tests.developers.making import new_app
from tests.portal.site import Place

pytestmark = pytest.mark.anyio


async def test_each_page_of_the_console_is_named_once(place: Place) -> None:
    ann = await place.browser_of(ANN)
    page = await ann.open("/operator")
    [console] = [nav for nav in page.root.every("nav") if nav.get("aria-label") == "Operator console"]
    names = [link.text for link in console.every("a")]
    assert names == [
        *("Apps", "People", "Requests", "Reports", "Appeals", "Audit"),
        *("Webhooks", "Reserved names", "Switches"),
    ]


@pytest.mark.parametrize("path", ["/operator?q=&state=active", "/operator/audit?kind=app.created"])
async def test_a_long_list_goes_on_where_it_ended_and_still_looks_for_the_same(place: Place, path: str) -> None:
    for number in range(51):
        await new_app(place.db, place.cast.dev.id, f"Frame {number:02}")
    ann = await place.browser_of(ANN)
    first = await ann.open(path)
    second = await ann.open(first.link("Older"))
    assert [f"Frame {number:02}" in first.text for number in (50, 1, 0)] == [True, True, False]
    assert [f"Frame {number:02}" in second.text for number in (50, 1, 0)] == [False, False, True]
    assert "Older" not in second.text
    assert first.link("Older").startswith(path.replace("q=&", ""))
