"""Sessions end: one, all others, all; by time, by epoch, by a new password."""

import pytest
from sqlalchemy import bindparam, update

from tests.cast import ANN, BOB, DAVE, People
from tests.conftest import HeldDatabase
from tests.sessions.arriving import HOME, WORK, arrived_from, signed_in, tried
from volary.accounts.models import accounts
from volary.accounts.queries import secret_by_id
from volary.accounts.rules.hashing import PasswordHasher
from volary.db import Tx, statement
from volary.kit.clock import DAY, MINUTE
from volary.kit.errors import NotFound
from volary.kit.secrets import digest
from volary.sessions.actions.ending import (
    change_password,
    end_all_sessions,
    end_other_sessions,
    end_session,
    reset_password,
    sweep_sessions,
)
from volary.sessions.actions.seen import Seen
from volary.sessions.actions.sign_in import check_password
from volary.sessions.errors import WrongPassword
from volary.sessions.jobs import sweep, write_seen
from volary.sessions.pages import Visitors
from volary.sessions.queries import live_session, sessions_of
from volary.sessions.rules.browsers import COOKIE, Opened

pytestmark = pytest.mark.anyio

_RAISE = statement(update(accounts).where(accounts.c.id == bindparam("i")).values(epoch=accounts.c.epoch + 1))


async def raise_epoch(tx: Tx, account_id: int) -> None:
    await tx.run(_RAISE, i=account_id)


async def lives(db: HeldDatabase, opened: Opened) -> bool:
    return await live_session(db, digest(opened.token)) is not None


@pytest.mark.claim("C005")
@pytest.mark.attack("SR-146")
async def test_one_session_ends_and_the_others_stay(db: HeldDatabase, cast: People, hasher: PasswordHasher) -> None:
    here, there = await signed_in(db, hasher, ANN, HOME), await signed_in(db, hasher, ANN, WORK)
    await db.write(end_session, cast.ann.id, there.session_id)
    assert (await lives(db, here), await lives(db, there)) == (True, False)
    assert [row.id for row in await sessions_of(db, cast.ann.id)] == [here.session_id]
    with pytest.raises(NotFound):
        await db.write(end_session, cast.ann.id, there.session_id)


async def test_nobody_ends_the_session_of_somebody_else(db: HeldDatabase, cast: People, hasher: PasswordHasher) -> None:
    anns = await signed_in(db, hasher, ANN)
    with pytest.raises(NotFound):
        await db.write(end_session, cast.bob.id, anns.session_id)
    await db.write(end_other_sessions, cast.bob.id, 0)
    assert await lives(db, anns)


@pytest.mark.claim("C006")
async def test_all_others_end_at_once(db: HeldDatabase, cast: People, hasher: PasswordHasher) -> None:
    mine = [await signed_in(db, hasher, ANN, address) for address in (HOME, WORK, "198.51.100.3")]
    bobs = await signed_in(db, hasher, BOB)
    assert await db.write(end_other_sessions, cast.ann.id, mine[1].session_id) == 2
    assert [await lives(db, one) for one in (*mine, bobs)] == [False, True, False, True]
    assert await db.write(end_other_sessions, cast.ann.id, mine[1].session_id) == 0
    assert await db.write(end_all_sessions, cast.ann.id, why="suspended") == 1


@pytest.mark.claim("C097")
@pytest.mark.attack("SR-161")
async def test_a_new_password_ends_the_others_and_renews_this_one(
    db: HeldDatabase, cast: People, hasher: PasswordHasher
) -> None:
    here, there = await signed_in(db, hasher, ANN, HOME), await signed_in(db, hasher, ANN, WORK)
    proof = await check_password(db, hasher, "ann", ANN.password, arrived_from(HOME))
    token = await db.write(change_password, proof, DAVE.password_hash, here.session_id)
    assert (await lives(db, here), await lives(db, there)) == (False, False)
    renewed = await live_session(db, digest(token))
    assert renewed is not None
    assert renewed.session_id == here.session_id
    with pytest.raises(WrongPassword):
        await db.write(change_password, proof, BOB.password_hash, here.session_id)
    # Tokens of apps carry the account's epoch: it did not move, so they go on until the person says otherwise.
    assert (await secret_by_id(db, cast.ann.id)).epoch == 0  # type: ignore[union-attr]


async def test_a_password_does_not_change_from_a_session_that_has_ended(
    db: HeldDatabase, cast: People, hasher: PasswordHasher
) -> None:
    here = await signed_in(db, hasher, ANN, HOME)
    proof = await check_password(db, hasher, "ann", ANN.password, arrived_from(HOME))
    await db.write(end_session, cast.ann.id, here.session_id)
    with pytest.raises(NotFound):
        await db.write(change_password, proof, DAVE.password_hash, here.session_id)
    assert await tried(db, hasher, "ann", ANN.password, HOME) is None


@pytest.mark.attack("SR-161")
async def test_an_operator_who_sets_a_password_ends_every_session(
    db: HeldDatabase, cast: People, hasher: PasswordHasher
) -> None:
    opened = await signed_in(db, hasher, ANN)
    assert await db.write(reset_password, cast.ann.id, ANN.password_hash, DAVE.password_hash) == 1
    assert not await lives(db, opened)


async def test_a_raised_epoch_ends_them_without_touching_a_row(
    db: HeldDatabase, cast: People, hasher: PasswordHasher
) -> None:
    opened = await signed_in(db, hasher, ANN)
    await db.write(raise_epoch, cast.ann.id)
    assert not await lives(db, opened)
    assert await sessions_of(db, cast.ann.id) == []
    assert await lives(db, await signed_in(db, hasher, ANN))


async def test_a_session_that_nobody_uses_stops_counting(
    db: HeldDatabase, cast: People, hasher: PasswordHasher
) -> None:
    used, unused = await signed_in(db, hasher, ANN, HOME), await signed_in(db, hasher, ANN, WORK)
    seen = Seen()
    visitors = Visitors(seen)
    for _ in range(3):
        db.clock.advance(20 * DAY)
        assert len(await visitors.resolve(db, {COOKIE: used.token})) == 1
        await write_seen(db, seen)
    assert not await lives(db, unused)
    db.clock.advance(29 * DAY)
    assert await lives(db, used)
    db.clock.advance(2 * DAY)
    assert await visitors.resolve(db, {COOKIE: used.token}) == ()


async def test_no_session_lasts_longer_than_a_year(db: HeldDatabase, cast: People, hasher: PasswordHasher) -> None:
    opened, seen = await signed_in(db, hasher, ANN), Seen()
    for _ in range(18):
        db.clock.advance(20 * DAY)
        await Visitors(seen).resolve(db, {COOKIE: opened.token})
        await write_seen(db, seen)
    assert await lives(db, opened)
    db.clock.advance(6 * DAY)
    assert not await lives(db, opened)


async def test_being_seen_is_written_for_all_together_and_at_most_once_a_minute(
    db: HeldDatabase, cast: People, hasher: PasswordHasher
) -> None:
    ann, bob = await signed_in(db, hasher, ANN), await signed_in(db, hasher, BOB)
    seen = Seen()
    visitors = Visitors(seen)

    async def visit() -> int:
        for opened in (ann, bob, ann):
            await visitors.resolve(db, {COOKIE: opened.token})
        return await seen.write(db)

    assert await visit() == 0
    db.clock.advance(MINUTE)
    assert await visit() == 2
    assert await visit() == 0
    (row,) = await sessions_of(db, cast.ann.id)
    assert (row.created_at, row.last_seen_at) == (db.now - MINUTE, db.now)


async def test_rows_of_the_past_are_swept(db: HeldDatabase, cast: People, hasher: PasswordHasher) -> None:
    ended, kept = await signed_in(db, hasher, ANN, HOME), await signed_in(db, hasher, ANN, WORK)
    await db.write(end_session, cast.ann.id, ended.session_id)
    assert await db.write(sweep_sessions) == 0
    db.clock.advance(91 * DAY)
    assert await db.write(sweep_sessions) == 1
    assert not await lives(db, kept)
    db.clock.advance(30 * DAY)
    await sweep(db)
    assert await db.write(sweep_sessions) == 0


async def test_a_cookie_that_is_no_token_finds_nobody(db: HeldDatabase, cast: People, hasher: PasswordHasher) -> None:
    opened = await signed_in(db, hasher, ANN)
    visitors = Visitors(Seen())
    for cookie in ("", ".", "x" * 43, "." * 4000, opened.token[:-1], opened.token.swapcase(), "x." * 5 + opened.token):
        assert await visitors.resolve(db, {COOKIE: cookie}) == ()
    (found,) = await visitors.resolve(db, {COOKIE: f"x.{opened.token}.{opened.token}"})
    assert (found.username, found.session_id) == ("ann", opened.session_id)
