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
    found = await medians(
        {
            "nearly right": client(stage, client_id, secret[:-1] + "-"),
            "wrong": client(stage, client_id, "x" * len(secret)),
            "another App's": client(stage, client_id, stage.c2.client_secret or ""),
            "unknown client": client(stage, client_id[:-4] + "AAAA", secret),
        }
    )
    # An unknown client costs one row less to read; a client id is no secret, and stands in every address of the flow.
    known = [value for name, value in found.items() if name != "unknown client"]
    assert max(known) - min(known) < 5
    assert abs(found["unknown client"] - found["wrong"]) < 15


@pytest.mark.slow
@pytest.mark.attack("SR-120")
async def test_tokens_are_refused_in_the_same_time(sqlite_db: HeldDatabase) -> None:
    stage = await stage_of(sqlite_db, await people(sqlite_db))
    live = (await stage.connect(stage.c1)).access
    dead = (await stage.connect(stage.c2)).access
    await stage.db.write(revoke, stage.cast.ann.id, app_id=stage.c2.app.id)
    found = await medians(
        {
            "nearly right": token(stage, live[:-1] + ("A" if live[-1] != "A" else "B")),
            "random": token(stage, live[::-1]),
            "ended": token(stage, dead),
        }
    )
    assert abs(found["nearly right"] - found["random"]) < 2
    assert max(found.values()) - min(found.values()) < 5
