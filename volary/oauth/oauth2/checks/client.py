"""The client: an active App with OAuth 2.0 switched on (RFC 6749 §2.2, C187)."""

import re

from volary.db import Reader
from volary.developers.models import ACTIVE, AppRow
from volary.developers.queries import app_by_client_id, app_by_id
from volary.oauth.errors import PageRefusal
from volary.oauth.oauth2.parameters import Query

_CLIENT_ID = re.compile(r"[A-Za-z0-9_-]{1,200}")


async def check(reader: Reader, query: Query) -> AppRow:
    """The App that asks. Raises one PageRefusal, whether the client id is missing, unknown, deleted, suspended or off (SR-005)."""
    client_id = query.once("client_id")
    if client_id is None or not is_client_id(client_id):
        raise PageRefusal(field="client_id", why="no client id, two of them, or none that could be one")
    return ready(await app_by_client_id(reader, client_id))


async def check_again(reader: Reader, app_id: int) -> AppRow:
    """The App of a request that was checked some minutes ago. Raises PageRefusal when it may not ask any more (SR-218)."""
    return ready(await app_by_id(reader, app_id))


def ready(app: AppRow | None) -> AppRow:
    """The App, if it can use OAuth 2.0 now. Raises PageRefusal."""
    if app is None or not may_ask(app):
        refusal = PageRefusal(
            field="client_id",
            why="no such app" if app is None else f"app {app.id}: {app.state}, OAuth 2.0 {app.oauth2_enabled}",
        )
        raise refusal.because("client_off").named(app.id if app else 0)
    return app


def may_ask(app: AppRow) -> bool:
    """Whether the App is active and has OAuth 2.0 switched on, with a type."""
    return app.state == ACTIVE and bool(app.oauth2_enabled) and app.oauth2_type is not None


def is_client_id(text: str) -> bool:
    """Whether a text has the form of a client id; only then the database is asked."""
    return _CLIENT_ID.fullmatch(text) is not None
