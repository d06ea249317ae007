"""The help pages on a site of their own, with the pages that they lead to."""

import httpx2

from tests.help import elsewhere
from tests.server.calls import OPERATION
from volary.api.reference.entries import Reference
from volary.db import Database
from volary.help import pages
from volary.kit.resources import Resources
from volary.settings import Settings
from volary.web import Site, VisitorResolver, doors_of

PLAIN = Settings(public_url="http://localhost:8000")
SECURE = Settings(public_url="https://volary.example")
NETWORK = Settings(public_url="http://volary.lan:8000")


def site(db: Database, settings: Settings, *, others: bool) -> Site:
    """The help pages, with or without those of other rooms."""
    resources = Resources()
    resources.put(Database, db)
    resources.put(Settings, settings)
    resources.put(VisitorResolver, VisitorResolver())
    resources.put(Reference, Reference(OPERATION.values()))
    return Site([*doors_of(pages), *(doors_of(elsewhere) if others else [])], resources)


def reader(
    db: Database, settings: Settings = PLAIN, language: str = "en", *, others: bool = True
) -> httpx2.AsyncClient:
    """A browser in which nobody is signed in."""
    transport = httpx2.ASGITransport(app=site(db, settings, others=others))
    return httpx2.AsyncClient(transport=transport, base_url=settings.public_url, headers={"accept-language": language})
