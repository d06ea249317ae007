"""Each page in every language, in the light and in the dark, on a wide screen, at 200 % and at 320 pixels, with its picture taken.

The pictures are in build/screenshots/, to be looked at.
"""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser

from tests.browser.conftest import Stage
from tests.browser.gallery import PAGES, Gallery, Shown, furnish
from tests.browser.looking import (
    AT_200_PERCENT,
    COLOURS,
    SIZES,
    barriers,
    crowded,
    crowded_with_large_text,
    hard_by_keyboard,
)
from tests.browser.rooms import Rooms
from tests.browser.window import Window
from tests.flows.sink import Sink
from tests.serving import Server

pytestmark = [pytest.mark.anyio, pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("browser")]

PICTURES = Path(__file__).resolve().parents[2] / "build" / "screenshots"


@pytest.fixture(scope="module")
async def gallery(server: Server, sink: Sink, chromium: Browser) -> AsyncIterator[Gallery]:
    PICTURES.mkdir(parents=True, exist_ok=True)
    stage = Stage(server, sink, chromium)
    yield await furnish(stage)
    await stage.close()


async def picture(window: Window, name: str) -> None:
    await window.page.screenshot(
        path=PICTURES / f"{name}.jpg", type="jpeg", quality=85, full_page=True, caret="initial"
    )


async def looked_at(window: Window, name: str) -> list[str]:
    """What is wrong with the page that the window shows, in any of its sizes and colours."""
    found = []
    for width, size in SIZES.items():
        found += [f"{width}: {one}" for one in await crowded(window, size)]
        found += [f"{width}: {one}" for one in await barriers(window)]
        await picture(window, f"{name}-{width}")
        if size is AT_200_PERCENT:
            continue
        await window.page.emulate_media(color_scheme="dark")
        found += [f"{width}, in the dark: {one}" for one in await barriers(window, COLOURS)]
        await picture(window, f"{name}-{width}-dark")
        await window.page.emulate_media(color_scheme="light")
    found += [f"320: {one}" for one in await hard_by_keyboard(window)]
    return found + [f"large letters: {one}" for one in await crowded_with_large_text(window)]


@pytest.fixture(scope="module")
def rooms(gallery: Gallery) -> dict[str, Rooms]:
    return {language: Rooms(gallery, language) for language in ("en", "nl", "de")}


@pytest.mark.claim("C231")
@pytest.mark.parametrize("shown", PAGES, ids=[shown.name for shown in PAGES])
@pytest.mark.parametrize("language", ["en", "nl", "de"])
async def test_every_page_in_every_light(rooms: dict[str, Rooms], language: str, shown: Shown) -> None:
    window = await rooms[language].window(shown.who)
    await window.page.set_viewport_size(SIZES["1280"])
    await shown.reach(rooms[language].gallery, window)
    assert await window.page.locator("html").get_attribute("lang") == language
    assert await looked_at(window, f"{shown.name}-{language}") == []
