"""When a grant was last used: noted in memory, written once a minute, never by a read itself."""

from typing import Any

import pytest

from tests.oauth.oauth2.stage import ADDRESS, Stage
from volary.db import Database
from volary.kit.errors import Busy
from volary.oauth.connected import connected_app
from volary.oauth.uses import MOST, Uses


async def test_a_use_shows_after_the_next_flush(stage: Stage) -> None:
    held = await stage.connect(stage.c1)
    await stage.lives(held.access)
    used_at = stage.db.now
    stage.db.clock.advance(60_000)
    shown = await connected_app(stage.db, stage.cast.ann.id, stage.c1.app.id)
    assert shown is not None
    assert (shown.last_used_at, shown.last_used_address) == (None, "")
    uses = stage.resources[Uses]
    assert await uses.flush(stage.db) == 2  # the grant, and the client secret of the exchange
    assert await uses.flush(stage.db) == 0
    shown = await connected_app(stage.db, stage.cast.ann.id, stage.c1.app.id)
    assert shown is not None
    assert (shown.last_used_at, shown.last_used_address) == (used_at, ADDRESS)


async def test_an_older_use_of_another_process_changes_nothing(stage: Stage) -> None:
    held = await stage.connect(stage.c1)
    caller = await stage.caller(held.access)
    assert caller.grant_id is not None
    assert caller.family_id is not None
    uses = Uses()
    uses.family(caller.family_id, caller.grant_id, stage.db.now + 5, "192.0.2.1")
    await uses.flush(stage.db)
    uses.family(caller.family_id, caller.grant_id, stage.db.now, "192.0.2.2")
    await uses.flush(stage.db)
    shown = await connected_app(stage.db, stage.cast.ann.id, stage.c1.app.id)
    assert shown is not None
    assert (shown.last_used_at, shown.last_used_address) == (stage.db.now + 5, "192.0.2.1")


class Away(Database):
    """A database that can be read, and written to another time."""

    async def write(self, *_: Any, **__: Any) -> Any:
        raise Busy("Not now.", retry_after=1)


async def test_what_a_database_that_is_away_does_not_take_is_written_the_next_time(stage: Stage) -> None:
    away, uses = Away(stage.db.engine, stage.db.clock, stage.db.keys), stage.resources[Uses]
    held = await stage.connect(stage.c1)
    await stage.lives(held.access)
    for _ in range(3):
        with pytest.raises(Busy):
            await uses.flush(away)
    for number in range(MOST + 100):
        uses.family(number, number, number, "")
    with pytest.raises(Busy):
        await uses.flush(away)
    assert len(uses._families) == MOST
    await uses.flush(stage.db)
    shown = await connected_app(stage.db, stage.cast.ann.id, stage.c1.app.id)
    assert shown is not None
    assert (shown.last_used_at, shown.last_used_address) == (stage.db.now, ADDRESS)


async def test_what_waits_in_memory_is_bounded(stage: Stage) -> None:
    uses = Uses()
    for number in range(MOST + 100):
        uses.family(number, number, number, "")
        uses.credential(number.to_bytes(4), number)
    uses.family(1, 1, 7, "")  # one that waits already is always brought up to date
    assert len(uses._families) == len(uses._credentials) == MOST
    assert uses._families[1] == (1, 7, "")
