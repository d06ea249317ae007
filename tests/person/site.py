"""The site that the tests of people's pages visit."""

from pathlib import Path
from types import ModuleType

import msgspec

from tests.cast import Part, People
from tests.conftest import HeldDatabase
from tests.oauth.consent.walking import Browser, Page
from tests.sessions.arriving import signed_in
from volary.accounts.rules.hashing import PasswordHasher
from volary.db import Database
from volary.kit.resources import Resources
from volary.media.rules.folder import Folder
from volary.media.rules.readers import Readers
from volary.oauth import pages as consent
from volary.person import pages
from volary.sessions.actions.seen import Seen
from volary.sessions.pages import Visitors
from volary.sessions.rules.browsers import COOKIE
from volary.sessions.rules.locations import LocationFinder
from volary.settings import Settings
from volary.web import Site, VisitorResolver, doors_of

HOME, WORK, AWAY = "192.0.2.10", "192.0.2.200", "145.97.20.1"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.1 Mobile/15E148 Safari/604.1"
)


class Place(msgspec.Struct):
    """The site, what it keeps, and who is there."""

    site: Site
    db: HeldDatabase
    hasher: PasswordHasher
    cast: People

    def browser(self, address: str = HOME, language: str = "en", agent: str = FIREFOX) -> Browser:
        """A browser in which nobody is signed in."""
        return Browser(self.site, language=language, agent=agent, address=address)

    async def browser_of(self, *parts: Part, address: str = HOME, language: str = "en") -> Browser:
        """A browser in which these people are signed in, the first one being the current account."""
        browser = self.browser(address, language)
        browser.hold(COOKIE, ".".join([(await signed_in(self.db, self.hasher, part, address)).token for part in parts]))
        return browser


def site_of(
    db: Database, hasher: PasswordHasher, settings: Settings, *more: ModuleType, folder: Path | None = None
) -> Site:
    """The doors of people's pages, of consent, and of further modules; media lie in a folder, if any."""
    resources = Resources()
    resources.put(Settings, settings)
    resources.put(PasswordHasher, hasher)
    resources.put(LocationFinder, LocationFinder())
    resources.put(Database, db)
    resources.put(Folder, Folder(folder))
    resources.put(Readers, Readers())
    resources.put(VisitorResolver, Visitors(Seen()))
    return Site([*doors_of(pages), *doors_of(consent), *(door for one in more for door in doors_of(one))], resources)


async def sign_in(browser: Browser, part: Part, path: str = "/login") -> Page:
    """Sign somebody in on the page."""
    return await browser.press(await browser.open(path), "Sign in", login=part.username, password=part.password)


def token_of(browser: Browser) -> str:
    """The tokens that the browser holds."""
    return browser.client.cookies.get(COOKIE) or ""


async def current(browser: Browser) -> str | None:
    """Who the pages say is signed in, or None when they ask for a sign-in."""
    page = await browser.open("/settings")
    if page.status == 303:
        assert page.location.startswith("/login")
        return None
    return page.root.one("span", class_="menu-name").text.removeprefix("@")
