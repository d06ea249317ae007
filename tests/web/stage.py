"""A site made of the doors of these tests, visited in this process."""

import re
from collections.abc import Mapping
from html import unescape

import httpx2

from tests.web import doors
from volary.db import Database
from volary.kit.resources import Resources
from volary.settings import Settings
from volary.web import SignedIn, Site, VisitorResolver, doors_of

PLAIN = Settings(public_url="http://localhost:8000", demo=True)
SECURE = Settings(public_url="https://volary.example", demo=True)

PEOPLE = {
    "ann": (SignedIn(1, "ann", "Ann Ameland", 11), SignedIn(2, "bob", "Bob Bakker", 12, "nl")),
    "mallory": (SignedIn(3, "mallory", "Mallory", 13),),
    "dutch": (SignedIn(4, "daan", "Daan", 14, "nl"),),
}


class Visitors(VisitorResolver):
    """Whoever the cookie names is signed in: how sessions are found is not the matter of these tests."""

    async def resolve(self, db: Database, cookies: Mapping[str, str]) -> tuple[SignedIn, ...]:
        return PEOPLE.get(cookies.get("session", ""), ())


def site(db: Database, settings: Settings = PLAIN) -> Site:
    """A site with the doors of the tests."""
    resources = Resources()
    resources.put(Database, db)
    resources.put(Settings, settings)
    resources.put(VisitorResolver, Visitors())
    return Site(doors_of(doors), resources)


class Browser(httpx2.AsyncClient):
    """Visits a site as one browser does; redirects are not followed."""

    def __init__(self, visited: Site, who: str = "", peer: str = "203.0.113.9", language: str = "") -> None:
        transport = httpx2.ASGITransport(app=visited, client=(peer, 50_000))
        super().__init__(transport=transport, base_url=visited.settings.public_url)
        self.visited = visited
        self._prefix = "__Host-" if visited.settings.secure else ""
        if who:
            self.cookies.set(self._prefix + "session", who)
        if language:
            self.headers["accept-language"] = language

    async def token(self) -> str:
        """The form token of a page, as this browser gets it."""
        page = await self.get("/")
        return unescape(re.findall(r'name="csrf" value="([^"]+)"', page.text)[-1])

    async def send_form(self, path: str, fields: dict[str, str], **headers: str) -> httpx2.Response:
        """Fill in a form of a page and send it, as a browser does."""
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.post(path, data={"csrf": await self.token(), **fields}, headers=told)
