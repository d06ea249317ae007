"""The pages of *Automation* and *Your data* for the gallery, and what is on them."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import bindparam, insert

from tests.flows.making import Person
from volary.accounts.actions import label_automated
from volary.db import Database, Tx, Value, statement
from volary.kit.clock import DAY
from volary.person.actions import go_away
from volary.person.models import FAILED, MAKING, READY, archives

_AUTOMATION = "/settings/account/automation"
OWN: tuple[tuple[str, str, Any, int], ...] = (
    ("settings-automation", "dev", _AUTOMATION, 200),
    ("settings-automation-nobody", "bob", _AUTOMATION, 200),
    ("settings-managing", "bob", _AUTOMATION + "/managing", 200),
    ("settings-managing-labelled", "gwen", _AUTOMATION + "/managing", 200),
    ("settings-data", "bob", "/settings/data", 200),
    ("settings-data-being-made", "fred", "/settings/data", 200),
    ("settings-data-ready", "gwen", "/settings/data", 200),
    ("settings-data-failed", "hal", "/settings/data", 200),
    ("settings-deactivate", "fred", "/settings/data/deactivate", 200),
    ("settings-deactivated", "", "/settings/deactivated", 200),
    ("settings-privacy", "ann", "/settings/privacy", 200),
)
"""Name, who looks, path and status."""

_COLUMNS = ("id", "account_id", "state", "part", "done", "total", "name", "size", "asked_at", "ready_at", "expires_at")
_PUT = statement(insert(archives).values({name: bindparam(name) for name in _COLUMNS}))


async def wait_for_data(db: Database, people: Mapping[str, Person]) -> None:
    """Dev runs Gwen's account; Fred's archive is being made, Gwen's is ready, Hal's could not be made."""

    async def put(tx: Tx, who: str, state: str, done: int) -> None:
        ready = state == READY
        values: dict[str, Value] = {"part": "posts.json", "done": done, "total": 31, "name": "", "size": 48_301_377}
        values |= {"id": tx.new_id(), "account_id": people[who].id, "state": state, "asked_at": tx.now}
        values |= {"ready_at": tx.now if ready else None, "expires_at": tx.now + 7 * DAY if ready else None}
        await tx.run(_PUT, **values)

    await db.write(label_automated, people["gwen"].id, people["dev"].id)
    for who, state, done in (("fred", MAKING, 12), ("gwen", READY, 31), ("hal", FAILED, 2)):
        await db.write(put, who, state, done)


async def leave(db: Database, account_id: int) -> None:
    """Let somebody go away."""
    await db.write(go_away, account_id)
