"""What operators switch for the installation, and for single Apps and names."""

from sqlalchemy import bindparam, delete

from volary.activity.actions import record
from volary.db import Tx, statement, upsert
from volary.developers.actions.names import release_name, rename_app, reserve_name
from volary.developers.actions.noting import note_app
from volary.developers.errors import AppUnknown
from volary.developers.models import app_limits
from volary.developers.queries import app_by_id
from volary.developers.rules import texts
from volary.kit.errors import Invalid
from volary.language import mark as _
from volary.operator.actions.actors import Actor, ensure_operator
from volary.operator.models import READ_ONLY, switches

MOST_PERCENT = 10_000
"""The largest share of the usual limits that one App may have."""

_SWITCH = statement(
    upsert(switches, values=["name", "value", "changed_at"], key=["name"], update=["value", "changed_at"])
)
_SWITCH_OFF = statement(delete(switches).where(switches.c.name == bindparam("name")))
_LIMIT = statement(
    upsert(app_limits, values=["app_id", "percent", "set_at"], key=["app_id"], update=["percent", "set_at"])
)
_USUAL = statement(delete(app_limits).where(app_limits.c.app_id == bindparam("app_id")))


async def close(tx: Tx, actor: Actor, *, reason: str) -> None:
    """Answer every write with 503 and this reason; signing in, revoking and ending sessions go on. Raises NotAnOperator, Invalid."""
    await ensure_operator(tx, actor)
    kept = texts.text(reason, "reason", texts.SWITCH_REASON)
    await tx.run(_SWITCH, name=READ_ONLY, value=kept, changed_at=tx.now)
    await _note(tx, actor, "read_only.on", {"reason": kept})


async def reopen(tx: Tx, actor: Actor) -> bool:
    """Take changes again; False when they were taken anyway. Raises NotAnOperator."""
    await ensure_operator(tx, actor)
    changed = bool(await tx.run(_SWITCH_OFF, name=READ_ONLY))
    if changed:
        await _note(tx, actor, "read_only.off", None)
    return changed


async def limit(tx: Tx, actor: Actor, app_id: int, *, percent: int) -> None:
    """Give an App another share of the usual rate limits; 100 is what everybody has. Raises NotAnOperator, AppUnknown, Invalid."""
    await ensure_operator(tx, actor)
    app = await app_by_id(tx, app_id)
    if app is None:
        raise AppUnknown
    if not 1 <= percent <= MOST_PERCENT:
        raise Invalid(_("Choose a number from 1 to %(most)s."), field="percent", most=MOST_PERCENT)
    if percent == 100:
        await tx.run(_USUAL, app_id=app_id)
    else:
        await tx.run(_LIMIT, app_id=app_id, percent=percent, set_at=tx.now)
    await note_app(tx, app, actor.account_id, "app.limited", detail={"percent": percent}, address=actor.address)


async def rename(tx: Tx, actor: Actor, app_id: int, *, name: str) -> None:
    """Give an App another name, such as one that misleads nobody. Raises NotAnOperator, AppUnknown, Invalid, NameTaken."""
    await ensure_operator(tx, actor)
    app = await app_by_id(tx, app_id)
    if app is None:
        raise AppUnknown
    kept = await rename_app(tx, app_id, name)
    await note_app(tx, app, actor.account_id, "app.renamed", detail={"to": kept}, address=actor.address)


async def reserve(tx: Tx, actor: Actor, name: str) -> str:
    """Keep a name, and all that read or look the same, from every App; the name as it is kept. Raises NotAnOperator, Invalid, Conflict."""
    await ensure_operator(tx, actor)
    kept = await reserve_name(tx, name)
    await _note(tx, actor, "name.reserved", {"name": kept})
    return kept


async def release(tx: Tx, actor: Actor, name: str) -> None:
    """Let Apps have a name again. Raises NotAnOperator, NotFound."""
    await ensure_operator(tx, actor)
    kept = await release_name(tx, name)
    await _note(tx, actor, "name.released", {"name": kept})


async def _note(tx: Tx, actor: Actor, kind: str, detail: dict[str, str | int] | None) -> None:
    await record(tx, kind, account_id=None, actor_id=actor.account_id, address=actor.address, detail=detail)
