"""One person's browser: a context of Chromium with one page, driven by the names that people and screen readers see.

What Chromium complains of is kept: scripts that fail, files that are missing, and everything that the Content-Security-Policy blocks.
"""

import re
from typing import Any

from playwright.async_api import BrowserContext, ConsoleMessage, Locator, Page, Response, expect

WITHIN = 15_000
"""Milliseconds for anything to happen: much, because other tests run beside these."""

expect.set_options(timeout=WITHIN)

_OWN_STATUS = "Failed to load resource"
"""Chromium's remark on a page that answers 4xx, which the test expects itself."""


class Window:
    """The browser, seen through its only page."""

    def __init__(self, context: BrowserContext, page: Page, base: str) -> None:
        self.context = context
        self.page = page
        self.base = base
        self.status = 0
        self.faults: list[str] = []
        context.set_default_timeout(WITHIN)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.faults.append(f"script: {error.error}"))
        context.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not message.text.startswith(_OWN_STATUS):
            self.faults.append(f"{message.type}: {message.text}")

    def _response(self, response: Response) -> None:
        if response.request.is_navigation_request():
            self.status = response.status
        elif response.status >= 400:
            self.faults.append(f"{response.status}: {response.url}")

    # --- what a person does ---

    async def open(self, where: str) -> None:
        """Type an address, or a path of the platform."""
        await self.page.goto(where if ":" in where else self.base + where)

    async def press(self, button: str, within: str = "") -> None:
        """Press the button of this name that leads to another page; `within` is a text of its row."""
        async with self.page.expect_navigation():
            await self.button(button, within).click()

    async def follow(self, link: str) -> None:
        async with self.page.expect_navigation():
            await self.page.get_by_role("link", name=link, exact=True).click()

    async def type(self, **texts: str) -> None:
        """Fill fields by their names in the form."""
        for name, text in texts.items():
            await self.page.locator(f'main [name="{name}"]:not([type=hidden])').fill(text)

    async def sign_in(self, login: str, password: str, button: str) -> None:
        """Fill in the fields of a sign-in form, wherever it stands, and press its button."""
        await self.type(login=login, password=password)
        await self.press(button)

    async def keys(self, *names: str) -> None:
        for name in names:
            await self.page.keyboard.press(name)

    # --- what a person sees ---

    def button(self, name: str, within: str = "") -> Locator:
        place = self.page.locator("li", has_text=within) if within else self.page.locator("body")
        return place.get_by_role("button", name=name, exact=True)

    async def sees(self, *texts: str) -> None:
        """The main part says all of this."""
        for text in texts:
            await expect(self.page.locator("main")).to_contain_text(text)

    async def misses(self, *texts: str) -> None:
        """The main part says none of this."""
        for text in texts:
            await expect(self.page.locator("main")).not_to_contain_text(text)

    async def headings(self) -> list[str]:
        return [text.strip() for text in await self.page.get_by_role("heading").all_inner_texts()]

    async def is_at(self, where: str | re.Pattern[str]) -> None:
        """The page is at an address, or at a path of the platform."""
        await expect(self.page).to_have_url(
            where if isinstance(where, re.Pattern) or ":" in where else self.base + where
        )

    async def focused(self) -> str:
        """The text of what has the keyboard."""
        return str(await self.page.evaluate("document.activeElement.innerText || document.activeElement.name || ''"))

    async def complains(self, of: str, times: int = 1) -> None:
        """Wait until Chromium has complained of something so often, as it should, and forget it."""
        for _ in range(WITHIN // 50):
            if len([fault for fault in self.faults if of in fault]) >= times:
                break
            await self.page.wait_for_timeout(50)
        else:
            raise AssertionError(f"{times} times “{of}” was expected in {self.faults}")
        self.faults.clear()

    async def choose_language(self, code: str) -> None:
        """The choice of a language, as the menu keeps it."""
        await self.context.add_cookies([{"name": "language", "value": code, "url": self.base}])

    async def run(self, script: str, argument: Any = None) -> Any:
        return await self.page.evaluate(script, argument)
