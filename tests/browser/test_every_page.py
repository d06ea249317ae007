"""Each page in the light and in the dark, on a wide screen, at 320 pixels and at 200 %: for everybody, and with its picture taken.

The pictures are in build/screenshots/, to be looked at.
"""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser

from tests.browser.conftest import Stage
from tests.browser.gallery import PAGES, Gallery, Shown, furnish
from tests.browser.window import Window
from tests.flows.sink import Sink
from tests.serving import Server

pytestmark = [pytest.mark.anyio, pytest.mark.browser, pytest.mark.xdist_group("browser")]

PICTURES = Path(__file__).resolve().parents[2] / "build" / "screenshots"
WIDE, NARROW = {"width": 1280, "height": 800}, {"width": 320, "height": 640}
AT_200_PERCENT = {"width": 640, "height": 400}
"""What a window of 1280 by 800 is at 200 %."""

COLOURS = {"resultTypes": ["violations"], "runOnly": ["color-contrast", "link-in-text-block"]}


class Rooms:
    """The windows of one language, one for each who, opened when they are first wanted."""

    def __init__(self, gallery: Gallery, language: str) -> None:
        self.gallery = gallery
        self.language = language
        self.windows: dict[str, Window] = {}

    async def window(self, who: str) -> Window:
        if who not in self.windows:
            window = await self.gallery.stage.window(*self.gallery.people(who), language=self.language, viewport=WIDE)
            if self.language != "en":
                cookie = {"name": "language", "value": self.language, "url": window.base}
                await window.context.add_cookies([cookie])  # type: ignore[list-item]
            self.windows[who] = window
        return self.windows[who]


@pytest.fixture(scope="module")
async def gallery(server: Server, sink: Sink, chromium: Browser) -> AsyncIterator[Gallery]:
    PICTURES.mkdir(parents=True, exist_ok=True)
    stage = Stage(server, sink, chromium)
    yield await furnish(stage)
    await stage.close()


@pytest.fixture(scope="module")
def rooms(gallery: Gallery) -> Rooms:
    return Rooms(gallery, "en")


async def barriers(window: Window, options: dict[str, Any] | None = None) -> list[str]:
    """What axe finds that would keep somebody from using the page."""
    results = await Axe().run(window.page, options=options or {"resultTypes": ["violations"]})
    return [
        f"{found['id']}: {node['html'][:200]} {node['failureSummary']}"
        for found in results.response["violations"]
        if found["impact"] in {"serious", "critical"}
        for node in found["nodes"]
    ]


async def too_wide(window: Window, size: dict[str, int]) -> list[str]:
    """What reaches over the right edge at this size, where the page would have to be scrolled sideways."""
    await window.page.set_viewport_size(size)  # type: ignore[arg-type]
    if await window.run("document.documentElement.scrollWidth") <= size["width"]:
        return []
    script = """(width) => [...document.querySelectorAll("main *, header *, footer *")]
        .filter((one) => one.getBoundingClientRect().right > width + 1).map((one) => one.outerHTML.slice(0, 160))"""
    return [*await window.run(script, size["width"]), f"wider than {size['width']}"]


async def picture(window: Window, name: str) -> None:
    await window.page.screenshot(
        path=PICTURES / f"{name}.jpg", type="jpeg", quality=85, full_page=True, caret="initial"
    )


@pytest.mark.claim("C026", "C236")
@pytest.mark.parametrize("shown", PAGES, ids=[shown.name for shown in PAGES])
async def test_a_page_is_for_everybody(rooms: Rooms, shown: Shown) -> None:
    window = await rooms.window(shown.who)
    await window.page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    await shown.reach(rooms.gallery, window)
    await picture(window, f"{shown.name}-1280")
    found = await barriers(window)
    await window.page.emulate_media(color_scheme="dark")
    found += [f"in the dark: {barrier}" for barrier in await barriers(window, COLOURS)]
    await picture(window, f"{shown.name}-1280-dark")
    await window.page.emulate_media(color_scheme="light")
    found += await too_wide(window, AT_200_PERCENT) + await too_wide(window, NARROW)
    await picture(window, f"{shown.name}-320")
    assert found == []
    assert await window.page.locator("h1").count() == 1
    assert (await window.page.title()).endswith(" · Volary")
    faults, window.faults = window.faults, []
    assert faults == []


async def test_the_checks_find_what_they_look_for(rooms: Rooms) -> None:
    """A control: a page with barriers and too wide a part fails."""
    window = await rooms.window("nobody")
    await window.open("/login")
    assert await barriers(window) == []
    assert await too_wide(window, NARROW) == []
    await window.run(
        """document.querySelector("main").insertAdjacentHTML(
            "beforeend", '<a href="/"><svg></svg></a><p id="wide">Far too wide</p>')"""
    )
    await window.run("Object.assign(document.getElementById('wide').style, {width: '400px', color: '#ccc'})")
    assert [found for found in await barriers(window) if "link-name" in found]
    assert [found for found in await barriers(window, COLOURS) if "color-contrast" in found]
    assert [found for found in await too_wide(window, NARROW) if "Far too wide" in found]


@pytest.mark.claim("C231")
@pytest.mark.parametrize("language", ["nl", "de"])
async def test_longer_words_fit_too(gallery: Gallery, language: str) -> None:
    rooms = Rooms(gallery, language)
    found: list[str] = []
    for shown in PAGES:
        window = await rooms.window(shown.who)
        await window.page.set_viewport_size(NARROW)  # type: ignore[arg-type]
        await shown.reach(gallery, window)
        assert await window.page.locator("html").get_attribute("lang") == language
        found += [f"{shown.name}: {part}" for part in await too_wide(window, NARROW)]
        await picture(window, f"{shown.name}-320-{language}")
    assert found == []
