"""What `volary doctor` examines. It mends nothing: a missing database is a finding, not something to make."""

import os
import resource
import shutil
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import msgspec
from maxminddb import InvalidDatabaseError
from valkey.asyncio import Valkey
from valkey.exceptions import ValkeyError

from volary.accounts.rules.breached import Breached
from volary.db import Database
from volary.db.errors import CannotStart, first_line
from volary.db.keys import keyring
from volary.db.migrate import drift, require_current
from volary.db.schema import every_table
from volary.db.sqlite.connections import path_of
from volary.jobs.queries import count_given_up
from volary.kit.clock import SystemClock
from volary.kit.errors import Refusal
from volary.kit.hosts import is_loopback
from volary.mail.posting import greet
from volary.server.keys.columns import uses
from volary.server.keys.returned import key_that_came_back
from volary.server.owned import media_folder
from volary.server.remembering import throws_away, what_is_wrong
from volary.sessions.rules.locations import LocationFinder
from volary.settings import Settings, unknown_variables
from volary.settings.mailing import mail_server

_FILES = 4096
_ROOM = 512 * 1024 * 1024
_THIS_PROGRAM = 1_763_000_000
"""A second in November 2025: a machine whose clock says less is wrong, and tokens would live too long."""


class Finding(msgspec.Struct, frozen=True):
    """One check: `fine`, `look` (works, but read the advice) or `wrong`."""

    check: str
    result: str
    advice: str = ""


Check = Callable[[Settings], Coroutine[Any, Any, Finding]]


async def examined(settings: Settings) -> list[Finding]:
    """Every check in its order; after the first about the database that fails, the ones that need it are left out."""
    findings = [
        *(_public_address(settings), _proxies(settings), _variables(), _clock(), _password_work(settings), _files()),
        *(_places(settings), _breached(settings), _media(settings), await _shared(settings), await _mail(settings)),
    ]
    if settings.database.startswith("sqlite"):
        findings.append(_disk(settings))
        if not path_of(settings.database).exists():
            return [
                *findings,
                Finding("database", "look", "there is none yet: volary serve or volary migrate makes it"),
            ]
    for check in (_key, _tables, _answers, _sealed, _given_up):
        finding = await check(settings)
        findings.append(finding)
        if finding.result == "wrong":
            break
    return findings


def _public_address(settings: Settings) -> Finding:
    if settings.secure:
        return Finding("public address", "fine", settings.public_url)
    if is_loopback(settings.public_url):
        return Finding("public address", "fine", f"{settings.public_url}: for this machine only")
    return Finding(
        "public address", "look", f"{settings.public_url} is not https: passwords and tokens travel in the open"
    )


def _proxies(settings: Settings) -> Finding:
    if settings.secure and not settings.trusted_proxies:
        advice = "VOLARY_TRUSTED_PROXIES is empty: behind a proxy everybody has the proxy's address, and is slowed down together"
        return Finding("proxies", "look", advice)
    return Finding("proxies", "fine", ", ".join(settings.trusted_proxies))


def _variables() -> Finding:
    unknown = unknown_variables(os.environ)
    if unknown:
        return Finding("variables", "look", f"no settings, and without effect: {', '.join(unknown)}")
    return Finding("variables", "fine")


def _clock() -> Finding:
    if SystemClock().now() < _THIS_PROGRAM * 1000:
        return Finding(
            "clock", "wrong", "the machine's clock is behind: set it, or signatures and expiry cannot be right"
        )
    return Finding("clock", "fine")


def _password_work(settings: Settings) -> Finding:
    memory = settings.password_slots * 27
    return Finding("password hashing", "fine", f"{settings.password_slots} at once, {memory} MiB at most")


def _files() -> Finding:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if most != resource.RLIM_INFINITY and most < _FILES:
        return Finding("open files", "look", f"at most {most}: raise it (LimitNOFILE=), each connection is one")
    return Finding("open files", "fine")


def _places(settings: Settings) -> Finding:
    try:
        LocationFinder(settings.location_database).close()
    except (OSError, InvalidDatabaseError) as error:
        return Finding("location database", "wrong", f"{settings.location_database} cannot be read: {error}")
    return Finding("location database", "fine", settings.location_database or "countries from the built-in table")


def _breached(settings: Settings) -> Finding:
    if settings.breached_passwords is None:
        return Finding("breached passwords", "fine", "the most used ones from the built-in list")
    try:
        Breached(settings.breached_passwords)
    except (OSError, ValueError) as error:
        return Finding("breached passwords", "wrong", f"{settings.breached_passwords} cannot be read: {error}")
    return Finding("breached passwords", "fine", settings.breached_passwords)


async def _shared(settings: Settings) -> Finding:
    if settings.valkey is None:
        return Finding("valkey", "fine", "not used: this is the only process")
    client: Valkey = Valkey.from_url(settings.valkey, socket_timeout=2, socket_connect_timeout=2)
    try:
        policy = await throws_away(client)
    except (ValkeyError, OSError) as error:
        return Finding("valkey", "wrong", f"it does not answer: {first_line(error)}")
    finally:
        await client.aclose()
    if policy:
        return Finding("valkey", "wrong", f"it {what_is_wrong(policy)}")
    return Finding("valkey", "fine", settings.valkey.split("@")[-1])


def _disk(settings: Settings) -> Finding:
    folder: Path = path_of(settings.database).parent
    if not folder.exists():
        return Finding("disk", "wrong", f"the folder {folder} does not exist")
    free = shutil.disk_usage(folder).free
    if free < _ROOM:
        return Finding("disk", "look", f"only {free // 1_048_576} MiB are free in {folder}")
    return Finding("disk", "fine", f"{free // 1_073_741_824} GiB free")


def _media(settings: Settings) -> Finding:
    """Whether pictures and videos can be kept where they are to be kept."""
    folder = media_folder(settings)
    if folder is None:
        return Finding("media folder", "look", "VOLARY_MEDIA_FOLDER is not set: nothing can be uploaded")
    there = folder if folder.exists() else folder.parent
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        return Finding("media folder", "wrong", f"{folder} cannot be written to")
    if folder.exists() and folder.stat().st_mode & 0o077:
        return Finding("media folder", "look", f"others of this machine can look into {folder}: chmod 700")
    if (free := shutil.disk_usage(there).free) < _ROOM:
        return Finding("media folder", "look", f"only {free // 1_048_576} MiB are free in {folder}")
    return Finding("media folder", "fine", str(folder))


async def _mail(settings: Settings) -> Finding:
    """Whether the mail server lets us in, as for a letter."""
    server = mail_server(settings)
    if server is None:
        advice = "VOLARY_SMTP_URL is not set: letters stay in the outbox (volary mail list)"
        return Finding("mail server", "fine" if is_loopback(settings.public_url) else "look", advice)
    if why := await greet(settings):
        return Finding("mail server", "wrong", f"{server.shown} takes no letters: {why}")
    return Finding("mail server", "fine", f"{server.shown}, letters come from {settings.sender}")


async def _given_up(settings: Settings) -> Finding:
    """Whether work was given up that an operator should look at."""
    db = await Database.open(settings.database, SystemClock(), keyring(settings.key, settings.database))
    try:
        count = await count_given_up(db)
    finally:
        await db.close()
    if count:
        return Finding("work for later", "look", f"{count} were given up: volary jobs list --given-up")
    return Finding("work for later", "fine")


async def _key(settings: Settings) -> Finding:
    try:
        keyring(settings.key, settings.database)
    except CannotStart as error:
        return Finding("key", "wrong", str(error))
    return Finding("key", "fine")


async def _sealed(settings: Settings) -> Finding:
    """Whether everything that is sealed can be opened, and whether a rotation was begun and not ended."""
    db = await Database.open(settings.database, SystemClock(), keyring(settings.key, settings.database))
    try:
        found, returned = await uses(db), await key_that_came_back(db, settings.database)
    finally:
        await db.close()
    if found.unreadable:
        return Finding(
            "sealed secrets", "wrong", f"{found.unreadable} need a key that is not here: docs/runbooks/keys.md"
        )
    if returned:
        return Finding("sealed secrets", "look", returned)
    if found.old:
        return Finding("sealed secrets", "look", f"{found.old} still need an older key: volary key reseal")
    older = [key.key_id for key in found.keys if key.state == "older"]
    if older:
        return Finding(
            "sealed secrets", "look", f"nothing needs the key {older[0]} any more: volary key retire {older[0]}"
        )
    return Finding(
        "sealed secrets", "fine", f"{sum(key.rows for key in found.keys)}, all under the key {found.keys[0].key_id}"
    )


async def _tables(settings: Settings) -> Finding:
    try:
        await require_current(settings.database)
        differences = await drift(settings.database, every_table())
    except (CannotStart, OSError) as error:
        return Finding("tables", "wrong", str(error))
    if differences:
        return Finding("tables", "wrong", "differ from this program's: " + "; ".join(differences[:3]))
    return Finding("tables", "fine")


async def _answers(settings: Settings) -> Finding:
    try:
        db = await Database.open(settings.database, SystemClock(), keyring(settings.key, settings.database))
    except (CannotStart, Refusal) as error:
        return Finding("database", "wrong", str(error))
    try:
        damage = await db.engine.check()
    finally:
        await db.close()
    if damage:
        return Finding("database", "wrong", "damaged, restore a backup (docs/runbooks): " + "; ".join(damage[:3]))
    return Finding("database", "fine", settings.database.split("@")[-1])
