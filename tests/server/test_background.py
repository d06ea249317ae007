"""Work beside the requests: it recurs, survives its own failures, and has a last word."""

import asyncio
import logging

import pytest

from volary.server.background import Background, Recurring


class Task:
    """Counts its runs, and fails when it is told to."""

    def __init__(self, *, fails: bool = False) -> None:
        self.runs = 0
        self._fails = fails

    async def __call__(self) -> None:
        self.runs += 1
        if self._fails:
            raise RuntimeError("as told")


async def test_a_task_recurs_until_it_is_stopped() -> None:
    task, other = Task(), Task()
    work = Background([Recurring("often", 0.01, task), Recurring("seldom", 60, other)])
    work.start()
    while task.runs < 3:
        await asyncio.sleep(0.005)
    await work.stop()
    runs = task.runs
    await asyncio.sleep(0.03)
    assert (task.runs, other.runs) == (runs, 0)


async def test_a_task_that_fails_is_logged_and_runs_again(caplog: pytest.LogCaptureFixture) -> None:
    task = Task(fails=True)
    work = Background([Recurring("a task", 0.01, task)])
    work.start()
    while task.runs < 2:
        await asyncio.sleep(0.005)
    await work.stop()
    assert caplog.records[0].getMessage() == "a task failed; it runs again in 0.01 seconds"
    assert caplog.records[0].levelno == logging.ERROR


async def test_what_is_held_is_written_down_at_the_end_even_if_something_fails() -> None:
    failing, writing, sweeping = Task(fails=True), Task(), Task()
    work = Background(
        [
            Recurring("fails", 60, failing, at_end=True),
            Recurring("writes", 60, writing, at_end=True),
            Recurring("sweeps", 60, sweeping),
        ]
    )
    work.start()
    await work.stop()
    assert (failing.runs, writing.runs, sweeping.runs) == (1, 1, 0)


async def test_a_run_that_has_begun_is_finished_first() -> None:
    begun, finish, ended = asyncio.Event(), asyncio.Event(), []

    async def long() -> None:
        begun.set()
        await finish.wait()
        ended.append(True)

    work = Background([Recurring("long", 0.001, long)])
    work.start()
    await begun.wait()
    stopping = asyncio.create_task(work.stop())
    await asyncio.sleep(0.01)
    assert not stopping.done()
    finish.set()
    await stopping
    assert ended
