"""The app's own way out: either token of a pair ends its family, and nobody else's."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest
from sqlalchemy import select

from tests.oauth.oauth2.stage import Stage
from volary.activity.models import events
from volary.db import statement
from volary.oauth.connected import connected_app
from volary.oauth.grants import live_grant

REVOKE = "/2/oauth2/revoke"
_DETAILS = statement(select(events.c.detail).where(events.c.kind == "family.ended"), str)


@pytest.mark.attack("SR-102", "SR-103", "SR-104")
@pytest.mark.parametrize("which", ["access", "refresh"])
@pytest.mark.parametrize("hint", [None, "access_token", "refresh_token", "nonsense", ""])
async def test_either_token_ends_both_whatever_the_hint_says(stage: Stage, which: str, hint: str | None) -> None:
    held, other = await stage.connect(stage.c1), await stage.connect(stage.c1)
    assert await stage.lives(held.access)
    form = {"token": getattr(held, which)} | ({} if hint is None else {"token_type_hint": hint})
    got = await stage.post(REVOKE, form, stage.c1)
    assert (got.status, got.json) == (200, {"revoked": True})
    assert not await stage.lives(held.access)
    assert (await stage.refresh(stage.c1, held.refresh)).status == 400
    assert await stage.lives(other.access)  # one device, not all of them
    assert await stage.db.all(_DETAILS) == ['{"why":"revoked by the app"}']


@pytest.mark.claim("C195")
@pytest.mark.parametrize("app", ["p1", "s1"])
async def test_a_public_client_revokes_by_its_name(stage: Stage, app: str) -> None:
    chosen = getattr(stage, app)
    held = await stage.connect(chosen)
    assert (await stage.post(REVOKE, {"token": held.refresh}, chosen)).status == 200
    assert not await stage.lives(held.access)


async def test_the_person_still_sees_the_app_until_they_revoke_it_themselves(stage: Stage) -> None:
    held = await stage.connect(stage.c1)
    await stage.post(REVOKE, {"token": held.refresh}, stage.c1)
    assert await live_grant(stage.db, stage.cast.ann.id, stage.c1.app.id) is not None
    assert await connected_app(stage.db, stage.cast.ann.id, stage.c1.app.id) is not None


@pytest.mark.attack("SR-105")
@pytest.mark.parametrize("thief", ["c2", "p1"])
async def test_another_clients_token_is_answered_and_left_alone(stage: Stage, thief: str) -> None:
    held = await stage.connect(stage.c1)
    for token in (held.access, held.refresh):
        got = await stage.post(REVOKE, {"token": token}, getattr(stage, thief))
        assert (got.status, got.json) == (200, {"revoked": True})
    assert await stage.lives(held.access)
    assert (await stage.refresh(stage.c1, held.refresh)).status == 200


@pytest.mark.attack("SR-105")
async def test_a_confidential_client_revokes_nothing_without_its_secret(stage: Stage) -> None:
    held = await stage.connect(stage.c1)
    got = await stage.post(REVOKE, {"token": held.access, "client_id": stage.c1.app.client_id})
    assert got.status == 401
    assert await stage.lives(held.access)


@pytest.mark.attack("SR-107", "SR-101")
async def test_what_is_unknown_expired_or_no_token_of_these_is_answered_like_success(stage: Stage) -> None:
    held = await stage.connect(stage.c1)
    code = await stage.code(stage.c1)
    await stage.post(REVOKE, {"token": held.access}, stage.c1)
    for token in (held.access, code, stage.c1.bearer_token, stage.c1.api_key, "unknown", " ", "x" * 10_000):
        got = await stage.post(REVOKE, {"token": token}, stage.c1)
        assert (got.status, got.json) == (200, {"revoked": True})
    assert await stage.status(headers={"authorization": f"Bearer {stage.c1.bearer_token}"}) == 200
    assert (await stage.exchange(stage.c1, code)).status == 200


@pytest.mark.attack("SR-107")
@pytest.mark.parametrize("form", [{}, {"token": ""}, {"token_type_hint": "access_token"}])
async def test_a_missing_token_is_named(stage: Stage, form: dict[str, str]) -> None:
    got = await stage.post(REVOKE, form, stage.c1)
    expected = {"error": "invalid_request", "error_description": "Missing required parameter [token]."}
    assert (got.status, got.json) == (400, expected)


async def test_an_expired_access_token_still_ends_its_family(stage: Stage) -> None:
    held = await stage.connect(stage.c1)
    stage.db.clock.advance(3 * 3_600_000)
    assert (await stage.post(REVOKE, {"token": held.access}, stage.c1)).status == 200
    assert (await stage.refresh(stage.c1, held.refresh)).status == 400


async def test_many_at_once_end_it_once(stage: Stage) -> None:
    held = await stage.connect(stage.c1)
    answers = await asyncio.gather(*(stage.post(REVOKE, {"token": held.refresh}, stage.c1) for _ in range(20)))
    assert {got.status for got in answers} == {200}
    assert len(await stage.db.all(_DETAILS)) == 1


@asynccontextmanager
async def locked(url: str) -> AsyncIterator[None]:
    """Somebody else holds the table of families, or on SQLite the database, so that nothing can be written there."""
    if url.startswith("sqlite"):
        other = sqlite3.connect(url.removeprefix("sqlite:///"))
        other.execute("BEGIN IMMEDIATE")
        yield
        other.close()
    else:
        connection = await asyncpg.connect(url)
        async with connection.transaction():
            await connection.execute("LOCK TABLE families IN EXCLUSIVE MODE")
            yield
        await connection.close()


@pytest.mark.attack("SR-108")
async def test_what_could_not_be_written_is_not_told_as_success(stage: Stage, database_url: str) -> None:
    held = await stage.connect(stage.c1)
    async with locked(database_url):
        got = await stage.post(REVOKE, {"token": held.access}, stage.c1)
        assert got.status == 503
        assert int(got.header("retry-after") or 0) > 0
        assert got.json["error"] == "temporarily_unavailable"
        assert await stage.lives(held.access)
    assert (await stage.post(REVOKE, {"token": held.access}, stage.c1)).status == 200
    assert not await stage.lives(held.access)
