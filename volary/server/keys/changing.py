"""Making another key the current one, and letting go of the old one (decision 0031)."""

import asyncio

import msgspec
from sqlalchemy import select

from volary.activity.actions import record
from volary.db import Database, Tx, statement
from volary.db.rotation import FOLLOW_SECONDS, announce, call_off, key_facts, retire, switch
from volary.developers.actions.credentials import invalidate_bearer
from volary.developers.models import apps
from volary.developers.rules.credentials import bearer_token
from volary.kit.clock import HOUR, MINUTE
from volary.kit.errors import Conflict, NotFound
from volary.kit.secrets import Keyring
from volary.kit.whence import COMMAND_LINE
from volary.server.keys.columns import SEALED

SETTLED = HOUR
"""After this time no form, page token or half-done connection of before is waiting any more."""

FOLLOWED = 5 * int(FOLLOW_SECONDS * 1000)
"""After this time every process makes what it makes with the current key, also one that was held up for a while."""


class Made(msgspec.Struct, frozen=True):
    """An App, and how many app-only tokens were made for it."""

    id: int
    bearer_generation: int


_MADE = statement(select(apps.c.id, apps.c.bearer_generation).where(apps.c.bearer_generation > 0), Made)


async def change(db: Database, key_id: str, wait: float) -> None:
    """Make a key that is here the current one, unless a running process objects within `wait` seconds, or somebody else begins to
    change it meanwhile (Conflict).
    """
    turn = await db.write(announce, key_id)
    try:
        await asyncio.sleep(wait)
        objection = await db.write(_decide, key_id, turn)
    except BaseException:
        await db.write(_give_up, turn)
        raise
    if objection:
        raise Conflict(
            "%(who)s does not know the key %(key)s: restart it with that key too, then try again",
            who=objection,
            key=key_id,
        )
    db.keys.turn_to(key_id)


async def _decide(tx: Tx, key_id: str, turn: str) -> str:
    """Switch, or call it off where somebody objected: who. Raises Conflict where another announcement is waited for by now."""
    facts = await key_facts(tx)
    if facts.turn != turn:
        raise Conflict("another change of the key was begun meanwhile, and nothing was done here")
    if facts.objection:
        await call_off(tx)
    else:
        await switch(tx, key_id)
        await record(
            tx, "key.changed", account_id=None, actor_id=COMMAND_LINE, detail={"from": facts.current, "to": key_id}
        )
    return facts.objection


async def _give_up(tx: Tx, turn: str) -> None:
    if (await key_facts(tx)).turn == turn:
        await call_off(tx)


async def unfollowed(db: Database) -> float:
    """Seconds until no process can seal with an older key any more."""
    since = (await key_facts(db)).since
    return min(max(0, since + FOLLOWED - db.now), FOLLOWED) / 1000


async def let_go(tx: Tx, key_id: str, *, leaked: bool) -> int:
    """Let no process use an older key any more, once no row needs it; how many app-only tokens ended.

    A `leaked` one goes without waiting for what people have begun, and with it the app-only tokens that whoever has it can make. Beside a
    server nothing is `unfollowed` by then: what a process seals with a key that is gone can never be opened. Raises NotFound, Conflict.
    """
    facts = await key_facts(tx)
    if key_id == facts.current:
        raise Conflict("%(key)s is the current key: rotate first", key=key_id)
    old = next((key for key in tx.keys.each if key.key_id == key_id), None)
    if old is None:
        raise NotFound("there is no key %(key)s here; volary key show tells which there are", key=key_id)
    needed = sum([await column.count(tx, key_id) for column in SEALED])
    if needed:
        raise Conflict("%(count)s rows still need the key %(key)s: volary key reseal", count=needed, key=key_id)
    if not leaked and tx.now < facts.since + SETTLED:
        minutes = -(-(facts.since + SETTLED - tx.now) // MINUTE)
        raise Conflict(
            "forms and connections that were begun with the key %(key)s may still be open: try again in %(minutes)s minutes",
            key=key_id,
            minutes=minutes,
        )
    ended = await _end_bearers(tx, old) if leaked else 0
    await retire(tx, key_id)
    told: dict[str, str | int] = {"key": key_id, "leaked": int(leaked), "tokens": ended}
    await record(tx, "key.retired", account_id=None, actor_id=COMMAND_LINE, detail=told)
    return ended


async def _end_bearers(tx: Tx, key: Keyring) -> int:
    """End the app-only tokens that can be made again from a key, an App's number and a count."""
    return sum(
        [
            await invalidate_bearer(tx, app.id, bearer_token(key, app.id, generation), actor_id=COMMAND_LINE)
            for app in await tx.all(_MADE)
            for generation in range(1, app.bearer_generation + 1)
        ]
    )
