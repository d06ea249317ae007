"""How long a refusal takes does not tell how close a guess was, nor what was unknown (SR-120)."""

import gc
import time
from collections.abc import Awaitable, Callable
from statistics import median

import pytest

from tests.cast import people
from tests.conftest import HeldDatabase
from tests.oauth.oauth2.stage import ADDRESS, Stage, basic, stage_of
from volary.kit.errors import Refusal
from volary.oauth.identify import identify
from volary.oauth.oauth2.client_auth import authenticate
from volary.oauth.revoking import revoke

ROUNDS = 3000
TRIES = 5
"""Measurements of which one must be good: what else the machine does is in some of them, what the code gives away is in all."""


async def medians(ways: dict[str, Callable[[], Awaitable[object]]]) -> dict[str, float]:
    """Microseconds until each is refused; interleaved, so that what else the machine does weighs on each alike."""
    took: dict[str, list[float]] = {name: [] for name in ways}
    gc.disable()
    for _ in range(ROUNDS):
        for name, way in ways.items():
            started = time.perf_counter()
            with pytest.raises(Refusal):
                await way()
            took[name].append(time.perf_counter() - started)
    gc.enable()
    found = {name: median(times) * 1e6 for name, times in took.items()}
    print(found)
    return found


async def alike(ways: dict[str, Callable[[], Awaitable[object]]], judged: Callable[[dict[str, float]], bool]) -> None:
    """Measure until the times are alike. Fails when they never are."""
    found = [await medians(ways)]
    while not judged(found[-1]) and len(found) < TRIES:
        found.append(await medians(ways))
    assert judged(found[-1]), found


def client(stage: Stage, client_id: str, secret: str) -> Callable[[], Awaitable[object]]:
    header = [basic(client_id, secret).encode()]
    return lambda: authenticate(stage.db, header, {})


def token(stage: Stage, text: str) -> Callable[[], Awaitable[object]]:
    raw = stage.raw("GET", "/2/users/me", {"authorization": f"Bearer {text}"}, ADDRESS)
    return lambda: identify(raw)


@pytest.mark.slow
@pytest.mark.attack("SR-120")
async def test_clients_and_secrets_are_refused_in_the_same_time(sqlite_db: HeldDatabase) -> None:
    stage = await stage_of(sqlite_db, await people(sqlite_db))
    client_id, secret = stage.c1.app.client_id, stage.c1.client_secret or ""

    def judged(found: dict[str, float]) -> bool:
        # An unknown client costs one row less to read; a client id is no secret, and stands in every address of the flow.
        known = [value for name, value in found.items() if name != "unknown client"]
        return max(known) - min(known) < 5 and abs(found["unknown client"] - found["wrong"]) < 15

    await alike(
        {
            "nearly right": client(stage, client_id, secret[:-1] + "-"),
            "wrong": client(stage, client_id, "x" * len(secret)),
            "another App's": client(stage, client_id, stage.c2.client_secret or ""),
            "unknown client": client(stage, client_id[:-4] + "AAAA", secret),
        },
        judged,
    )


@pytest.mark.slow
@pytest.mark.attack("SR-120")
async def test_tokens_are_refused_in_the_same_time(sqlite_db: HeldDatabase) -> None:
    stage = await stage_of(sqlite_db, await people(sqlite_db))
    live = (await stage.connect(stage.c1)).access
    dead = (await stage.connect(stage.c2)).access
    await stage.db.write(revoke, stage.cast.ann.id, app_id=stage.c2.app.id)

    def judged(found: dict[str, float]) -> bool:
        return abs(found["nearly right"] - found["random"]) < 2 and max(found.values()) - min(found.values()) < 5

    await alike(
        {
            "nearly right": token(stage, live[:-1] + ("A" if live[-1] != "A" else "B")),
            "random": token(stage, live[::-1]),
            "ended": token(stage, dead),
        },
        judged,
    )
