"""Each page once: axe finds nothing, it fits at 320 pixels, at 200 % and with large letters, and it can be walked with the keyboard.

`test_matrix.py` looks at each page in every language, colour scheme and width, and takes its picture.
"""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser

from tests.browser.conftest import Stage
from tests.browser.gallery import PAGES, Gallery, Shown, furnish
from tests.browser.looking import (
    AT_200_PERCENT,
    COLOURS,
    NARROW,
    WIDE,
    barriers,
    crowded,
    crowded_with_large_text,
    hard_by_keyboard,
)
from tests.browser.rooms import Rooms
from tests.flows.sink import Sink
from tests.serving import Server

pytestmark = [pytest.mark.anyio, pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.fixture(scope="module")
async def gallery(server: Server, sink: Sink, chromium: Browser) -> AsyncIterator[Gallery]:
    stage = Stage(server, sink, chromium)
    yield await furnish(stage)
    await stage.close()


@pytest.fixture(scope="module")
def rooms(gallery: Gallery) -> Rooms:
    return Rooms(gallery, "en")


@pytest.mark.claim("C026", "C236")
@pytest.mark.parametrize("shown", PAGES, ids=[shown.name for shown in PAGES])
async def test_a_page_is_for_everybody(rooms: Rooms, shown: Shown) -> None:
    window = await rooms.window(shown.who)
    await window.page.set_viewport_size(WIDE)
    await shown.reach(rooms.gallery, window)
    assert await barriers(window) == []
    assert await hard_by_keyboard(window) == []
    assert await crowded(window, WIDE) == []
    assert await crowded(window, NARROW) == []
    assert await crowded(window, AT_200_PERCENT) == []
    assert await crowded_with_large_text(window) == []
    assert await window.page.locator("h1").count() == 1
    assert (await window.page.title()).endswith(" · Volary")
    faults, window.faults = window.faults, []
    assert faults == []


async def test_the_checks_find_what_they_look_for(rooms: Rooms) -> None:
    """A control: a page with barriers, too wide a part, a text that is cut off, two across each other, and keys that lead astray fails."""
    window = await rooms.window("nobody")
    await window.page.set_viewport_size(WIDE)
    await window.open("/login")
    assert [await barriers(window), await crowded(window, NARROW), await hard_by_keyboard(window)] == [[], [], []]
    await window.run(
        """document.querySelector("main").insertAdjacentHTML("beforeend", `<a href="/"><svg></svg></a><p id="wide">Far too wide</p>
        <p id="cut">Cut off here</p><button id="astray">Astray</button><button id="bare">Bare</button>
        <p id="spot">Below it<b id="over">Across</b></p>`)"""
    )
    await window.run(
        """() => { const style = (id, rules) => Object.assign(document.getElementById(id).style, rules);
        style("wide", { width: "400px", color: "#ccc" });
        style("cut", { width: "3em", whiteSpace: "nowrap", overflow: "hidden" });
        style("spot", { position: "relative" });
        style("over", { position: "absolute", left: "0", top: "0" });
        style("bare", { outline: "none" });
        document.getElementById("astray").tabIndex = 5; }"""
    )
    assert [found for found in await barriers(window) if "link-name" in found]
    assert [found for found in await barriers(window, COLOURS) if "color-contrast" in found]
    found = await crowded(window, NARROW)
    for text in ("Far too wide", "Cut off here", "overlapping: "):
        assert [one for one in found if text in one], text
    found = await hard_by_keyboard(window)
    assert [one for one in found if "no mark of focus" in one and "bare" in one]
    assert [one for one in found if "out of order" in one]
