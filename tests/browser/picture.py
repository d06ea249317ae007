"""Takes the README's picture of the consent page anew: `python -m tests.browser.picture` writes docs/pictures/consent.png."""

import asyncio
import io
from pathlib import Path

from PIL import Image
from playwright.async_api import FloatRect, async_playwright

from tests.browser.conftest import FLAGS, Stage, found_chromium
from tests.cast import ANN
from tests.flows.making import Person
from tests.flows.sink import Sink, listening
from tests.serving import Server, serving

TARGET = Path(__file__).resolve().parents[2] / "docs" / "pictures" / "consent.png"
CALLBACK = "https://nightjar.example/callback"
SCOPE = "tweet.read users.read follows.read tweet.write like.write offline.access"


async def taken(server: Server, sink: Sink) -> bytes:
    """The page as Ann sees it in the light: an app with everything that a developer can say about it."""
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=found_chromium(), args=FLAGS)
        stage = Stage(server, sink, chromium)
        ann = Person(server.cast.ann.id, ANN.username, ANN.name, ANN.password, ANN.language)
        app = await stage.app(name="Nightjar", callback=CALLBACK)
        window = await stage.window(ann, viewport={"width": 1280, "height": 800}, device_scale_factor=2)
        await window.open(app.asking(SCOPE))
        foot = await window.page.get_by_role("contentinfo").bounding_box()
        assert foot is not None
        png = await window.page.screenshot(full_page=True, clip=FloatRect(x=0, y=0, width=1280, height=foot["y"] - 24))
        await stage.close()
        await chromium.close()
    return png


def main() -> None:
    """Write the picture, with no more colours than it needs."""
    with serving() as server, listening() as sink:
        png = asyncio.run(taken(server, sink))
    picture = (
        Image.open(io.BytesIO(png)).convert("RGB").quantize(256, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    )
    picture.save(TARGET, optimize=True)
    print(f"{TARGET.name}: {TARGET.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()
