"""What every room offers, brought together: doors, tables, kinds of objects, recurring tasks, and what a process owns.

A new room is wired here and nowhere else.
"""

from asyncio import to_thread

from maxminddb import InvalidDatabaseError
from valkey.asyncio import Valkey

from volary.accounts import api as accounts_api
from volary.accounts.rules.hashing import PasswordHasher
from volary.accounts.shapes import USER
from volary.api.kinds import Kinds
from volary.api.limits import Counters, Limiter, OwnCounters
from volary.api.machine import machines_of
from volary.api.operation import operations_of
from volary.api.serve import Api
from volary.api.shared import SharedCounters
from volary.api.sources import Sources
from volary.db import Database
from volary.db.sqlite.connections import path_of
from volary.developers import pages as developers_pages
from volary.developers.queries.apps import source_of_apps
from volary.help import pages as help_pages
from volary.kit.resources import Resources
from volary.messages import api as messages_api
from volary.messages.shapes import MESSAGE
from volary.oauth import api as oauth_api
from volary.oauth import jobs as oauth_jobs
from volary.oauth import pages as oauth_pages
from volary.oauth.identify import identify
from volary.oauth.oauth1 import endpoints as oauth1_api
from volary.oauth.oauth1.nonces.file import FileNonces
from volary.oauth.oauth1.nonces.shared import SharedNonces
from volary.oauth.oauth1.nonces.store import NonceStore
from volary.oauth.oauth1.nonces.table import TableNonces
from volary.oauth.oauth1.verify import Verifier
from volary.oauth.throttle import Throttle
from volary.oauth.turns import Turns
from volary.oauth.uses import FLUSH_SECONDS, Uses
from volary.person.pages import account, apps, password, sessions, signin, signup
from volary.person.pages import settings as settings_hub
from volary.portal.pages import authentication, dashboard, details, keys, leaving, new_app, projects
from volary.posts.api import read as posts_read
from volary.posts.api import v1 as posts_v1
from volary.posts.api import write as posts_write
from volary.posts.shapes import POST
from volary.server import health
from volary.server.asgi import Front
from volary.server.background import Recurring
from volary.server.cors import CrossOrigin
from volary.server.metrics import Counts
from volary.server.silent import SECONDS, close_silent
from volary.sessions import jobs as session_jobs
from volary.sessions.actions.seen import Seen
from volary.sessions.pages import Visitors
from volary.sessions.rules.locations import LocationFinder
from volary.settings import BadSetting, Settings
from volary.web import Site, VisitorResolver, doors_of

OPERATIONS = (accounts_api, posts_read, posts_write, posts_v1, messages_api)
"""Modules that declare operations of the resource API."""

MACHINES = (health, oauth_api, oauth1_api)
"""Modules that declare other doors for machines."""

PAGES = (
    developers_pages,
    help_pages,
    oauth_pages,
    *(account, apps, password, sessions, settings_hub, signin, signup),  # a person's own
    *(authentication, dashboard, details, keys, leaving, new_app, projects),  # a developer's
)
"""Modules that declare pages."""


async def resources(settings: Settings, db: Database) -> Resources:
    """What a process owns, besides its doors."""
    owned = Resources()
    owned.put(Settings, settings)
    owned.put(Database, db)
    owned.put(Counts, Counts())
    shared = _valkey(settings)
    counters: Counters = OwnCounters() if shared is None else SharedCounters(shared, db.clock, settings.workers)
    owned.put(Limiter, Limiter(counters, settings.rate_limit_scale))
    owned.put(Throttle, Throttle(counters, settings.rate_limit_scale))
    owned.put(Verifier, Verifier(settings, _nonces(settings, db, shared)))
    owned.put(Uses, Uses())
    owned.put(Turns, Turns())
    owned.put(PasswordHasher, PasswordHasher(settings.password_slots, settings.password_queue))
    owned.put(LocationFinder, _locations(settings))
    owned.put(Seen, Seen())
    owned.put(VisitorResolver, Visitors(owned[Seen]))
    owned.put(Sources, Sources(source_of_apps, settings.site_name, settings.public_url))
    return owned


async def closed(owned: Resources) -> None:
    """Let go of everything that `resources` opened, the database last."""
    owned[PasswordHasher].close()
    owned[LocationFinder].close()
    await owned[Verifier].nonces.close()
    await owned[Database].close()


def front(owned: Resources) -> Front:
    """The application behind every door."""
    settings = owned[Settings]
    kinds = Kinds((USER, POST, MESSAGE), {("post", "source"): owned[Sources].provided})
    api = Api(
        [one for module in OPERATIONS for one in operations_of(module.__name__)],
        [one for module in MACHINES for one in machines_of(module.__name__)],
        identify,
        owned[Limiter],
        kinds,
        settings.public_url + "/portal",
    )
    site = Site((door for module in PAGES for door in doors_of(module)), owned)
    return Front(api, site, CrossOrigin(), owned)


def recurring(owned: Resources) -> list[Recurring]:
    """What is done beside the requests."""
    db, port = owned[Database], owned[Settings].port
    return [
        Recurring("writing down uses", FLUSH_SECONDS, lambda: owned[Uses].flush(db), at_end=True),
        Recurring(
            "writing down seen sessions",
            session_jobs.WRITE_SEEN_EVERY / 1000,
            lambda: session_jobs.write_seen(db, owned[Seen]),
            at_end=True,
        ),
        Recurring("sweeping sessions", session_jobs.SWEEP_EVERY / 1000, lambda: session_jobs.sweep(db)),
        Recurring("sweeping tokens", oauth_jobs.SWEEP_SECONDS, lambda: oauth_jobs.sweep(db)),
        Recurring("sweeping nonces", oauth_jobs.SWEEP_SECONDS, owned[Verifier].nonces.sweep),
        Recurring("closing silent connections", SECONDS / 2, lambda: to_thread(close_silent, port)),
    ]


def _locations(settings: Settings) -> LocationFinder:
    """Raises BadSetting for a file that is no database of places."""
    try:
        return LocationFinder(settings.location_database)
    except (OSError, InvalidDatabaseError) as error:
        raise BadSetting(f"VOLARY_LOCATION_DATABASE cannot be read: {error}") from error


def _valkey(settings: Settings) -> Valkey | None:
    """The shared store, with patience short enough that it never holds up a request for long (SR-343)."""
    if settings.valkey is None:
        return None
    client: Valkey = Valkey.from_url(settings.valkey, socket_timeout=0.25, socket_connect_timeout=0.25)
    return client


def _nonces(settings: Settings, db: Database, shared: Valkey | None) -> NonceStore:
    """Where nonces are remembered: decision 0016."""
    if shared is not None:
        return SharedNonces(shared)
    if settings.database.startswith("sqlite"):
        path = path_of(settings.database)
        return FileNonces(path.with_name(path.name + ".nonces"), db.clock)
    return TableNonces(db)
