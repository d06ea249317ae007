import itertools
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from volary.kit.clock import HeldClock, SystemClock
from volary.kit.ids import EPOCH, LARGEST_ID, MAX_WORKER, Snowflakes, first_id_at, id_in, moment_of

START = 1_790_000_000_000


@given(st.lists(st.integers(-5_000, 5_000), max_size=60), st.integers(0, MAX_WORKER))
def test_ids_grow_strictly_whatever_the_clock_does(steps: list[int], worker: int) -> None:
    clock = HeldClock(START)
    maker = Snowflakes(clock, worker)
    made = [maker.next()]
    for step in steps:
        clock.advance(step)
        made += [maker.next() for _ in range(3)]
    assert made == sorted(set(made))
    assert {one >> 12 & MAX_WORKER for one in made} == {worker}


@pytest.mark.attack("SR-350")
def test_a_million_ids_of_four_workers_while_the_clock_steps_back_are_all_different() -> None:
    clock = HeldClock(START)
    makers = [Snowflakes(clock, worker) for worker in range(4)]
    made: list[list[int]] = [[] for _ in makers]
    for lap in range(250):
        clock.advance(-2_000 if lap == 100 else 7)
        for maker, ids in zip(makers, made, strict=True):
            ids += [maker.next() for _ in range(1_000)]
    for ids in made:
        assert all(before < after for before, after in itertools.pairwise(ids))
    assert len(set().union(*made)) == 1_000_000


@pytest.mark.attack("SR-350")
def test_a_restart_on_a_clock_that_was_set_back_goes_on_above_what_it_made() -> None:
    clock = HeldClock(START)
    last = Snowflakes(clock, 5).next()
    clock.advance(-60_000)
    after = Snowflakes(clock, 5, after=last)
    assert after.next() > last
    clock.advance(120_000)
    assert moment_of(after.next()) == clock.now()


def test_a_restart_stays_above_ids_of_every_other_worker() -> None:
    highest = Snowflakes(HeldClock(START), MAX_WORKER).next() | 4095
    assert Snowflakes(HeldClock(START), 0, after=highest).next() > highest


def test_an_id_tells_its_moment() -> None:
    clock = HeldClock(START)
    made = Snowflakes(clock, 7).next()
    assert moment_of(made) == START
    assert first_id_at(START) <= made < first_id_at(START + 1)
    assert first_id_at(0) == 0


def test_ids_are_laid_out_as_clients_read_them() -> None:
    """41 bits of milliseconds since 2010-11-04 01:42:54.657 UTC, 10 of worker, 12 of sequence."""
    maker = Snowflakes(HeldClock(EPOCH + 1), 3)
    assert [maker.next(), maker.next()] == [1 << 22 | 3 << 12, 1 << 22 | 3 << 12 | 1]


def test_a_full_millisecond_borrows_from_the_next() -> None:
    maker = Snowflakes(HeldClock(START), 0)
    made = [maker.next() for _ in range(4097)]
    assert moment_of(made[4095]) == START
    assert moment_of(made[4096]) == START + 1


def test_a_clock_before_the_epoch_still_makes_ids() -> None:
    maker = Snowflakes(HeldClock(0), 0)
    assert 0 <= maker.next() < maker.next()


@pytest.mark.parametrize("worker", [-1, MAX_WORKER + 1])
def test_there_are_1024_workers(worker: int) -> None:
    with pytest.raises(ValueError, match="worker id"):
        Snowflakes(HeldClock(), worker)


def test_the_machines_clock_counts_milliseconds() -> None:
    assert abs(SystemClock().now() - time.time() * 1000) < 1000


def test_reads_an_id_out_of_what_somebody_sent() -> None:
    assert [id_in(text) for text in ("0", "7", str(LARGEST_ID))] == [0, 7, LARGEST_ID]
    for text in ("", "-1", "+1", " 1", "1\n", "1_0", "٣", "abc", str(LARGEST_ID + 1), "9" * 20):
        assert id_in(text) is None, text
