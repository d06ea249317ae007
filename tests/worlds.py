"""What state machines need: a database on a loop of its own, and walks through it that are judged by what they find, not by the clock."""

import asyncio
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from volary.db import Database
from volary.kit.clock import HeldClock
from volary.kit.secrets import Keyring


class World:
    """One database, on a loop of its own: a state machine is no coroutine."""

    def __init__(self, url: str) -> None:
        self.runner = asyncio.Runner()
        self.db: Database = self.run(Database.open(url, HeldClock(), Keyring(bytes(range(32))), worker_id=1))

    def run(self, work: Any) -> Any:
        return self.runner.run(work)

    def close(self) -> None:
        self.run(self.db.close())
        self.runner.close()


Machine = Callable[[World, str], RuleBasedStateMachine]
"""Makes a machine in a world; the text names the rule that its model forgets, none if it is empty."""


@pytest.fixture(params=["sqlite", "postgres"])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    made = World(request.getfixturevalue(f"{request.param}_url"))
    yield made
    made.close()


@pytest.fixture
def sqlite_world(sqlite_url: str) -> Iterator[World]:
    made = World(sqlite_url)
    yield made
    made.close()


def walk(machine: Machine, world: World, count: int, steps: int, broken: str = "", **more: Any) -> None:
    """So many walks of so many steps. They are slow, and the people of each walk are its own."""
    how = settings(
        max_examples=count,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
        database=None,
        report_multiple_bugs=False,
        **more,
    )
    made: Any = partial(machine, world, broken)  # Hypothesis calls it as it would call the class
    run_state_machine_as_test(made, settings=how)


def walk_is_wrong(machine: Machine, world: World, count: int, steps: int, broken: str) -> None:
    """The control: the model forgets one rule, which looks from its side as if the server had one too many, and the walks notice it."""
    with pytest.raises(AssertionError):
        walk(machine, world, count, steps, broken, derandomize=True, phases=[Phase.generate], print_blob=False)
