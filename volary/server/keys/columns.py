"""Everything that is sealed and stays (decision 0031). Requests that wait for a person's decision are sealed too, for ten minutes."""

import asyncio
import time
from collections.abc import Callable

import msgspec

from volary.db import Database, Reader
from volary.db.rotation import key_facts
from volary.db.sealed import Place, Sealed
from volary.developers.models import credentials
from volary.developers.rules.credentials import SECRET_PURPOSE
from volary.factors.actions.codes import SEAL as AUTHENTICATOR
from volary.factors.models import authenticators
from volary.mail.actions import PARAMETERS
from volary.mail.models import letters
from volary.oauth.models import oauth1_tokens, request_tokens
from volary.oauth.oauth1.signing_keys import TOKEN_SECRET
from volary.webhooks.models import webhooks
from volary.webhooks.rules.signing import PURPOSE as WEBHOOK_SECRET

API_SECRETS = Sealed(credentials, "secret", SECRET_PURPOSE)
TOKEN_SECRETS = Sealed(oauth1_tokens, "secret", TOKEN_SECRET)
REQUEST_SECRETS = Sealed(request_tokens, "secret", TOKEN_SECRET)
WEBHOOK_SECRETS = Sealed(webhooks, "secret", WEBHOOK_SECRET)
AUTHENTICATORS = Sealed(authenticators, "secret", AUTHENTICATOR)
LETTERS = Sealed(letters, "parameters", PARAMETERS, place="id")
SEALED = (API_SECRETS, TOKEN_SECRETS, REQUEST_SECRETS, WEBHOOK_SECRETS, AUTHENTICATORS, LETTERS)


class KeyUse(msgspec.Struct, frozen=True, kw_only=True):
    """A key and how much it is needed."""

    key_id: str
    state: str
    """`current`; `older`, which opens what it sealed; `next`, which waits to become the current one."""
    rows: int


class Uses(msgspec.Struct, frozen=True, kw_only=True):
    """What `volary key show` tells."""

    keys: list[KeyUse]
    unmarked: int
    """Rows sealed before seals were marked, which a key that is here opens."""
    unreadable: int
    """Rows that no key here opens."""
    since: int

    @property
    def old(self) -> int:
        """Rows that are not under the current key, but can be put there."""
        return self.unmarked + sum(key.rows for key in self.keys if key.state != "current")


async def uses(reader: Reader) -> Uses:
    """Which keys are here, and how many rows need each. Counting reads every sealed row once."""
    keys, facts = reader.keys, await key_facts(reader)
    found = []
    for key_id in keys.key_ids:
        state = "current" if key_id == facts.current else ("older" if key_id in facts.former else "next")
        rows = sum([await column.count(reader, key_id) for column in SEALED])
        found.append(KeyUse(key_id=key_id, state=state, rows=rows))
    rest = sum([await column.count_all(reader) for column in SEALED]) - sum(key.rows for key in found)
    unreadable = 0
    if rest:
        unreadable = sum([1 for column in SEALED async for _ in column.unreadable(reader, keys)])
    return Uses(keys=found, unmarked=rest - unreadable, unreadable=unreadable, since=facts.since)


async def reseal(db: Database, told: Callable[[int], None] = lambda _: None) -> tuple[int, int]:
    """Put every row under the current key, a batch at a time beside running servers: how many were, and how many no key opens.

    Between batches it rests as long as one took, so that others can write. `told` hears how many are done.
    """
    done = unreadable = 0
    for column in SEALED:
        last: Place | None = column.first
        while last is not None:
            began = time.monotonic()
            batch = await db.write(column.reseal, last)
            done, unreadable, last = done + batch.done, unreadable + batch.unreadable, batch.last
            told(done)
            await asyncio.sleep(time.monotonic() - began if last else 0)
    return done, unreadable
