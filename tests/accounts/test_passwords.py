"""What passwords must be, and how they are hashed."""

import asyncio
import threading
from collections.abc import Iterator

import pytest

from tests.cast import ANN
from volary.accounts.errors import Refused
from volary.accounts.rules import passwords
from volary.accounts.rules.hashing import PasswordHasher
from volary.accounts.rules.passwords import check
from volary.kit.errors import Busy

pytestmark = pytest.mark.anyio


@pytest.fixture
def slow() -> Iterator[PasswordHasher]:
    """One slot, two places in the queue, and hashes that take long enough to be seen waiting."""
    pool = PasswordHasher(slots=1, queue=2, memory=8_192, passes=20)
    yield pool
    pool.close()


@pytest.mark.parametrize(
    "password, message",
    [
        ("short 7", passwords.SHORT),
        ("", passwords.SHORT),
        ("e\u0301" * 7, passwords.SHORT),
        ("x" * 1025, passwords.LONG),
        ("é" * 513, passwords.LONG),
        ("password", passwords.COMMON),
        ("Password2024!", passwords.COMMON),
        ("12345678", passwords.COMMON),
        ("87654321", passwords.COMMON),
        ("zzzzzzzzzz", passwords.COMMON),
        ("qwertzuiop", passwords.COMMON),
        ("annameland", passwords.PERSONAL),
        ("AnnAmeland99", passwords.PERSONAL),
        ("ann.ameland@example.org", passwords.PERSONAL),
    ],
)
def test_what_others_would_try_first_is_refused(password: str, message: str) -> None:
    with pytest.raises(Refused) as refused:
        check(password, "annameland", "Ann", "ann.ameland@example.org")
    assert (refused.value.message, refused.value.field) == (message, "password")


@pytest.mark.parametrize("password", [ANN.password, "xK9!mmm2", "correct horse", "日本語のパスワード", "x y " * 256])
def test_anything_else_that_is_long_enough_is_taken(password: str) -> None:
    check(password, "annameland", "Ann", "ann.ameland@example.org")


async def test_a_password_is_kept_as_argon2id_with_the_promised_parameters() -> None:
    pool = PasswordHasher()
    try:
        kept = await pool.hash(ANN.password)
        assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
        assert await pool.verify(kept, ANN.password)
        assert not await pool.verify(kept, ANN.password + " ")
        assert pool.outdated(ANN.password_hash)
        assert not pool.outdated(kept)
    finally:
        pool.close()


@pytest.mark.attack("SR-155")
async def test_nothing_is_cut_off_and_nothing_beyond_the_cap_is_hashed(hasher: PasswordHasher) -> None:
    for length in (72, 73, 200, 1024):
        kept = await hasher.hash("x" * (length - 1) + "a")
        assert await hasher.verify(kept, "x" * (length - 1) + "a")
        assert not await hasher.verify(kept, "x" * (length - 1) + "b")
    computed = hasher.computed
    with pytest.raises(Refused):
        await hasher.hash("x" * 1_000_000)
    assert not await hasher.verify(ANN.password_hash, "x" * 1_000_000)
    assert hasher.computed == computed


@pytest.mark.attack("SR-155")
async def test_one_password_from_two_keyboards_is_one_password(hasher: PasswordHasher) -> None:
    kept = await hasher.hash("caf\u00e9 au\u00a0lait")
    assert await hasher.verify(kept, "cafe\u0301 au lait")
    assert not await hasher.verify(kept, "cafe au lait")


@pytest.mark.attack("SR-155")
async def test_a_nul_ends_nothing(hasher: PasswordHasher) -> None:
    kept = await hasher.hash("before\0after")
    assert not await hasher.verify(kept, "before\0other")
    assert not await hasher.verify(kept, "before")


@pytest.mark.attack("SR-153")
async def test_nobody_costs_as_much_as_somebody(hasher: PasswordHasher) -> None:
    assert not await hasher.verify(None, ANN.password)
    assert hasher.computed == 1
    assert not await hasher.verify(ANN.password_hash, "wrong wrong wrong")
    assert hasher.computed == 2


async def test_a_hash_that_cannot_be_read_lets_nobody_in(hasher: PasswordHasher) -> None:
    assert not await hasher.verify("$argon2id$v=19$m=8", ANN.password)
    assert not await hasher.verify("", "")


@pytest.mark.attack("SR-352")
async def test_a_full_queue_says_so_at_once_and_moves_on(slow: PasswordHasher) -> None:
    waiting = [asyncio.create_task(slow.hash(f"password {n}")) for n in range(3)]
    await asyncio.sleep(0)
    with pytest.raises(Busy) as busy:
        await slow.hash("one too many")
    assert busy.value.retry_after > 0
    assert len(await asyncio.gather(*waiting)) == 3
    assert await slow.hash("room again")


@pytest.mark.attack("SR-352")
async def test_one_network_leaves_room_for_the_others() -> None:
    pool = PasswordHasher(slots=1, queue=7, memory=8_192, passes=20)
    try:
        flood = [asyncio.create_task(pool.hash(f"password {n}", "192.0.2.1")) for n in range(20)]
        await asyncio.sleep(0)
        with pytest.raises(Busy):
            pool.refuse_if_full("192.0.2.1")
        assert await pool.hash("somebody else's", "198.51.100.1")
        outcomes = await asyncio.gather(*flood, return_exceptions=True)
        assert sum(isinstance(outcome, str) for outcome in outcomes) == 6
        assert await pool.hash("room again", "192.0.2.1")
        assert not pool._taken
    finally:
        pool.close()


@pytest.mark.attack("SR-352")
async def test_a_client_that_goes_away_starts_no_second_hash_beside_the_first(slow: PasswordHasher) -> None:
    """The permit is the thread: leaving frees a place in the queue, not a slot."""
    before = {thread.ident for thread in threading.enumerate() if thread.name.startswith("password")}
    for number in range(20):
        task = asyncio.create_task(slow.hash(f"password {number}"))
        await asyncio.sleep(0.001)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    threads = {thread.ident for thread in threading.enumerate() if thread.name.startswith("password")}
    assert len(threads - before) == 1
    # Those that were still waiting when they left were never computed.
    assert slow.computed < 20


async def test_the_event_loop_goes_on_while_passwords_are_hashed(slow: PasswordHasher) -> None:
    hashing = asyncio.create_task(slow.hash("a long one"))
    ticks = 0
    while not hashing.done():
        await asyncio.sleep(0.001)
        ticks += 1
    assert ticks > 10
