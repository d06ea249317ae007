"""Changing the installation's key while servers run on its database (decision 0031).

The database says which key is the current one, and every process looks again every few seconds. Before it is changed the next one is
announced: a process that does not know it, nor finds it in the key file, objects, and nothing is changed. So no process ever meets a
secret that it cannot open.
"""

import logging
import os
import socket
from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import bindparam, delete, select

from volary.db.constructs import upsert
from volary.db.installation import KEY_ID, RETIRED
from volary.db.models import installation
from volary.db.reading import Reader, Tx
from volary.db.statement import statement
from volary.kit.secrets import Keyring, mint

if TYPE_CHECKING:
    from volary.db.database import Database

log = logging.getLogger("volary.keys")

FOLLOW_SECONDS = 2.0
"""How often a process looks which key is the current one."""

_SINCE, _NEXT, _OBJECTION, _FORMER = "key_since", "next_key", "key_objection", "former_keys"
_TURN = "key_turn"
"""Names the announcement, so that whoever made it can tell whether another one took its place."""


class KeyFacts(msgspec.Struct, frozen=True):
    """What the database says of keys, by their ids. `since` is when the current one became it, in milliseconds; 0 for the first."""

    current: str
    since: int = 0
    next: str = ""
    objection: str = ""
    former: tuple[str, ...] = ()
    retired: tuple[str, ...] = ()
    turn: str = ""


class _Fact(msgspec.Struct, frozen=True):
    name: str
    value: str


_FACTS = statement(
    select(installation.c.name, installation.c.value).where(
        installation.c.name.in_((KEY_ID, _SINCE, _NEXT, _OBJECTION, _FORMER, RETIRED, _TURN))
    ),
    _Fact,
)
_SET = statement(upsert(installation, values=["name", "value"], key=["name"], update=["value"]))
_DROP = statement(delete(installation).where(installation.c.name == bindparam("name")))


async def key_facts(reader: Reader) -> KeyFacts:
    """What the database says of the installation's keys."""
    said = {fact.name: fact.value for fact in await reader.all(_FACTS)}
    return KeyFacts(
        said.get(KEY_ID, ""),
        int(said.get(_SINCE, "0")),
        said.get(_NEXT, ""),
        said.get(_OBJECTION, ""),
        tuple(said.get(_FORMER, "").split()),
        tuple(said.get(RETIRED, "").split()),
        said.get(_TURN, ""),
    )


async def announce(tx: Tx, key_id: str) -> str:
    """Say which key is to be the current one soon; processes that do not know it object. The announcement's own name."""
    turn = mint()
    await tx.run(_DROP, name=_OBJECTION)
    await tx.run(_SET, name=_NEXT, value=key_id)
    await tx.run(_SET, name=_TURN, value=turn)
    return turn


async def call_off(tx: Tx) -> None:
    """Take back what was announced."""
    for name in (_NEXT, _OBJECTION, _TURN):
        await tx.run(_DROP, name=name)


async def switch(tx: Tx, key_id: str) -> None:
    """Make a key the current one: what is made from now on is made with it, in every process within a few seconds."""
    await call_off(tx)
    facts = await key_facts(tx)
    former = dict.fromkeys((*facts.former, facts.current))
    await tx.run(_SET, name=_FORMER, value=" ".join(former))
    await tx.run(_SET, name=KEY_ID, value=key_id)
    await tx.run(_SET, name=_SINCE, value=str(tx.now))


async def retire(tx: Tx, key_id: str) -> None:
    """Let no process use a key any more, even where its settings still hold it."""
    retired = (*(await key_facts(tx)).retired, key_id)
    await tx.run(_SET, name=RETIRED, value=" ".join(dict.fromkeys(retired)))


async def follow(database: "Database", again: Callable[[], Keyring]) -> None:
    """Do in this process what the database says. `again` reads the keys anew, which helps where they are in a file."""
    facts, keys = await key_facts(database), database.keys
    wanted = {facts.current, facts.next} - {""}
    if not wanted <= set(keys.key_ids):
        keys.learn(again())
    for retired in facts.retired:
        keys.forget(retired)
    if facts.current != keys.key_id:
        if keys.turn_to(facts.current):
            log.info("the installation's key is now %s", facts.current)
        else:
            log.error(
                "the installation's key is now %s, which this process does not have: restart it with it", facts.current
            )
    if facts.next and facts.next not in keys.key_ids and not facts.objection:
        await database.write(_object, facts.next)


async def _object(tx: Tx, key_id: str) -> None:
    """A no, unless the question was taken back meanwhile."""
    if (await key_facts(tx)).next == key_id:
        await tx.run(_SET, name=_OBJECTION, value=f"process {os.getpid()} on {socket.gethostname()}")
