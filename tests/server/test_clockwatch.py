"""A step of the machine's clock is said once, and slow corrections are not (SR-349)."""

import logging

import pytest

from tests.server.house import opened
from tests.server.houses import sqlite_place
from volary.kit.clock import HOUR, SECOND, HeldClock
from volary.server.clockwatch import WATCH_SECONDS, ClockWatch
from volary.server.owned import recurring

pytestmark = pytest.mark.attack("SR-349")


class Machine:
    """Its two clocks: one that can be set, and one that cannot."""

    def __init__(self) -> None:
        self.wall, self.steady = HeldClock(), 4711.0

    def pass_time(self, *, step: int = 0) -> None:
        """Five seconds pass; the wall clock is set by so many milliseconds meanwhile."""
        self.steady += WATCH_SECONDS
        self.wall.advance(int(WATCH_SECONDS * SECOND) + step)


@pytest.mark.parametrize(
    ("step", "said"),
    [
        (HOUR, "the machine's clock went ahead by 3600.0 s"),
        (-HOUR, "the machine's clock was set back by 3600.0 s"),
        (5 * SECOND, "the machine's clock went ahead by 5.0 s"),
        (-5 * SECOND, "the machine's clock was set back by 5.0 s"),
        (SECOND - 1, ""),
        (1 - SECOND, ""),
        (0, ""),
    ],
)
async def test_a_step_is_said_once(caplog: pytest.LogCaptureFixture, step: int, said: str) -> None:
    machine = Machine()
    watch = ClockWatch(machine.wall, lambda: machine.steady)
    for each in (0, step, 0, 0):
        machine.pass_time(step=each)
        await watch.look()
    assert [record.levelname for record in caplog.records] == ["WARNING"] * bool(said)
    assert all(record.getMessage().startswith(said) for record in caplog.records)


async def test_steps_there_and_back_are_two(caplog: pytest.LogCaptureFixture) -> None:
    machine = Machine()
    watch = ClockWatch(machine.wall, lambda: machine.steady)
    for step in (HOUR, -HOUR):
        machine.pass_time(step=step)
        await watch.look()
    assert ["ahead" in record.getMessage() for record in caplog.records] == [True, False]


async def test_a_clock_that_is_corrected_slowly_is_left_alone(caplog: pytest.LogCaptureFixture) -> None:
    """As time daemons do it: 500 parts in a million, for an hour."""
    machine = Machine()
    watch = ClockWatch(machine.wall, lambda: machine.steady)
    for _ in range(720):
        machine.pass_time(step=int(WATCH_SECONDS * SECOND * 500 / 1_000_000))
        await watch.look()
    assert not caplog.records


async def test_every_server_watches_the_machines_own_clock(caplog: pytest.LogCaptureFixture) -> None:
    """Not the one that a demo or a test moves: that is no step."""
    caplog.set_level(logging.INFO, "volary.clock")
    with sqlite_place() as url:
        async with opened(url) as house:
            (watching,) = [one for one in recurring(house.application.resources) if one.name == "watching the clock"]
            house.clock.advance(HOUR)
            await watching.task()
    assert not caplog.records
