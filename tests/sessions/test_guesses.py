"""How many wrong passwords are taken, and from whom."""

import asyncio
from collections import Counter

import pytest

from tests.cast import ANN, BOB, People, people
from tests.conftest import HeldDatabase
from tests.sessions.arriving import HOME, WORK, arrived_from, signed_in, tried
from volary.accounts.rules.hashing import PasswordHasher
from volary.db import Tx
from volary.kit.clock import DAY, HOUR, MINUTE
from volary.kit.errors import Busy
from volary.person.actions import change_login
from volary.sessions.actions.ending import change_password
from volary.sessions.actions.guesses import attempt_of, sweep_guesses
from volary.sessions.actions.sign_in import Proof, check_password, open_session
from volary.sessions.errors import TooManyGuesses, WrongPassword
from volary.sessions.queries import failures, sessions_of
from volary.sessions.rules import guesses
from volary.sessions.rules.guesses import Attempt, Count, counted, network_of, seconds_to_wait

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    "address, network",
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("not an address", "not an address"),
    ],
)
def test_a_place_is_an_address_or_a_64(address: str, network: str) -> None:
    assert network_of(address) == network


ATTEMPT = Attempt("network:n", "pair:p", "login:l")


@pytest.mark.parametrize(
    "counts, stranger, waits",
    [
        ({}, True, 0),
        ({"pair:p": Count(0, 9)}, True, 0),
        ({"pair:p": Count(0, 10)}, True, 890),
        ({"pair:p": Count(0, 10)}, False, 890),
        ({"network:n": Count(0, 50)}, False, 890),
        ({"login:l": Count(0, 49), "pair:p": Count(0, 2)}, True, 0),
        ({"login:l": Count(0, 50), "pair:p": Count(0, 1)}, True, 0),
        ({"login:l": Count(0, 50), "pair:p": Count(0, 2)}, True, 890),
        ({"login:l": Count(0, 50), "pair:p": Count(0, 2)}, False, 0),
        ({"login:l": Count(0, 2_000)}, True, 21_590),
        ({"login:l": Count(0, 2_000)}, False, 0),
        ({"login:l": Count(0, 2_000), "pair:p": Count(0, 10)}, False, 890),
    ],
)
def test_who_waits_and_how_long(counts: dict[str, Count], *, stranger: bool, waits: int) -> None:
    assert seconds_to_wait(ATTEMPT, counts, 10_000, stranger=stranger) == waits


def test_a_window_that_is_over_begins_anew() -> None:
    counts = {"pair:p": Count(0, 10), "network:n": Count(5, 50), "login:l": Count(0, 70)}
    assert seconds_to_wait(ATTEMPT, counts, 15 * MINUTE + 5, stranger=False) == 0
    later = counted(ATTEMPT, counts, 15 * MINUTE + 5)
    assert later == {
        "pair:p": Count(15 * MINUTE + 5, 1),
        "network:n": Count(15 * MINUTE + 5, 1),
        "login:l": Count(0, 71),
    }


@pytest.mark.attack("SR-149")
async def test_after_ten_wrong_passwords_the_right_one_waits_too(
    db: HeldDatabase, cast: People, hasher: PasswordHasher
) -> None:
    wrong = [await tried(db, hasher, "ann", f"wrong {n}", WORK) for n in range(12)]
    assert [type(outcome) for outcome in wrong] == [WrongPassword] * 10 + [TooManyGuesses] * 2
    right = await tried(db, hasher, "ann", ANN.password, WORK)
    assert isinstance(right, TooManyGuesses)
    assert isinstance(wrong[-1], TooManyGuesses)
    assert (right.message, right.retry_after) == (wrong[-1].message, wrong[-1].retry_after)
    assert hasher.computed == 10
    db.clock.advance(right.retry_after * 1000)
    assert await tried(db, hasher, "ann", ANN.password, WORK) is None


@pytest.mark.attack("SR-149")
async def test_guesses_made_at_once_learn_what_ten_in_a_row_learn(db: HeldDatabase, cast: People) -> None:
    """More may be computed, as many as the queue holds, but what they were worth is not told."""
    pool = PasswordHasher(slots=2, queue=100)
    try:
        outcomes = await asyncio.gather(*(tried(db, pool, "ann", f"wrong {n}", WORK) for n in range(40)))
        assert Counter(map(type, outcomes)) == {WrongPassword: 10, TooManyGuesses: 30}
    finally:
        pool.close()


@pytest.mark.attack("SR-149")
async def test_a_right_password_is_told_only_in_the_transaction_that_reads_the_counts(
    db: HeldDatabase, cast: People, hasher: PasswordHasher
) -> None:
    """It is verified in time; then the tenth failure is written, and only then would its session be opened."""
    for number in range(9):
        assert isinstance(await tried(db, hasher, "ann", f"wrong {number}", WORK), WrongPassword)
    in_time = [await check_password(db, hasher, "ann", ANN.password, arrived_from(WORK)) for _ in range(3)]
    assert isinstance(await tried(db, hasher, "ann", "the tenth", WORK), WrongPassword)
    for proof, act in zip(in_time, (_enter, _rename, _renew), strict=True):
        with pytest.raises(TooManyGuesses):
            await db.write(act, proof)
    assert await sessions_of(db, cast.ann.id) == []
    db.clock.advance(15 * MINUTE)
    await db.write(_enter, in_time[0])
    assert len(await sessions_of(db, cast.ann.id)) == 1


async def _enter(tx: Tx, proof: Proof) -> None:
    await open_session(tx, proof, arrived_from(WORK))


async def _rename(tx: Tx, proof: Proof) -> None:
    await change_login(tx, proof, "annabel", "")


async def _renew(tx: Tx, proof: Proof) -> None:
    await change_password(tx, proof, "new hash", 0)


@pytest.mark.attack("SR-149")
async def test_the_tenth_failure_and_the_right_password_at_once_are_as_one_after_the_other(
    db: HeldDatabase, cast: People
) -> None:
    pool = PasswordHasher(slots=2, queue=100, memory=64, passes=1)
    pair = attempt_of(db.keys, "ann", WORK).pair
    try:
        # A network in which the account was never signed in would have two tries only after the fifth round.
        assert await tried(db, pool, "ann", ANN.password, WORK) is None
        for _ in range(20):
            for number in range(9):
                assert isinstance(await tried(db, pool, "ann", f"wrong {number}", WORK), WrongPassword)
            right, wrong = await asyncio.gather(
                tried(db, pool, "ann", ANN.password, WORK), tried(db, pool, "ann", "the tenth", WORK)
            )
            count = (await failures(db, [pair])).get(pair, Count(0, 0)).count
            assert isinstance(wrong, WrongPassword)
            if right is None:  # it came first, and forgave the nine
                assert count == 1
            else:
                assert isinstance(right, TooManyGuesses)
                assert count == 10
            db.clock.advance(15 * MINUTE)
    finally:
        pool.close()


@pytest.mark.attack("SR-149")
async def test_a_right_password_that_comes_too_late_is_not_told(
    db: HeldDatabase, cast: People, hasher: PasswordHasher
) -> None:
    """It was asked for in time, but while it was verified others used up the tries."""
    slow = PasswordHasher(slots=1, queue=4, memory=8_192, passes=200)
    try:
        blocking = asyncio.create_task(slow.hash("something long"))
        await asyncio.sleep(0)
        late = asyncio.create_task(tried(db, slow, "ann", ANN.password, WORK))
        for number in range(10):
            assert isinstance(await tried(db, hasher, "ann", f"wrong {number}", WORK), WrongPassword)
        assert not blocking.done()
        assert isinstance(await late, TooManyGuesses)
        await blocking
    finally:
        slow.close()


@pytest.mark.attack("SR-153")
async def test_a_name_that_nobody_has_is_counted_alike(db: HeldDatabase, cast: People, hasher: PasswordHasher) -> None:
    somebody = [await tried(db, hasher, "ann", "wrong wrong", HOME) for _ in range(12)]
    nobody = [await tried(db, hasher, "nobody_here", "wrong wrong", HOME) for _ in range(12)]
    assert [(type(one), str(one)) for one in somebody] == [(type(one), str(one)) for one in nobody]


@pytest.mark.attack("SR-151")
async def test_whoever_fails_anns_sign_in_a_thousand_times_does_not_lock_her_out(
    sqlite_db: HeldDatabase, hasher: PasswordHasher
) -> None:
    db = sqlite_db
    await people(db)
    session = await signed_in(db, hasher, ANN, HOME)
    tries = [await tried(db, hasher, "ann", f"guess {n}", f"203.0.113.{n % 200}") for n in range(1_000)]
    # From the fiftieth failure on each strange place has two tries: 5 places spent ten each, then it is over with ten.
    assert sum(isinstance(outcome, WrongPassword) for outcome in tries) < 500
    assert await tried(db, hasher, "ann", ANN.password, HOME) is None
    assert await tried(db, hasher, "ann", ANN.password, "198.51.100.77") is None
    # In the browser that she has used before, even where the attacker sits.
    assert await tried(db, hasher, "ann", ANN.password, "203.0.113.7", session.token) is None


@pytest.mark.attack("SR-151")
async def test_at_two_thousand_failures_only_strangers_wait(sqlite_db: HeldDatabase, hasher: PasswordHasher) -> None:
    db = sqlite_db
    await people(db)
    await signed_in(db, hasher, ANN, HOME)
    for n in range(guesses.CLOSED_AT):
        await tried(db, hasher, "ann", "wrong wrong", f"2001:db8:{n:x}::1")
    assert isinstance(await tried(db, hasher, "ann", ANN.password, "198.51.100.77"), TooManyGuesses)
    assert await tried(db, hasher, "ann", ANN.password, HOME) is None
    db.clock.advance(6 * HOUR)
    assert await tried(db, hasher, "ann", ANN.password, "198.51.100.77") is None


@pytest.mark.attack("SR-152")
async def test_one_password_at_many_names_is_counted_by_network(
    db: HeldDatabase, cast: People, hasher: PasswordHasher
) -> None:
    from_one = [await tried(db, hasher, f"name{n}", "sunshine", WORK) for n in range(60)]
    assert [type(outcome) for outcome in from_one] == [WrongPassword] * 50 + [TooManyGuesses] * 10
    from_many = [await tried(db, hasher, f"name{n}", "sunshine", f"2001:db8:1:2::{n:x}") for n in range(60)]
    assert [type(outcome) for outcome in from_many] == [WrongPassword] * 50 + [TooManyGuesses] * 10
    assert await tried(db, hasher, "bob", BOB.password, "2001:db8:1:3::1") is None


async def test_a_right_password_is_not_counted_and_forgives_what_was_mistyped(
    db: HeldDatabase, cast: People, hasher: PasswordHasher
) -> None:
    for _ in range(3):
        for _ in range(9):
            assert isinstance(await tried(db, hasher, "ann", "wrong wrong", HOME), WrongPassword)
        await signed_in(db, hasher, ANN, HOME)
    attempt = attempt_of(db.keys, "ann", HOME)
    counts = await failures(db, attempt.subjects)
    assert attempt.pair not in counts
    assert counts[attempt.network].count == 27


async def test_an_attempt_that_finds_the_queue_full_costs_and_counts_nothing(db: HeldDatabase, cast: People) -> None:
    busy = PasswordHasher(slots=1, queue=0, memory=8_192, passes=60)
    try:
        blocking = asyncio.create_task(busy.hash("something long"))
        await asyncio.sleep(0)
        with pytest.raises(Busy):
            await check_password(db, busy, "ann", ANN.password, arrived_from(HOME))
        await blocking
        attempt = attempt_of(db.keys, "ann", HOME)
        assert await failures(db, attempt.subjects) == {}
    finally:
        busy.close()


async def test_only_what_was_verified_is_counted(db: HeldDatabase, cast: People) -> None:
    busy = PasswordHasher(slots=1, queue=0, memory=8_192, passes=20)
    try:
        outcomes = await asyncio.gather(*(tried(db, busy, f"name{n}", "wrong wrong", HOME) for n in range(6)))
        failed = sum(isinstance(outcome, WrongPassword) for outcome in outcomes)
        assert 0 < failed < 6
        assert busy.computed == failed
        network = attempt_of(db.keys, "", HOME).network
        assert (await failures(db, [network]))[network].count == failed
    finally:
        busy.close()


async def test_what_was_typed_as_a_name_does_not_stand_in_the_database(
    sqlite_db: HeldDatabase, hasher: PasswordHasher
) -> None:
    await tried(sqlite_db, hasher, "my secret password", "x", HOME)
    attempt = attempt_of(sqlite_db.keys, "my secret password", HOME)
    assert set(await failures(sqlite_db, attempt.subjects)) == set(attempt.subjects)
    assert not [subject for subject in attempt.subjects if "secret" in subject]


async def test_old_counts_are_swept(db: HeldDatabase, cast: People, hasher: PasswordHasher) -> None:
    await tried(db, hasher, "ann", "wrong wrong", HOME)
    assert await db.write(sweep_guesses) == 0
    db.clock.advance(DAY)
    assert await db.write(sweep_guesses) == 3
