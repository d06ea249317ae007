"""What a process owns: opened at the start, handed to doors by type, worked for beside the requests, and closed in order at the end."""

from asyncio import to_thread
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from maxminddb import InvalidDatabaseError

from volary.access.closing import ReadOnly
from volary.accounts.rules.breached import Breached
from volary.accounts.rules.hashing import PasswordHasher
from volary.activity.actions import COUNT_SECONDS, Reads
from volary.api.further import Further
from volary.api.limits import Counters, Limiter, OwnCounters
from volary.api.sources import Sources
from volary.db import Database
from volary.db.keys import keyring
from volary.db.rotation import FOLLOW_SECONDS, follow
from volary.db.sqlite.connections import path_of
from volary.developers import jobs as developer_jobs
from volary.developers.queries.apps import further_of_app, source_of_apps
from volary.jobs.actions import forget
from volary.kit.clock import DAY, Clock, SystemClock
from volary.kit.resources import Resources
from volary.mail import jobs as mail_jobs
from volary.mail.writing import Writer
from volary.media import jobs as media_jobs
from volary.media.actions.viewing import FLUSH_SECONDS as FLUSH_PLAYS_SECONDS
from volary.media.actions.viewing import Plays
from volary.media.api.receiving import Background as MediaBackground
from volary.media.rules.folder import Folder
from volary.media.rules.readers import Readers
from volary.oauth import jobs as oauth_jobs
from volary.oauth.oauth1.nonces.file import FileNonces
from volary.oauth.oauth1.nonces.store import NonceStore
from volary.oauth.oauth1.nonces.table import TableNonces
from volary.oauth.oauth1.verify import Verifier
from volary.oauth.throttle import Throttle
from volary.oauth.turns import Turns
from volary.oauth.uses import FLUSH_SECONDS, Uses
from volary.operator.actions.following import FOLLOW_SECONDS as FOLLOW_OPERATORS_SECONDS
from volary.operator.actions.following import Followed
from volary.posts.actions import viewing
from volary.posts.actions.viewing import Views
from volary.posts.jobs import sweeping
from volary.search.jobs.indexing import INDEX_SECONDS, Indexer
from volary.search.jobs.trends import TREND_SECONDS, find_trends
from volary.server import metrics
from volary.server.background import Recurring
from volary.server.clockwatch import WATCH_SECONDS, ClockWatch
from volary.server.metrics import Counts
from volary.server.remembering import require_memory
from volary.server.silent import SECONDS, close_silent
from volary.sessions import jobs as session_jobs
from volary.sessions.actions.seen import Seen
from volary.sessions.pages import Visitors
from volary.sessions.rules.locations import LocationFinder
from volary.settings import BadSetting, Settings
from volary.usage.actions.forgetting import SWEEP_SECONDS as SWEEP_CALLS_SECONDS
from volary.usage.actions.forgetting import sweep as forget_calls
from volary.usage.actions.noting import FLUSH_SECONDS as FLUSH_CALLS_SECONDS
from volary.usage.actions.noting import Calls
from volary.web import VisitorResolver
from volary.webhooks import jobs as webhook_jobs

if TYPE_CHECKING:
    from valkey.asyncio import Valkey


SWEEP_JOBS_SECONDS = 3600.0
KEPT_JOBS = 30 * DAY
"""How long a job that was given up waits for an operator."""


class Shared(msgspec.Struct):
    """The store that several processes share, or None for a single one."""

    client: "Valkey | None"


async def resources(settings: Settings, db: Database, counts_folder: Path | None = None) -> Resources:
    """What a process owns, besides its doors. `counts_folder` is where the workers of one server add up their counters."""
    owned = Resources()
    owned.put(Settings, settings)
    owned.put(Database, db)
    owned.put(Counts, Counts(counts_folder))
    shared = owned.put(Shared, Shared(_valkey(settings))).client
    counters = _counters(settings, shared)
    owned.put(Limiter, Limiter(counters, settings.rate_limit_scale))
    owned.put(ReadOnly, ReadOnly())
    owned.put(Followed, Followed(owned[ReadOnly], owned[Limiter]))
    await owned[Followed].look(db)
    owned.put(Throttle, Throttle(counters, settings.rate_limit_scale))
    owned.put(Verifier, Verifier(settings, _nonces(settings, db, shared)))
    owned.put(Uses, Uses())
    owned.put(Reads, Reads())
    owned.put(Turns, Turns())
    owned.put(PasswordHasher, password_hasher(settings))
    owned.put(LocationFinder, _locations(settings))
    owned.put(Seen, Seen())
    owned.put(VisitorResolver, Visitors(owned[Seen]))
    owned.put(Indexer, Indexer(db))
    owned.put(Folder, Folder(media_folder(settings)))
    owned.put(Readers, Readers())
    owned.put(MediaBackground, MediaBackground())
    owned.put(Views, Views())
    owned.put(Plays, Plays())
    owned.put(Writer, Writer(settings))
    calls = owned.put(Calls, Calls(counting=settings.usage_days > 0, logging=settings.request_log_days > 0))
    owned[Counts].dropped = lambda: calls.dropped
    owned.put(Further, Further(further_of_app, frozenset(settings.further_permissions)))
    owned.put(Sources, Sources(source_of_apps, settings.site_name, settings.public_url))
    return owned


async def look_at_files(settings: Settings) -> None:
    """Open and close what workers open from files of their own, so that what is wrong with one is said once and before they start.

    Raises BadSetting, CannotStart.
    """
    _locations(settings).close()
    password_hasher(settings).close()
    if settings.valkey is not None:
        await require_memory(settings.valkey)
    elif settings.database.startswith("sqlite"):
        await _own_nonces(settings, SystemClock()).close()


async def closed(owned: Resources) -> None:
    """Let go of everything that `resources` opened, the database last."""
    await owned[MediaBackground].stop()
    owned[PasswordHasher].close()
    owned[LocationFinder].close()
    await owned[Verifier].nonces.close()
    if (shared := owned[Shared].client) is not None:
        await shared.aclose()
    await owned[Database].close()


def recurring(owned: Resources) -> list[Recurring]:
    """What is done beside the requests."""
    settings, db = owned[Settings], owned[Database]
    port = settings.port
    return [
        Recurring(
            "following the key", FOLLOW_SECONDS, lambda: follow(db, lambda: keyring(settings.key, settings.database))
        ),
        Recurring("following operators", FOLLOW_OPERATORS_SECONDS, lambda: owned[Followed].look(db)),
        Recurring("writing down reads", COUNT_SECONDS, lambda: owned[Reads].flush(db), at_end=True),
        Recurring("writing down uses", FLUSH_SECONDS, lambda: owned[Uses].flush(db), at_end=True),
        Recurring(
            "writing down seen sessions",
            session_jobs.WRITE_SEEN_EVERY / 1000,
            lambda: session_jobs.write_seen(db, owned[Seen]),
            at_end=True,
        ),
        Recurring("sharing counters", metrics.SECONDS, owned[Counts].share, at_end=True),
        Recurring("sweeping sessions", session_jobs.SWEEP_EVERY / 1000, lambda: session_jobs.sweep(db)),
        Recurring("sweeping tokens", oauth_jobs.SWEEP_SECONDS, lambda: oauth_jobs.sweep(db)),
        Recurring(
            "sweeping developers",
            developer_jobs.SWEEP_SECONDS,
            lambda: developer_jobs.sweep(db, settings.undelete_days),
        ),
        Recurring("sweeping nonces", oauth_jobs.SWEEP_SECONDS, owned[Verifier].nonces.sweep),
        Recurring("writing down views", viewing.WRITE_SECONDS, lambda: owned[Views].write(db), at_end=True),
        Recurring("sweeping posts", sweeping.SWEEP_SECONDS, lambda: sweeping.sweep(db)),
        Recurring("indexing posts", INDEX_SECONDS, owned[Indexer].run),
        Recurring("finding trends", TREND_SECONDS, lambda: find_trends(db)),
        Recurring("counting plays", FLUSH_PLAYS_SECONDS, lambda: owned[Plays].flush(db), at_end=True),
        Recurring("sweeping jobs", SWEEP_JOBS_SECONDS, lambda: db.write(forget, db.now - KEPT_JOBS)),
        Recurring("sweeping deliveries", webhook_jobs.SWEEP_SECONDS, lambda: webhook_jobs.sweep(db)),
        Recurring("sweeping letters", mail_jobs.SWEEP_SECONDS, lambda: mail_jobs.sweep(db)),
        Recurring("sweeping media", media_jobs.SWEEP_SECONDS, lambda: media_jobs.sweep(db, owned[Folder])),
        Recurring("watching the clock", WATCH_SECONDS, ClockWatch().look),
        Recurring("writing down calls", FLUSH_CALLS_SECONDS, lambda: owned[Calls].flush(db), at_end=True),
        Recurring(
            "forgetting calls",
            SWEEP_CALLS_SECONDS,
            lambda: forget_calls(db, settings.usage_days, settings.request_log_days),
        ),
        Recurring("closing silent connections", SECONDS / 2, lambda: to_thread(close_silent, port)),
    ]


def media_folder(settings: Settings) -> Path | None:
    """Where media are kept: the folder that was set, else one beside the SQLite database."""
    if settings.media_folder:
        return Path(settings.media_folder)
    if settings.database.startswith("sqlite"):
        path = path_of(settings.database)
        return path.with_name(path.name + ".media")
    return None


def _locations(settings: Settings) -> LocationFinder:
    """Raises BadSetting for a file that is no database of places."""
    try:
        return LocationFinder(settings.location_database)
    except (OSError, InvalidDatabaseError) as error:
        raise BadSetting(f"VOLARY_LOCATION_DATABASE cannot be read: {error}") from error


def password_hasher(settings: Settings) -> PasswordHasher:
    """Raises BadSetting for a list of breached passwords that is none."""
    try:
        breached = Breached(settings.breached_passwords) if settings.breached_passwords else None
    except (OSError, ValueError) as error:
        raise BadSetting(f"VOLARY_BREACHED_PASSWORDS cannot be read: {error}") from error
    return PasswordHasher(settings.password_slots, settings.password_queue, apart=True, breached=breached)


def _counters(settings: Settings, shared: "Valkey | None") -> Counters:
    if shared is None:
        return OwnCounters()
    from volary.api.shared import SharedCounters

    return SharedCounters(shared, settings.workers)


_PATIENCE = 0.1
"""Seconds for an answer of Valkey, which takes less than a thousandth of one when all is well."""


def _valkey(settings: Settings) -> "Valkey | None":
    """The shared store, with patience short enough that it never holds up a request for long (SR-343)."""
    if settings.valkey is None:
        return None
    from valkey.asyncio import Valkey  # a quarter of all that a start loads, and most servers have none

    client: Valkey = Valkey.from_url(settings.valkey, socket_timeout=_PATIENCE, socket_connect_timeout=_PATIENCE)
    return client


def _nonces(settings: Settings, db: Database, shared: "Valkey | None") -> NonceStore:
    """Where nonces are remembered: decisions 0016 and 0035."""
    if shared is not None:
        from volary.oauth.oauth1.nonces.shared import SharedNonces

        return SharedNonces(shared)
    if settings.database.startswith("sqlite"):
        return _own_nonces(settings, db.clock)
    return TableNonces(db)


def _own_nonces(settings: Settings, clock: Clock) -> FileNonces:
    path = path_of(settings.database)
    return FileNonces(path.with_name(path.name + ".nonces"), clock)
