"""What a measurement needs in the database, made by the same actions as the flows' own."""

import base64
import hashlib
import os
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from itertools import islice
from typing import Any

import msgspec
from sqlalchemy import insert

from volary.accounts.actions import create_account
from volary.db import Database, Tx
from volary.db.sqlite.connections import path_of
from volary.db.sqlite.rows import DIALECT
from volary.oauth import grants, tokens
from volary.oauth.models import access_tokens as access_tokens_table
from volary.oauth.tokens import Challenge

SCOPES = frozenset({"tweet.read", "users.read", "tweet.write", "offline.access"})
TEXT = " ".join(sorted(SCOPES))
VERIFIER = "bench-" * 8
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
CALLBACK = "http://127.0.0.1:9/callback"

_KNOWN = 10_000
_STEP, _SPAN = 100_000, 2**32
_TOGETHER = 100
"""What one action makes: more would hold up the event loop, fewer would wait for the disk too often."""


class Grants(msgspec.Struct, frozen=True):
    """People who allowed the App, each with the grant."""

    app_id: int
    of_accounts: tuple[tuple[int, int], ...]

    def spread(self, count: int) -> list[tuple[int, int]]:
        """So many pairs of account and grant, in turn: a person has at most a hundred devices."""
        pairs = self.of_accounts
        return [pairs[number % len(pairs)] for number in range(count)]


async def allowed(db: Database, app_id: int, people: int) -> Grants:
    """New accounts that allowed the App everything that is measured."""
    made: list[tuple[int, int]] = []
    for start in range(0, people, _TOGETHER):
        made += await db.write(_allow, app_id, range(start, min(start + _TOGETHER, people)))
    return Grants(app_id, tuple(made))


async def access_token(db: Database, account_id: int, app_id: int) -> str:
    """An access token of a person's for the App, made by the same actions as the flow's last step."""

    async def make(tx: Tx) -> str:
        grant_id = await grants.record(tx, account_id, app_id, scopes=SCOPES)
        return (await _issued(tx, grant_id)).access

    return await db.write(make)


async def access_tokens(db: Database, allowed: Grants) -> list[str]:
    """An access token of each of these people."""
    return await _in_steps(db, _access, list(allowed.of_accounts))


async def refresh_tokens(db: Database, allowed: Grants, count: int) -> list[str]:
    """Refresh tokens that were never used, each of a family of its own."""

    async def make(tx: Tx, pairs: Sequence[tuple[int, int]]) -> list[str]:
        return [str((await _issued(tx, grant_id)).refresh) for _, grant_id in pairs]

    return await _in_steps(db, make, allowed.spread(count))


async def codes(db: Database, allowed: Grants, count: int) -> list[str]:
    """Authorization codes, each good for thirty seconds from now on."""

    async def make(tx: Tx, pairs: Sequence[tuple[int, int]]) -> list[str]:
        return [await _code(tx, allowed.app_id, account_id, grant_id) for account_id, grant_id in pairs]

    return await _in_steps(db, make, allowed.spread(count))


async def _in_steps(db: Database, make: Any, pairs: list[tuple[int, int]]) -> list[str]:
    made: list[str] = []
    left = iter(pairs)
    while some := list(islice(left, _TOGETHER)):
        made += await db.write(make, some)
    return made


async def _allow(tx: Tx, app_id: int, numbers: range) -> list[tuple[int, int]]:
    made = []
    for number in numbers:
        account = await create_account(tx, f"bench_{number}")
        made.append((account.id, await grants.record(tx, account.id, app_id, scopes=SCOPES)))
    return made


async def _issued(tx: Tx, grant_id: int) -> tokens.Issued:
    family_id = await grants.start_family(tx, grant_id, "oauth2")
    return await tokens.issue_first(tx, tokens.Holder(family_id, app_epoch=0, account_epoch=0), TEXT)


async def _code(tx: Tx, app_id: int, account_id: int, grant_id: int) -> str:
    return await tokens.issue_code(
        tx,
        app_id=app_id,
        account_id=account_id,
        grant_id=grant_id,
        redirect_uri=CALLBACK,
        scopes=TEXT,
        challenge=Challenge(CHALLENGE, "S256"),
        app_epoch=0,
        account_epoch=0,
    )


async def tokens_among(db: Database, url: str, allowed: Grants, count: int) -> list[str]:
    """Ten thousand access tokens whose texts are known, among `count` in all (SQLite only: written past the room, to end today)."""
    known = await _in_steps(db, _access, allowed.spread(_KNOWN))
    with closing(sqlite3.connect(path_of(url), isolation_level=None)) as connection:
        (there,) = connection.execute("SELECT count(*) FROM access_tokens").fetchone()
        found = connection.execute("SELECT * FROM access_tokens LIMIT 1")
        others = dict(zip((name for name, *_ in found.description), found.fetchone(), strict=True))
        add = str(insert(access_tokens_table).compile(dialect=DIALECT))
        names = [column.name for column in access_tokens_table.columns]
        for start in range(there, count, _STEP):
            # In the order of the index, or each would land on a page of its own.
            rows = (
                tuple(
                    (others | {"digest": (number * _SPAN // count).to_bytes(4) + os.urandom(28)})[name]
                    for name in names
                )
                for number in range(start, min(start + _STEP, count))
            )
            connection.execute("BEGIN")
            connection.executemany(add, rows)
            connection.execute("COMMIT")
    return known


async def _access(tx: Tx, pairs: Sequence[tuple[int, int]]) -> list[str]:
    return [(await _issued(tx, grant_id)).access for _, grant_id in pairs]
