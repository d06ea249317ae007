"""Whatever people do with Lists and to one another, in any order: the database shows each of them what a plain model says."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from tests.graph.people import calling, newcomer, now, post, protect
from tests.graph.test_state_machine import ACTS, _put
from tests.lists.model import LIST_RULES, Model
from tests.worlds import World, walk, walk_is_wrong
from volary.accounts.models import ACTIVE, SUSPENDED, AccountRow
from volary.db.paging import Bounds
from volary.kit.errors import Refusal
from volary.lists.actions.following import follow_list, pin_list, unfollow_list, unpin_list
from volary.lists.actions.members import add_member, remove_member
from volary.lists.actions.separating import leave_lists
from volary.lists.actions.writing import Changes, create_list, delete_list, update_list
from volary.lists.queries.people import followers_of, members_of
from volary.lists.queries.reading import followed_by, holding, lists_by_ids, owned_by, pinned_by
from volary.lists.queries.timeline import posts_of_members
from volary.server.registry import CONSEQUENCES

PEOPLE = 3
WHO = st.integers(1, PEOPLE)
SOME = st.integers(0, 1_000)
KEEPING: dict[str, Callable[..., Any]] = {
    "follow_list": follow_list,
    "unfollow_list": unfollow_list,
    "pin_list": pin_list,
    "unpin_list": unpin_list,
}
BETWEEN = st.sampled_from(["follow", "accept", "accept", "block", "unblock", "unblock", "follow", "unfollow", "remove"])
STORY = ["add", "add", "follow_list", "pin_list", "take_off", "unfollow_list", "unpin_list"]
STORY += ["block", "unblock", "unblock", "hide", "show", "show"]
"""What may happen between a List's owner and somebody else."""
KEEP = st.sampled_from([*KEEPING, "follow_list", "pin_list", "pin_list", "pin_list"])


class Readers(RuleBasedStateMachine):
    """Three people who are new in the database, their Lists, and the model of them."""

    def __init__(self, world: World, broken: str = "") -> None:
        super().__init__()
        self.world, self.db, self.model = world, world.db, Model(broken)
        self.people: dict[int, AccountRow] = {n: world.run(newcomer(self.db)) for n in range(1, PEOPLE + 1)}
        self.number = {person.id: n for n, person in self.people.items()}
        self.every: list[int] = []
        """Every List that there ever was."""

    def works(self, what: Callable[..., Any], who: int, *args: Any) -> bool:
        """Whether the server does it; a refusal is an answer, anything else an error."""
        try:
            self.world.run(self.db.write(what, calling(self.people[who]), *args))
        except Refusal:
            return False
        return True

    def chosen(self, number: int) -> int:
        return self.every[number % len(self.every)]

    # --------------------------------------------------------------------------------------------------------------- acts

    @rule(one=WHO, two=WHO, acts=st.lists(BETWEEN, min_size=1, max_size=3))
    def two_do_something_to_one_another(self, one: int, two: int, acts: list[str]) -> None:
        for name in acts if one != two and one not in self.model.suspended else ():
            done = self.works(ACTS[name], one, self.people[two].id)
            assert done == getattr(self.model, name)(one, two), name

    @rule(one=WHO, on=st.booleans())
    def somebody_protects_what_they_make_or_no_longer(self, one: int, on: bool) -> None:
        self.world.run(protect(self.db, self.people[one], on))
        (self.model.protected.add if on else self.model.protected.discard)(one)

    @rule(one=WHO, on=st.sampled_from([False] * 5 + [True]))
    def somebody_is_suspended_or_restored(self, one: int, on: bool) -> None:
        self.world.run(self.db.write(_put, self.people[one].id, SUSPENDED if on else ACTIVE))
        (self.model.suspended.add if on else self.model.suspended.discard)(one)

    @rule(one=WHO)
    def somebody_posts(self, one: int) -> None:
        self.model.posts[self.world.run(post(self.db, self.people[one]))] = (one, "everyone")

    @rule(one=WHO, private=st.sampled_from([False, False, True]), count=st.integers(1, 3))
    def somebody_makes_lists(self, one: int, private: bool, count: int) -> None:
        for _ in range(count if one not in self.model.suspended and len(self.every) < 12 else 0):
            made = self.world.run(self.db.write(create_list, calling(self.people[one]), "Bees", private=private))
            self.every.append(made.id)
            self.model.owner[made.id] = one
            (self.model.private.add if private else self.model.private.discard)(made.id)

    @precondition(lambda self: self.every)
    @rule(two=WHO, which=SOME, acts=st.lists(st.sampled_from(STORY), min_size=2, max_size=8))
    def somebody_has_to_do_with_a_list(self, two: int, which: int, acts: list[str]) -> None:
        """Several acts of a List's owner and one other about this List and one another, so that they touch each other."""
        self._story(two, which, acts)

    def _story(self, two: int, which: int, acts: list[str]) -> None:
        made = self.chosen(which)
        one = self.model.owner.get(made, two)
        for name in acts if one != two and not {one, two} & self.model.suspended else ():
            if name in {"block", "unblock"}:
                assert self.works(ACTS[name], two, self.people[one].id) == getattr(self.model, name)(two, one), name
            elif name in {"add", "take_off"}:
                done = self.works(add_member if name == "add" else remove_member, one, made, self.people[two].id)
                assert done == getattr(self.model, name)(one, made, two), name
            elif name in {"hide", "show"}:
                done = self.works(update_list, one, made, Changes(private=name == "hide"))
                assert done == self.model.hide(one, made, name == "hide"), name
            else:
                assert self.works(KEEPING[name], two, made) == getattr(self.model, name)(two, made), name

    @precondition(lambda self: self.every)
    @rule(two=WHO, which=SOME, kept=st.sampled_from(["add", "follow_list", "pin_list"]))
    def somebody_who_has_to_do_with_a_list_blocks_its_owner(self, two: int, which: int, kept: str) -> None:
        self._story(two, which, ["show", kept, "block", "unblock"])

    @precondition(lambda self: self.every)
    @rule(two=WHO, which=SOME, kept=st.sampled_from(["add", "follow_list", "pin_list"]))
    def somebody_who_has_to_do_with_a_list_loses_sight_of_it(self, two: int, which: int, kept: str) -> None:
        self._story(two, which, ["show", kept, "hide", "show"])

    @precondition(lambda self: self.every)
    @rule(one=WHO, two=WHO, which=SOME, add=st.booleans())
    def somebody_puts_somebody_on_a_list_or_takes_them_off(self, one: int, two: int, which: int, add: bool) -> None:
        made = self.chosen(which)
        if one not in self.model.suspended:
            done = self.works(add_member if add else remove_member, one, made, self.people[two].id)
            assert done == (self.model.add if add else self.model.take_off)(one, made, two)

    @rule(one=WHO)
    def somebody_pins_everything(self, one: int) -> None:
        for made in self.every if one not in self.model.suspended else ():
            assert self.works(pin_list, one, made) == self.model.pin_list(one, made)

    @precondition(lambda self: self.every)
    @rule(one=WHO, acts=st.lists(st.tuples(KEEP, SOME), min_size=1, max_size=8))
    def somebody_follows_and_pins(self, one: int, acts: list[tuple[str, int]]) -> None:
        for name, which in acts if one not in self.model.suspended else ():
            made = self.chosen(which)
            done = self.works(KEEPING[name], one, made)
            assert done == getattr(self.model, name)(one, made), name

    @precondition(lambda self: self.every)
    @rule(one=WHO, which=SOME, own=st.booleans(), private=st.booleans())
    def somebody_makes_a_list_private_or_public(self, one: int, which: int, own: bool, private: bool) -> None:
        made = self.chosen(which)
        one = self.model.owner.get(made, one) if own else one
        if one not in self.model.suspended:
            done = self.works(update_list, one, made, Changes(private=private))
            assert done == self.model.hide(one, made, private)

    @precondition(lambda self: self.every)
    @rule(one=WHO, which=SOME)
    def somebody_deletes_a_list(self, one: int, which: int) -> None:
        if one not in self.model.suspended:
            assert self.works(delete_list, one, self.chosen(which)) == self.model.drop(one, self.chosen(which))

    # -------------------------------------------------------------------------------------------------------- what is seen

    @invariant()
    def everybody_sees_what_they_should(self) -> None:
        self.world.run(self._compare())

    async def _compare(self) -> None:
        model, ids = self.model, {0: 0} | {n: person.id for n, person in self.people.items()}
        for viewer, viewer_id in ids.items():
            should = model.shown(viewer)
            rows = {row.id: row for row in await lists_by_ids(self.db, viewer_id, self.every)}
            assert rows.keys() == should
            for one in self.every:
                await self._compare_list(viewer, viewer_id, one)
            for one, row in rows.items():
                assert row.private == (one in model.private)
                assert row.member_count == sum(of == one for of, _ in model.members)
                assert row.follower_count == sum(of == one for of, _ in model.fans)
            for n, person in self.people.items():
                await self._compare_person(viewer, viewer_id, n, person)
        for n, person in self.people.items():
            assert (await now(self.db, person)).listed_count == model.listed(n)

    async def _compare_list(self, viewer: int, viewer_id: int, one: int) -> None:
        model, page = self.model, Bounds()
        here = self.people.keys() - model.suspended
        open_to = model.sees_list(viewer, one)
        for read, pairs in ((members_of, model.members), (followers_of, model.fans)):
            rows = await read(self.db, viewer_id, one, page, 100)
            assert {self.number[row.id] for row in rows} == {
                who for of, who in pairs if of == one and who in here and open_to
            }
        rows_of_posts = await posts_of_members(self.db, viewer_id, one, page, 1_000)
        assert [row.id for row in rows_of_posts] == model.timeline(viewer, one)

    async def _compare_person(self, viewer: int, viewer_id: int, n: int, person: AccountRow) -> None:
        model, page = self.model, Bounds()
        seen = model.shown(viewer) if model.sees(viewer, n) else set()
        kept = ((followed_by, model.fans), (pinned_by, model.pins), (holding, model.members))
        for read, pairs in kept:
            rows = await read(self.db, viewer_id, person.id, page, 100)
            assert {row.id for row in rows} == {of for of, who in pairs if who == n} & seen
        owned = await owned_by(self.db, viewer_id, person.id, page, 100)
        assert [row.id for row in owned] == sorted((one for one in seen if model.owner[one] == n), reverse=True)


@pytest.mark.attack("SR-199", "SR-204", "SR-205", "SR-228")
def test_everybody_sees_the_lists_that_the_model_says(world: World) -> None:
    assert (
        leave_lists in CONSEQUENCES
    )  # the rooms of the whole server are here, so that a block ends what it ends there
    walk(Readers, world, 6, 30)


@pytest.mark.slow
@pytest.mark.attack("SR-199", "SR-204", "SR-205", "SR-228")
@pytest.mark.parametrize("part", range(10))
def test_everybody_does_so_for_ten_thousand_steps(world: World, part: int) -> None:
    """In parts, since each step is followed by some two hundred questions."""
    walk(Readers, world, 10, 100)


@pytest.mark.parametrize("broken", LIST_RULES)
def test_the_walks_would_notice_each_rule_that_is_missing(sqlite_world: World, broken: str) -> None:
    walk_is_wrong(Readers, sqlite_world, 100, 60, broken)
