"""Whatever people write, delete, join, leave and block, in any order: each of them holds what a plain model says, and nothing else."""

from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from tests.graph.people import newcomer
from tests.messages.model import RULES, Model
from tests.messages.people import EVER, calling, group_of, say, send
from tests.worlds import World, walk, walk_is_wrong
from volary.accounts.models import AccountRow
from volary.graph.actions.blocks import block, unblock
from volary.kit.errors import Refusal
from volary.messages.actions.groups import add_to_group, leave_group
from volary.messages.actions.reach import allow_messages, block_messages, unblock_messages
from volary.messages.actions.sending import delete_message
from volary.messages.models import EVERYONE, FOLLOWING
from volary.messages.queries.conversations import members_of
from volary.messages.queries.reach import reached
from volary.messages.queries.reading import message_by_id, messages_in, messages_of

PEOPLE = 4
WHO = st.integers(1, PEOPLE)
ANY = st.integers(0, 1_000)


class Letters(RuleBasedStateMachine):
    """Four people who are new in the database, and the model of what they hold."""

    def __init__(self, world: World, broken: str = "") -> None:
        super().__init__()
        self.world, self.db, self.model = world, world.db, Model(broken)
        self.people: dict[int, AccountRow] = {n: world.run(newcomer(self.db)) for n in range(1, PEOPLE + 1)}

    def done(self, work: Any) -> Any:
        """What the server answers; None for a refusal, which is an answer too."""
        try:
            return self.world.run(work) or True
        except Refusal:
            return None

    def other(self, one: int, number: int) -> int:
        return [n for n in self.people if n != one][number % (PEOPLE - 1)]

    def group(self, number: int) -> int:
        return sorted(self.model.groups)[number % len(self.model.groups)]

    # --------------------------------------------------------------------------------------------------------------- acts

    @rule(one=WHO, number=ANY)
    def somebody_writes_to_somebody(self, one: int, number: int) -> None:
        two = self.other(one, number)
        made = self.done(send(self.db, self.people[one], self.people[two], "hello"))
        assert (made is not None) == self.model.reaches(one, two)
        if made is not None:
            self.model.keep(made.id, {one, two})
            self.model.wrote.add((one, two))

    @rule(one=WHO, left_out=ANY)
    def somebody_makes_a_group(self, one: int, left_out: int) -> None:
        others = {n for n in self.people if n not in {one, self.other(one, left_out)}}
        made = self.done(group_of(self.db, self.people[one], *(self.people[n] for n in sorted(others))))
        assert (made is not None) == all(self.model.reaches(one, two) for two in others)
        if made is not None:
            self.model.groups[made.conversation_id] = {one, *others}
            self.model.keep(made.id, {one, *others}, made.conversation_id)
            self._news({one, *others}, made.conversation_id, made.id)

    @precondition(lambda self: self.model.groups)
    @rule(one=WHO, number=ANY)
    def somebody_speaks_in_a_group(self, one: int, number: int) -> None:
        group = self.group(number)
        made = self.done(say(self.db, self.people[one], group, "hello all"))
        assert (made is not None) == self.model.speaks_in(one, group)
        if made is not None:
            self.model.keep(made.id, set(self.model.groups[group]), group)

    @precondition(lambda self: self.model.groups)
    @rule(one=WHO, number=ANY, whom=ANY)
    def somebody_adds_somebody(self, one: int, number: int, whom: int) -> None:
        group, two = self.group(number), self.other(one, whom)
        there = self.model.groups[group]
        done = self.done(self.db.write(add_to_group, calling(self.people[one]), group, [self.people[two].id]))
        assert (done is not None) == (one in there and (two in there or self.model.reaches(one, two)))
        if done is not None and two not in there:
            self.model.joined(group, {two})
            self._news(self.model.groups[group], group)

    @precondition(lambda self: self.model.groups)
    @rule(one=WHO, number=ANY)
    def somebody_leaves_a_group(self, one: int, number: int) -> None:
        group = self.group(number)
        there = set(self.model.groups[group])
        done = self.done(self.db.write(leave_group, calling(self.people[one]), group))
        assert (done is not None) == (one in there)
        if done is not None:
            self._news(there, group)
            self.model.left(group, one)

    @rule(one=WHO, owner=WHO, number=ANY)
    def somebody_deletes_what_somebody_holds(self, one: int, owner: int, number: int) -> None:
        held = sorted(self.model.held.get(owner, set()))
        if held:
            event = held[number % len(held)]
            done = self.done(self.db.write(delete_message, calling(self.people[one]), event))
            assert (done is not None) == (event in self.model.held.get(one, set()))
            if done is not None:
                self.model.deleted(one, event)

    @rule(one=WHO, number=ANY, act=st.sampled_from(["block", "unblock", "turn away", "take again", "everyone", "few"]))
    def somebody_chooses_whose_messages_to_take(self, one: int, number: int, act: str) -> None:
        two, caller = self.other(one, number), calling(self.people[one])
        whom = self.people[two].id
        if act in {"everyone", "few"}:
            self.done(self.db.write(allow_messages, caller, EVERYONE if act == "everyone" else FOLLOWING))
            (self.model.choosy.discard if act == "everyone" else self.model.choosy.add)(one)
            return
        acts = {"block": block, "unblock": unblock, "turn away": block_messages, "take again": unblock_messages}
        self.done(self.db.write(acts[act], caller, whom))
        pairs = self.model.blocks if "block" in act else self.model.turned_away
        (pairs.add if act in {"block", "turn away"} else pairs.discard)((one, two))

    def _news(self, people: set[int], group: int, message: int = 0) -> None:
        """Joining and leaving are told to everybody there: the one event that is new, and the same for all."""
        new = [
            {row.id for row in self.world.run(messages_of(self.db, self.people[n].id, EVER, 1_000))}
            - self.model.held.get(n, set())
            for n in sorted(people)
        ]
        told = set.intersection(*new) - {message}
        assert len(told) == 1, new
        self.model.keep(told.pop(), people, group)

    # -------------------------------------------------------------------------------------------------------- what is held

    @invariant()
    def everybody_holds_what_they_should(self) -> None:
        self.world.run(self._compare())

    async def _compare(self) -> None:
        every = set().union(*self.model.held.values())
        for n, person in self.people.items():
            held = self.model.held.get(n, set())
            assert {row.id for row in await messages_of(self.db, person.id, EVER, 1_000)} == held, n
            last = sorted(every)[-5:]
            found = [one for one in last if await message_by_id(self.db, person.id, one) is not None]
            assert found == [one for one in last if one in held]
            others = {m: other.id for m, other in self.people.items() if m != n}
            reach = await reached(self.db, person.id, list(others.values()))
            assert reach == {other for m, other in others.items() if self.model.reaches(n, m)}, n
        for group, there in self.model.groups.items():
            assert set(await members_of(self.db, group)) == {self.people[n].id for n in there}
            for n, person in self.people.items():
                rows = await messages_in(self.db, person.id, group, EVER, 1_000)
                should = {one for one in self.model.held.get(n, set()) if self.model.said.get(one) == group}
                assert {row.id for row in rows} == should


@pytest.mark.claim("C056", "C058", "C059")
def test_everybody_holds_what_the_model_says(world: World) -> None:
    walk(Letters, world, 5, 40)


@pytest.mark.slow
@pytest.mark.claim("C056", "C058", "C059")
def test_ten_thousand_steps(sqlite_world: World) -> None:
    walk(Letters, sqlite_world, 100, 100)


@pytest.mark.parametrize("broken", RULES)
def test_a_rule_that_is_left_out_is_missed(sqlite_world: World, broken: str) -> None:
    walk_is_wrong(Letters, sqlite_world, 200, 40, broken)
