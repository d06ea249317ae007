"""The site that the tests of the portal visit."""

from collections.abc import Sequence
from types import ModuleType

import msgspec

from tests.cast import Part, People
from tests.conftest import HeldDatabase
from tests.oauth.consent.walking import Browser, Form, Page
from tests.server.calls import OPERATION
from tests.sessions.arriving import signed_in
from volary.accounts.rules.hashing import PasswordHasher
from volary.api.limits import Limiter, OwnCounters
from volary.api.reference.entries import Reference
from volary.api.windows import Windows
from volary.db import Database
from volary.developers import pages as icons
from volary.kit.resources import Resources
from volary.mail.queries import latest_letters
from volary.mail.reading import read
from volary.mail.writing import Writer, Written
from volary.portal import pages
from volary.sessions.actions.seen import Seen
from volary.sessions.pages import Visitors
from volary.sessions.rules.browsers import COOKIE
from volary.sessions.rules.locations import LocationFinder
from volary.settings import Settings
from volary.web import Site, VisitorResolver, doors_of

SETTINGS = Settings(public_url="http://localhost:8000")
DOORS = [*doors_of(pages), *doors_of(icons)]


class Place(msgspec.Struct):
    """The site, what it keeps, and who is there."""

    site: Site
    db: HeldDatabase
    hasher: PasswordHasher
    cast: People

    def browser(self, language: str = "en") -> Browser:
        """A browser in which nobody is signed in, and in which a language was chosen."""
        browser = Browser(self.site, language=language)
        browser.hold("language", language)
        return browser

    async def browser_of(self, part: Part, language: str = "en") -> Browser:
        """A browser in which somebody signed in just now."""
        browser = self.browser(language)
        browser.hold(COOKIE, (await signed_in(self.db, self.hasher, part)).token)
        return browser


async def letters(place: Place) -> list[tuple[str, Written]]:
    """The letters that were written, the latest first, each with its address."""
    writer = Writer(SETTINGS)
    return [(row.address, read(place.db.keys, writer, row)) for row in await latest_letters(place.db)]


def site_of(
    db: Database, hasher: PasswordHasher, settings: Settings = SETTINGS, more: Sequence[ModuleType] = ()
) -> Site:
    """The doors of the portal, of icons, and of further modules."""
    resources = Resources()
    resources.put(Settings, settings)
    resources.put(PasswordHasher, hasher)
    resources.put(LocationFinder, LocationFinder())
    resources.put(Database, db)
    resources.put(Windows, Windows([], Limiter(OwnCounters(), 1.0)))
    resources.put(Reference, Reference(OPERATION.values()))
    resources.put(VisitorResolver, Visitors(Seen()))
    return Site([*DOORS, *(door for one in more for door in doors_of(one))], resources)


def form_with(page: Page, button: str) -> Form:
    """The form that a button stands in."""
    found = [form for form in page.forms() if button in form.buttons]
    assert len(found) == 1, f"{len(found)} forms with {button!r}"
    return found[0]


async def press(browser: Browser, page: Page, button: str, **typed: str) -> Page:
    """Fill in the form that a button stands in, and press it."""
    return await browser.send(form_with(page, button).filled(**typed), button)


def shown(page: Page) -> dict[str, str]:
    """The credentials that a page shows once, by their labels."""
    assert page.status == 200, page.text
    boxes = page.root.every("div", class_="copyable")
    shown = {box.one("span", class_="copyable-name").text: box.one("code") for box in boxes}
    return {name: code.text for name, code in shown.items() if not code["id"].startswith("api-")}
