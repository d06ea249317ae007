"""The windows of one language, one for each who, opened when they are first wanted."""

from tests.browser.gallery import Gallery
from tests.browser.looking import WIDE
from tests.browser.window import Window


class Rooms:
    """Where the pages of a gallery are looked at."""

    def __init__(self, gallery: Gallery, language: str) -> None:
        self.gallery = gallery
        self.language = language
        self.windows: dict[str, Window] = {}

    async def window(self, who: str) -> Window:
        if who not in self.windows:
            window = await self.gallery.stage.window(*self.gallery.people(who), language=self.language, viewport=WIDE)
            if self.language != "en":
                await window.choose_language(self.language)
            self.windows[who] = window
        return self.windows[who]
