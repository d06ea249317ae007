"""How long a refusal takes does not tell which part of the proof was unknown (SR-120)."""

import re
from functools import partial
from pathlib import Path

import pytest

from tests.cast import people
from tests.conftest import HeldDatabase
from tests.oauth.oauth1.stage import HOST, ME, Pair, Sent, set_up
from tests.oauth.oauth2.client_auth.test_time_tells_nothing import alike
from volary.oauth.oauth1.caller import caller_from_oauth1
from volary.oauth.oauth1.nonces.file import FileNonces
from volary.settings import Settings


def other(sent: Sent, name: str, value: str) -> Sent:
    changed = re.sub(rf'{name}="[^"]*"', f'{name}="{value}"', sent.authorization)
    return sent.changed(headers={"Authorization": changed})


@pytest.mark.slow
@pytest.mark.attack("SR-120")
async def test_unknown_and_wrong_take_the_same_time(sqlite_db: HeldDatabase, tmp_path: Path) -> None:
    """Interleaved, so that what else the machine does weighs on each alike; medians may differ by 5 µs."""
    nonces = FileNonces(tmp_path / "nonces", sqlite_db.clock)
    stage = await set_up(sqlite_db, nonces, await people(sqlite_db), Settings(public_url=HOST))
    pair = await stage.connect(stage.rw1, stage.people.ann.id)
    forged = stage.signed(stage.rw1, Pair(pair.token, "x" * 45), "GET", ME)
    kinds = {
        "wrong signature": forged,
        "unknown key": other(forged, "oauth_consumer_key", "k" * 25),
        "unknown token": other(forged, "oauth_token", pair.token[:-5] + "xxxxx"),
    }
    calls = {name: stage.arrived(sent) for name, sent in kinds.items()}

    async def call(name: str) -> None:
        await caller_from_oauth1(calls[name])

    await alike(
        {name: partial(call, name) for name in calls}, lambda found: max(found.values()) - min(found.values()) < 5
    )
    await nonces.close()
