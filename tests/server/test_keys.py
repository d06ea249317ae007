"""The installation's key is changed while everything goes on, is let go of, or is lost (decision 0031)."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.cast import People
from tests.conftest import HeldDatabase
from tests.factors.authenticating import secured
from volary.accounts.actions import write_to
from volary.db import Database, Tx
from volary.db.errors import CannotStart
from volary.db.paging import page_token, place_in
from volary.db.rotation import announce, follow, key_facts
from volary.developers.actions.credentials import bearer_of_app
from volary.developers.queries import app_by_api_key, app_by_bearer, app_by_id
from volary.developers.rules.credentials import SECRET_PURPOSE
from volary.factors.actions.codes import take_code
from volary.factors.queries import second_step_since
from volary.kit.clock import HeldClock
from volary.kit.errors import Conflict, NotFound
from volary.kit.secrets import Keyring, SealBroken, digest
from volary.mail.models import FAILED
from volary.mail.queries import latest_letters
from volary.mail.reading import read
from volary.mail.writing import Writer
from volary.oauth.oauth1.access_token import verifier_digest
from volary.portal.actions.commands import AppOrder, Created, create_app_for
from volary.server.keys.changing import FOLLOWED, SETTLED, change, let_go, unfollowed
from volary.server.keys.columns import SEALED, reseal, uses
from volary.server.keys.losing import begin_anew, lost, refuse_if_found
from volary.settings import Settings
from volary.web import csrf

OLD, NEW = bytes(range(32)), b"n" * 32
LETTER = "accounts/letters/confirm_email"
TOLD: dict[str, str | int] = {"name": "Dev", "username": "dev", "token": "SECRET", "until": 1_800_000_000_000}
OLD_ID, NEW_ID = Keyring(OLD).key_id, Keyring(NEW).key_id


@pytest.fixture
def keys() -> Keyring:
    """Each test rotates keys of its own."""
    return Keyring(OLD, NEW)


@pytest.fixture
async def app(db: HeldDatabase, cast: People) -> Created:
    return await db.write(create_app_for, "dev", AppOrder(name="Frame", type="bot"))


@pytest.fixture
async def other(database_url: str, db: HeldDatabase, clock: HeldClock) -> AsyncIterator[Database]:
    """Another process on the same database, which has not heard of the new key."""
    opened = await Database.open(database_url, clock, Keyring(OLD), worker_id=5)
    yield opened
    await opened.close()


async def secret_of(db: Database, app: Created) -> str:
    assert app.api_key is not None
    row = await app_by_api_key(db, digest(app.api_key))
    assert row is not None
    return db.keys.unseal(SECRET_PURPOSE, row.secret)


async def make(db: Database, name: str) -> Created:
    return await db.write(create_app_for, "dev", AppOrder(name=name))


# ------------------------------------------------------------------------------------------------------------------ rotating


async def test_everything_comes_under_the_new_key_and_the_old_one_can_go(db: HeldDatabase, app: Created) -> None:
    assert [(key.key_id, key.state, key.rows) for key in (await uses(db)).keys] == [
        (OLD_ID, "current", 2),
        (NEW_ID, "next", 0),
    ]
    await change(db, NEW_ID, 0)
    assert (await uses(db)).old == 2
    assert await secret_of(db, app) == app.api_key_secret
    with pytest.raises(Conflict, match="2 rows still need"):
        await db.write(let_go, OLD_ID, leaked=False)
    assert await reseal(db) == (2, 0)
    assert await reseal(db) == (0, 0)
    with pytest.raises(Conflict, match="60 minutes"):
        await db.write(let_go, OLD_ID, leaked=False)
    db.clock.advance(SETTLED)
    assert await db.write(let_go, OLD_ID, leaked=False) == 0
    await follow(db, lambda: Keyring(OLD, NEW))
    assert db.keys.key_ids == (NEW_ID,)
    assert await secret_of(db, app) == app.api_key_secret


async def test_only_a_key_that_is_not_needed_goes(db: HeldDatabase, app: Created) -> None:
    with pytest.raises(Conflict, match="rotate first"):
        await db.write(let_go, OLD_ID, leaked=True)
    with pytest.raises(NotFound):
        await db.write(let_go, "0" * 16, leaked=True)


async def test_a_row_that_another_process_seals_at_the_last_moment_keeps_its_key(
    db: HeldDatabase, other: Database, app: Created
) -> None:
    """A process that has not heard of the change yet may seal with the old key, so a leaked one is not let go of before it must have."""
    assert await unfollowed(db) == 0
    await change(db, NEW_ID, 0)
    await reseal(db)
    late = await make(other, "Late")
    with pytest.raises(Conflict, match="2 rows still need"):
        await db.write(let_go, OLD_ID, leaked=True)
    assert await unfollowed(db) == FOLLOWED / 1000
    db.clock.advance(FOLLOWED - 500)
    assert await unfollowed(db) == 0.5
    await follow(other, lambda: Keyring(OLD, NEW))
    db.clock.advance(FOLLOWED)
    assert await unfollowed(db) == 0
    await make(other, "Later")
    assert await reseal(db) == (2, 0)
    assert await db.write(let_go, OLD_ID, leaked=True) == 2, "the app-only tokens of the two Apps"
    await follow(db, lambda: Keyring(NEW))
    assert await secret_of(db, late) == late.api_key_secret


async def test_a_clock_that_was_set_back_makes_nobody_wait_for_long(db: HeldDatabase) -> None:
    await change(db, NEW_ID, 0)
    db.clock.advance(-SETTLED)
    assert await unfollowed(db) == FOLLOWED / 1000


async def test_a_retired_key_is_forgotten_where_the_settings_still_hold_it(
    db: HeldDatabase, database_url: str, app: Created
) -> None:
    await change(db, NEW_ID, 0)
    await reseal(db)
    await db.write(let_go, OLD_ID, leaked=True)
    started = await Database.open(database_url, db.clock, Keyring(OLD, NEW), worker_id=7)
    await started.close()
    assert started.keys.key_ids == (NEW_ID,)


async def test_the_database_says_which_key_is_current_whatever_the_order(db: HeldDatabase, database_url: str) -> None:
    await change(db, NEW_ID, 0)
    for masters in ((OLD, NEW), (NEW, OLD), (NEW,)):
        started = await Database.open(database_url, db.clock, Keyring(*masters), worker_id=7)
        await started.close()
        assert started.keys.key_id == NEW_ID
    with pytest.raises(CannotStart, match=NEW_ID):
        await Database.open(database_url, db.clock, Keyring(OLD), worker_id=7)


async def test_a_resealing_that_was_interrupted_goes_on(db: HeldDatabase, app: Created) -> None:
    await change(db, NEW_ID, 0)
    first = await db.write(SEALED[0].reseal, b"")
    assert first.done == 1
    assert (await uses(db)).old == 1
    assert await reseal(db) == (1, 0)


async def test_many_rows_are_done_in_batches_while_others_write(
    db: HeldDatabase, database_url: str, app: Created
) -> None:
    """Apps are made and used by another process all the while; none of them is lost, and all end up under the new key."""
    for number in range(3):
        await make(db, f"Before {number}")
    beside = await Database.open(database_url, db.clock, Keyring(OLD, NEW), worker_id=5)
    made: list[Created] = []

    async def busy() -> None:
        for number in range(20):
            made.append(await make(beside, f"During {number}"))
            await follow(beside, lambda: Keyring(OLD, NEW))
            assert await secret_of(beside, made[-1]) == made[-1].api_key_secret
            assert await secret_of(beside, app) == app.api_key_secret

    working = asyncio.create_task(busy())
    await change(db, NEW_ID, 0.01)
    await reseal(db)
    await working
    await reseal(db)
    found = await uses(db)
    assert (found.old, found.unreadable) == (0, 0)
    assert [key.rows for key in found.keys] == [2 * (4 + 20), 0]
    for one in made:
        assert await secret_of(db, one) == one.api_key_secret
    await beside.close()


# ----------------------------------------------------------------------------------------------- processes that run meanwhile


async def test_a_process_that_lacks_the_next_key_objects_and_nothing_changes(db: HeldDatabase, other: Database) -> None:
    async def objecting() -> None:
        while (await key_facts(db)).next != NEW_ID:
            await asyncio.sleep(0.01)
        await follow(other, lambda: Keyring(OLD))

    task = asyncio.create_task(objecting())
    with pytest.raises(Conflict, match="does not know the key"):
        await change(db, NEW_ID, 2)
    await task
    facts = await key_facts(db)
    assert (facts.current, facts.next, facts.objection) == (OLD_ID, "", "")
    assert db.keys.key_id == OLD_ID


async def test_a_process_finds_the_next_key_in_the_file_and_follows(db: HeldDatabase, other: Database) -> None:
    await db.write(announce, NEW_ID)
    await follow(other, lambda: Keyring(OLD, NEW))
    assert (await key_facts(db)).objection == ""
    assert other.keys.key_ids == (OLD_ID, NEW_ID)
    await change(db, NEW_ID, 0)
    await follow(other, lambda: Keyring(OLD, NEW))
    assert other.keys.key_id == NEW_ID


async def test_a_rotation_that_is_stopped_while_it_waits_is_called_off(db: HeldDatabase) -> None:
    waiting = asyncio.create_task(change(db, NEW_ID, 60))
    while (await key_facts(db)).next != NEW_ID:
        await asyncio.sleep(0.01)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert (await key_facts(db)).next == ""


@pytest.mark.parametrize("key_id", [NEW_ID, Keyring(b"t" * 32).key_id], ids=["the same key", "another key"])
async def test_of_two_rotations_the_one_that_began_last_goes_on(db: HeldDatabase, other: Database, key_id: str) -> None:
    """The second announcement takes back what was objected to the first: without asking again nobody may rely on it."""
    first = asyncio.create_task(change(db, NEW_ID, 2))
    while (await key_facts(db)).next != NEW_ID:
        await asyncio.sleep(0.01)
    await follow(other, lambda: Keyring(OLD))
    await db.write(announce, key_id)
    with pytest.raises(Conflict, match="another change"):
        await first
    facts = await key_facts(db)
    assert (facts.current, facts.next) == (OLD_ID, key_id)
    assert db.keys.key_id == OLD_ID


# ------------------------------------------------------------------------------------------------- what is derived from a key


async def test_forms_and_places_in_lists_of_before_still_hold_until_the_key_is_let_go(db: HeldDatabase) -> None:
    form, place = csrf.token_for(db.keys, "session:1"), page_token(db.keys, (7,), "posts")
    await change(db, NEW_ID, 0)
    assert csrf.holds(form, db.keys, "session:1")
    assert place_in(db.keys, place, tuple[int], "posts") == (7,)
    assert csrf.token_for(db.keys, "session:1") != form
    db.keys.forget(OLD_ID)
    assert not csrf.holds(form, db.keys, "session:1")


async def test_a_pin_of_before_is_still_known(db: HeldDatabase) -> None:
    kept = verifier_digest(db.keys, "token", "1234567")
    await change(db, NEW_ID, 0)
    assert kept in {verifier_digest(key, "token", "1234567") for key in db.keys.each}


async def test_the_app_only_token_is_given_again_and_ends_when_its_key_leaked(db: HeldDatabase, app: Created) -> None:
    app_id = int(app.app_id)
    assert app.bearer_token is not None
    await change(db, NEW_ID, 0)
    assert await db.write(bearer_of_app, app_id) == app.bearer_token
    await reseal(db)
    assert await db.write(let_go, OLD_ID, leaked=True) == 1
    assert await app_by_bearer(db, digest(app.bearer_token)) is None
    await follow(db, lambda: Keyring(OLD, NEW))
    renewed = await db.write(bearer_of_app, app_id)
    assert renewed not in {app.bearer_token, None}


async def test_a_key_that_did_not_leak_leaves_app_only_tokens_alive(db: HeldDatabase, app: Created) -> None:
    assert app.bearer_token is not None
    await change(db, NEW_ID, 0)
    await reseal(db)
    db.clock.advance(SETTLED)
    assert await db.write(let_go, OLD_ID, leaked=False) == 0
    assert await app_by_bearer(db, digest(app.bearer_token)) is not None


async def test_a_letter_that_waits_comes_under_the_new_key(db: HeldDatabase, cast: People) -> None:
    await db.write(write_to, cast.dev.id, LETTER, TOLD)
    assert [key.rows for key in (await uses(db)).keys] == [1, 0]
    await change(db, NEW_ID, 0)
    assert await reseal(db) == (1, 0)
    db.clock.advance(SETTLED)
    await db.write(let_go, OLD_ID, leaked=True)
    await follow(db, lambda: Keyring(OLD, NEW))
    [letter] = await latest_letters(db)
    assert "SECRET" in read(db.keys, Writer(Settings()), letter).text


# ---------------------------------------------------------------------------------------------------------------- a lost key


async def test_a_letter_of_a_lost_key_is_not_sent_and_says_so(
    db: HeldDatabase, database_url: str, cast: People
) -> None:
    await db.write(write_to, cast.dev.id, LETTER, TOLD)
    blind = await Database.open(database_url, db.clock, Keyring(NEW), worker_id=7, any_key=True)
    assert (await lost(blind)).letters == 1
    assert (await begin_anew(blind)).letters == 1
    [letter] = await latest_letters(blind)
    assert (letter.state, letter.parameters) == (FAILED, None)
    assert "lost" in letter.answer
    assert (await uses(blind)).unreadable == 0
    await blind.close()


async def test_codes_of_a_lost_key_cannot_be_checked_and_recovery_codes_hold(
    db: HeldDatabase, database_url: str, cast: People
) -> None:
    held = await secured(db, cast.ann.id)
    blind = await Database.open(database_url, db.clock, Keyring(NEW), worker_id=7, any_key=True)
    assert await blind.write(take_code, cast.ann.id, held.phone.code(db.now)) is None
    assert (await begin_anew(blind)).authenticators == 1
    assert (await uses(blind)).unreadable == 0
    assert await second_step_since(blind, cast.ann.id) is not None, "losing a key lets nobody in"
    assert await blind.write(take_code, cast.ann.id, held.codes[0]) == "recovery code"
    await blind.close()


async def test_codes_are_checked_under_a_new_key_as_before(db: HeldDatabase, cast: People) -> None:
    held = await secured(db, cast.ann.id)
    await follow(db, lambda: Keyring(OLD, NEW))
    await reseal(db)
    assert await db.write(take_code, cast.ann.id, held.phone.code(db.now)) == "code"


async def test_without_the_key_it_is_said_whom_it_concerns(db: HeldDatabase, database_url: str, app: Created) -> None:
    blind = await Database.open(database_url, db.clock, Keyring(NEW), worker_id=7, any_key=True)
    found = await lost(blind)
    assert [(one.name, one.owner, one.api_keys, one.own_token) for one in found.apps] == [("Frame", "dev", 1, True)]
    assert (await uses(blind)).unreadable == 2
    await blind.close()
    assert await secret_of(db, app) == app.api_key_secret


@pytest.mark.usefixtures("app")
async def test_a_key_that_is_found_is_not_lost(db: HeldDatabase, database_url: str) -> None:
    blind = await Database.open(database_url, db.clock, Keyring(NEW), worker_id=7, any_key=True)
    await refuse_if_found(blind, {Path("of another installation"): Keyring(b"?" * 32), Path("in use"): Keyring(NEW)})
    with pytest.raises(Conflict) as refused:
        await refuse_if_found(blind, {Path("found"): Keyring(b"?" * 32, OLD)})
    assert refused.value.parameters == {"file": "found", "count": 2}
    await blind.close()


async def test_an_installation_without_its_key_begins_anew(db: HeldDatabase, database_url: str, app: Created) -> None:
    blind = await Database.open(database_url, db.clock, Keyring(NEW), worker_id=7, any_key=True)
    with pytest.raises(SealBroken):
        await secret_of(blind, app)
    report = await begin_anew(blind)
    (renewed,) = report.apps
    again = await Database.open(database_url, db.clock, Keyring(NEW), worker_id=8)
    shown = Created(**{**_fields(app), "api_key": renewed.api_key, "api_key_secret": renewed.api_key_secret})
    assert await secret_of(again, shown) == renewed.api_key_secret
    assert renewed.access_token not in {None, app.access_token}
    found = await uses(again)
    assert (found.unreadable, found.keys[0].rows) == (0, 2)
    assert app.api_key is not None
    assert await app_by_api_key(again, digest(app.api_key)) is None
    assert app.bearer_token is not None
    assert await app_by_bearer(again, digest(app.bearer_token)) is not None
    with pytest.raises(Conflict, match="nothing is lost"):
        await begin_anew(again)
    await blind.close()
    await again.close()


def _fields(app: Created) -> dict[str, Any]:
    return {name: getattr(app, name) for name in app.__struct_fields__}


# --------------------------------------------------------------------------------------------- what was sealed before marks


async def test_a_row_from_before_seals_were_marked_is_counted_opened_and_put_right(
    db: HeldDatabase, app: Created
) -> None:
    assert app.api_key is not None
    row = await app_by_api_key(db, digest(app.api_key))
    assert row is not None
    await db.write(_replace, digest(app.api_key), row.secret, row.secret[6:])
    found = await uses(db)
    assert (found.unmarked, found.unreadable) == (1, 0)
    assert await secret_of(db, app) == app.api_key_secret
    assert await reseal(db) == (1, 0)
    assert (await uses(db)).unmarked == 0
    assert await app_by_id(db, int(app.app_id)) is not None


async def _replace(tx: Tx, key: bytes, sealed: bytes, renewed: bytes) -> None:
    await tx.run(SEALED[0]._replace, place=key, sealed=sealed, renewed=renewed)
