"""What is left of Apps whose deletion can no longer be undone."""

from sqlalchemy import bindparam, delete, null, select, update

from volary.db import Tx, statement
from volary.developers.actions.noting import note_app
from volary.developers.models import DELETED, AppRow, app_icons, apps, callback_urls
from volary.developers.queries.apps import APP_COLUMNS
from volary.kit.whence import SYSTEM

_DUE = statement(
    select(apps.c.id)
    .where(apps.c.deleted_at > 0, apps.c.deleted_at <= bindparam("before"))
    .order_by(apps.c.deleted_at)
    .limit(bindparam("most")),
    int,
)
_TEXTS = ("description", "organization", "organization_url", "terms_url", "privacy_url", "use_case", "state_reason")
_PURGE = statement(
    update(apps)
    .values(deleted_at=null(), deleted_from="", project_id=null(), **dict.fromkeys(_TEXTS, ""))
    .where(apps.c.id == bindparam("app_id"), apps.c.state == DELETED, apps.c.deleted_at <= bindparam("before"))
    .returning(*APP_COLUMNS),
    AppRow,
)
_FORGET = tuple(
    statement(delete(table).where(table.c.app_id == bindparam("app_id"))) for table in (app_icons, callback_urls)
)
BATCH = 100
"""How many Apps are forgotten in one transaction."""


async def purge_apps(tx: Tx, *, grace: int) -> int:
    """Forget the settings of Apps that were deleted more than `grace` milliseconds ago, a batch of them; how many.

    Name, website and client id stay: posts name their source, and the client id is nobody else's ever (SR-220).
    """
    due = await tx.all(_DUE, before=tx.now - grace, most=BATCH)
    for app_id in due:
        app = await tx.one(_PURGE, app_id=app_id, before=tx.now - grace)
        if app is not None:
            for forget in _FORGET:
                await tx.run(forget, app_id=app_id)
            await note_app(tx, app, SYSTEM, "app.purged")
    return len(due)
