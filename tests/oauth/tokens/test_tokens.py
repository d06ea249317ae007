"""How tokens look, and that none of them can be read out of the database."""

import base64
import re
import sqlite3

import asyncpg
import pytest

from tests.oauth.oauth2.stage import STATE, Stage
from volary.db.schema import every_table
from volary.kit.clock import HOUR
from volary.kit.secrets import digest, mint
from volary.oauth import pending
from volary.oauth.models import codes
from volary.oauth.tokens import ACCESS, CODE, REFRESH, text_of

PLAIN = "plain-verifier-that-must-not-stand-in-the-database"


def opened(token: str) -> str:
    return base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode()


@pytest.mark.attack("SR-083")
async def test_each_kind_has_xs_form_and_at_least_128_random_bits(stage: Stage) -> None:
    code = await stage.code(stage.c1)
    got = await stage.exchange(stage.c1, code)
    made = {"ac": code, "at": got.json["access_token"], "rt": got.json["refresh_token"]}
    for kind, token in made.items():
        form = re.fullmatch(rf"([A-Za-z0-9_-]{{43}}):(\d{{13}}):1:1:{kind}:1", opened(token))
        assert form, opened(token)
        assert int(form[2]) == stage.db.now
        assert not token.startswith("AAAA")  # that is how an app-only token begins
    assert len({opened(token)[:43] for token in made.values()}) == 3


def test_no_token_begins_like_an_app_only_one() -> None:
    for _ in range(500):
        for kind in (ACCESS, REFRESH, CODE):
            assert not text_of(mint(), 1_790_000_000_000, kind).startswith("AAAA")


async def everything(url: str) -> list[tuple[str, object]]:
    """Every value of every table, with the table's name."""
    every = {table.name: f"SELECT * FROM {table.name}" for table in every_table().sorted_tables}  # noqa: S608 - our own names
    found: list[tuple[str, object]] = []
    if url.startswith("sqlite"):
        file = sqlite3.connect(url.removeprefix("sqlite:///"))
        for name, asked in every.items():
            found += [(name, value) for row in file.execute(asked) for value in row]
        file.close()
        return found
    connection = await asyncpg.connect(url)
    for name, asked in every.items():
        found += [(name, value) for row in await connection.fetch(asked) for value in row.values()]
    await connection.close()
    return found


def holding(values: list[tuple[str, object]], secret: str) -> list[str]:
    """The tables in which a secret stands, as text or bytes, whole or in base64."""
    forms = [secret.encode(), base64.b64encode(secret.encode()).rstrip(b"=")]
    return [
        table
        for table, value in values
        for text in [value if isinstance(value, bytes) else str(value).encode()]
        if any(form in text for form in forms)
    ]


@pytest.mark.attack("SR-086")
@pytest.mark.claim("C185")
async def test_whoever_reads_the_database_can_use_nothing_of_it(stage: Stage, database_url: str) -> None:
    code = await stage.code(stage.c1, code_challenge=PLAIN, code_challenge_method="plain", state="a state of its own")
    held = await stage.connect(stage.c1)
    refreshed = (await stage.refresh(stage.c1, held.refresh)).json
    request = await stage.asked(stage.p1, state="a state of its own", code_challenge=PLAIN, code_challenge_method=None)
    token = await stage.db.write(pending.save, request, b"browser")
    values = await everything(database_url)
    assert holding(values, stage.c1.app.client_id) == ["apps"]  # a control: what does stand there is found
    assert ("codes", digest(code)) in values
    secrets = [
        *(code, PLAIN, held.access, held.refresh, refreshed["access_token"], refreshed["refresh_token"], token),
        *(stage.c1.bearer_token, stage.c1.api_key, stage.c1.api_key_secret, stage.c1.client_secret or ""),
        "a state of its own",
    ]
    assert {secret: holding(values, secret) for secret in secrets if holding(values, secret)} == {}


async def test_the_columns_of_a_code_hold_what_was_asked(stage: Stage) -> None:
    await stage.code(stage.c1, state=STATE)
    assert (await stage.rows())["codes"] == 1
    assert "verifier" not in codes.c


@pytest.mark.attack("SR-350")
async def test_a_clock_that_steps_back_makes_no_token_live_longer_than_it_should(stage: Stage) -> None:
    held = await stage.connect(stage.c1)
    stage.db.clock.advance(-HOUR)
    assert await stage.lives(held.access)
    stage.db.clock.advance(3 * HOUR)
    assert not await stage.lives(held.access)
