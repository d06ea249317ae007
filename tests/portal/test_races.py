"""Fifty at once, one outcome: what developers do to an App while others do it too, and while it is in use (SR-218, SR-315)."""

import asyncio
from collections.abc import Awaitable, Sequence

import pytest

from tests.cast import People
from tests.conftest import HeldDatabase
from tests.developers.making import EVERYTHING, new_app
from tests.oauth.oauth1.stage import ME, Stage
from volary.access.caller import Caller
from volary.developers import actions, queries
from volary.developers.errors import AppUnknown, NameTaken, TooManyCallbacks
from volary.developers.models import API_KEY
from volary.kit.clock import DAY
from volary.kit.errors import Busy, Conflict, Refusal
from volary.kit.secrets import digest
from volary.portal.actions import remove_app

pytestmark = pytest.mark.anyio

FIFTY = 50
GRACE = 30 * DAY


async def all_at_once(calls: list[Awaitable[object]]) -> list[object]:
    return list(await asyncio.gather(*calls, return_exceptions=True))


async def amid(
    calls: Sequence[Awaitable[object]], acts: Sequence[Awaitable[object]]
) -> tuple[list[object], list[object]]:
    """What calls, and acts that come half-way between them, are answered with."""
    half, end = len(calls) // 2, len(calls) // 2 + len(acts)
    answers = await all_at_once([*calls[:half], *acts, *calls[half:]])
    return [*answers[:half], *answers[end:]], answers[half:end]


@pytest.mark.claim("C219")
@pytest.mark.attack("SR-177", "SR-315")
async def test_of_fifty_callback_urls_ten_are_taken(db: HeldDatabase, cast: People) -> None:
    app = (await new_app(db, cast.dev.id)).app
    answers = await all_at_once(
        [db.write(actions.add_callback, cast.dev.id, app.id, f"https://b.test/{number}") for number in range(FIFTY)]
    )
    assert len(await queries.callback_urls(db, app.id)) == 10
    assert sum(answer is None for answer in answers) == 9, "beside the one that was there"
    assert all(isinstance(answer, TooManyCallbacks | Busy | None) for answer in answers)


@pytest.mark.claim("C181")
async def test_of_fifty_regenerations_the_last_one_stays(db: HeldDatabase, cast: People) -> None:
    app = (await new_app(db, cast.dev.id, authentication=EVERYTHING)).app
    made = [db.write(actions.rotate_api_key, cast.dev.id, app.id) for _ in range(FIFTY)]
    answers = await all_at_once(list(made))
    pairs = [answer for answer in answers if isinstance(answer, actions.KeyPair)]
    assert len(pairs) + sum(isinstance(answer, Busy) for answer in answers) == FIFTY
    alive = [pair for pair in pairs if await queries.app_by_api_key(db, digest(pair.key)) is not None]
    kept = [row for row in await queries.credentials_of_app(db, app.id) if row.kind == API_KEY]
    assert (len(alive), len(kept)) == (1, 1)
    assert kept[0].hint == alive[0].key[-4:]


@pytest.mark.claim("C155")
@pytest.mark.attack("SR-220")
async def test_an_app_is_deleted_while_it_signs(stage: Stage, db: HeldDatabase, cast: People) -> None:
    app = stage.rw1
    ann = await stage.connect(app, cast.ann.id)
    calls = [stage.caller(stage.signed(app, ann, "GET", ME)) for _ in range(FIFTY)]
    called, deleted = await amid(calls, [db.write(remove_app, cast.dev.id, app.row.id) for _ in range(5)])
    assert [answer for answer in deleted if not isinstance(answer, AppUnknown)] == [1], "one person was connected"
    assert all(isinstance(answer, Caller | Refusal) for answer in called)
    with pytest.raises(Refusal):
        await stage.caller(stage.signed(app, ann, "GET", ME))


@pytest.mark.claim("C176")
@pytest.mark.attack("SR-218")
async def test_an_app_is_suspended_while_it_calls(stage: Stage, db: HeldDatabase, cast: People) -> None:
    app = stage.rw1
    ann = await stage.connect(app, cast.ann.id)
    calls = [stage.caller(stage.signed(app, ann, "GET", ME)) for _ in range(FIFTY)]
    called, ended = await amid(calls, [db.write(actions.suspend_app, app.row.id, reason="spam") for _ in range(5)])
    assert sum(isinstance(answer, bool) for answer in ended) == 1
    assert all(isinstance(answer, Conflict | bool) for answer in ended)
    assert all(isinstance(answer, Caller | Refusal) for answer in called)
    with pytest.raises(Refusal):
        await stage.caller(stage.signed(app, ann, "GET", ME))


async def test_a_deleted_app_is_brought_back_once(db: HeldDatabase, cast: People) -> None:
    app = (await new_app(db, cast.dev.id)).app
    await db.write(remove_app, cast.dev.id, app.id)
    answers = await all_at_once(
        [db.write(actions.undelete_app, cast.dev.id, app.id, grace=GRACE) for _ in range(FIFTY)]
    )
    back = [answer for answer in answers if not isinstance(answer, Refusal)]
    assert len(back) == 1
    assert all(isinstance(answer, AppUnknown | Busy) for answer in answers if answer not in back)


async def test_a_name_goes_to_one_of_those_who_want_it(db: HeldDatabase, cast: People) -> None:
    app = (await new_app(db, cast.dev.id, "Frame")).app
    await db.write(remove_app, cast.dev.id, app.id)
    answers = await all_at_once(
        [db.write(actions.undelete_app, cast.dev.id, app.id, grace=GRACE), new_app(db, cast.ann.id, "Frame")]
    )
    assert sum(isinstance(answer, NameTaken | Busy) for answer in answers) == 1
    found = await queries.app_by_name(db, "Frame")
    assert found is not None
