"""Whatever people do to one another, in any order: the database shows each of them what a plain model says, and nothing else."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy import bindparam, update

from tests.graph.model import RULES, Model
from tests.graph.people import calling, newcomer, now, post, protect
from tests.worlds import World, walk, walk_is_wrong
from volary.accounts.models import ACTIVE, SUSPENDED, AccountRow, accounts
from volary.db import Tx, statement
from volary.db.paging import Bounds
from volary.graph.actions.blocks import block, unblock
from volary.graph.actions.follows import accept_request, decline_request, follow, remove_follower, unfollow
from volary.graph.actions.mutes import mute, unmute
from volary.graph.queries.connections import connections
from volary.graph.queries.lists import followed_by, followers_of, requests_to
from volary.kit.errors import Refusal
from volary.messages.actions.sending import MessageDraft, send_message
from volary.posts.actions.bookmarks import bookmark, remove_bookmark
from volary.posts.actions.likes import like, unlike
from volary.posts.actions.reposts import repost, take_back
from volary.posts.actions.writing import Draft, create_post, delete_post
from volary.posts.queries.bookmarks import bookmarked_by
from volary.posts.queries.likes import liked_by, likers_of
from volary.posts.queries.reading import posts_by_ids, posts_of_author

PEOPLE = 3
_STATE = statement(update(accounts).where(accounts.c.id == bindparam("of")).values(state=bindparam("state")))
ACTS: dict[str, Callable[..., Any]] = {
    "follow": follow,
    "unfollow": unfollow,
    "accept": accept_request,
    "decline": decline_request,
    "remove": remove_follower,
    "block": block,
    "unblock": unblock,
    "mute": mute,
    "unmute": unmute,
}
GIVING: dict[str, Callable[..., Any]] = {
    "like": like,
    "unlike": unlike,
    "repost": repost,
    "take_back": take_back,
    "bookmark": bookmark,
    "remove_bookmark": remove_bookmark,
}
GIVEN_OFTEN = st.sampled_from([*GIVING, "like", "like", "repost", "bookmark"])
OFTEN = st.sampled_from([*ACTS, "follow", "follow", "follow", "accept", "block"])
"""An act by chance, more often one with which something begins."""
WHO = st.integers(1, PEOPLE)


async def _put(tx: Tx, account_id: int, state: str) -> None:
    await tx.run(_STATE, of=account_id, state=state)


class Society(RuleBasedStateMachine):
    """Three people who are new in the database, and the model of them."""

    def __init__(self, world: World, broken: str = "") -> None:
        super().__init__()
        self.world, self.db, self.model = world, world.db, Model(broken)
        self.people: dict[int, AccountRow] = {n: world.run(newcomer(self.db)) for n in range(1, PEOPLE + 1)}
        self.number = {person.id: n for n, person in self.people.items()}
        self.every: list[int] = []
        """Every post that there ever was."""

    def works(self, work: Any) -> bool:
        """Whether the server does it; a refusal is an answer, anything else an error."""
        try:
            self.world.run(work)
        except Refusal:
            return False
        return True

    # --------------------------------------------------------------------------------------------------------------- acts

    @rule(one=WHO, two=WHO, acts=st.lists(st.tuples(OFTEN, st.booleans()), min_size=1, max_size=6))
    def two_do_something_to_one_another(self, one: int, two: int, acts: list[tuple[str, bool]]) -> None:
        """Several acts between the same two, so that they touch each other."""
        for name, back in acts if one != two else ():
            who, whom = (two, one) if back else (one, two)
            if who not in self.model.suspended:
                done = self.works(self.db.write(ACTS[name], calling(self.people[who]), self.people[whom].id))
                assert done == getattr(self.model, name)(who, whom), name
                found = self.world.run(connections(self.db, self.people[who].id, [self.people[whom].id]))
                assert found[self.people[whom].id] == self.model.connections(who, whom), name

    @rule(one=WHO, on=st.booleans())
    def somebody_protects_their_posts_or_no_longer(self, one: int, on: bool) -> None:
        self.world.run(protect(self.db, self.people[one], on))
        (self.model.protected.add if on else self.model.protected.discard)(one)

    @rule(one=WHO, on=st.sampled_from([False, False, False, True]))
    def somebody_is_suspended_or_restored(self, one: int, on: bool) -> None:
        self.world.run(self.db.write(_put, self.people[one].id, SUSPENDED if on else ACTIVE))
        (self.model.suspended.add if on else self.model.suspended.discard)(one)

    @rule(one=WHO, reply_settings=st.sampled_from(["everyone", "following"]))
    def somebody_posts(self, one: int, reply_settings: str) -> None:
        made = self.world.run(post(self.db, self.people[one], reply_settings=reply_settings))
        self.every.append(made)
        self.model.posts[made] = (one, reply_settings)

    @precondition(lambda self: self.model.posts)
    @rule(one=WHO, chosen=st.integers(0, 1_000))
    def somebody_answers(self, one: int, chosen: int) -> None:
        target = self._chosen(chosen)
        text = f"answer {len(self.every)} to {target}"
        before = set(self.model.posts)
        may = self.model.may_answer(one, target)
        try:
            draft = Draft(text, reply_to_id=target)
            made = self.world.run(self.db.write(create_post, calling(self.people[one]), draft)).id
        except Refusal:
            assert not may
            return
        assert may
        assert made not in before
        self.every.append(made)
        self.model.answer(one, target, made)

    @precondition(lambda self: self.model.posts)
    @rule(one=WHO, chosen=st.integers(0, 1_000), names=st.lists(GIVEN_OFTEN, min_size=1, max_size=4))
    def somebody_does_something_with_a_post(self, one: int, chosen: int, names: list[str]) -> None:
        target = self._chosen(chosen)
        for name in names if one not in self.model.suspended else ():
            done = self.works(self.db.write(GIVING[name], calling(self.people[one]), target))
            assert done == getattr(self.model, name)(one, target), name

    @rule(one=WHO, two=WHO)
    def a_follower_passes_on_what_is_for_followers(self, one: int, two: int) -> None:
        """What a protected account has just posted, by somebody whom it let in."""
        self.somebody_protects_their_posts_or_no_longer(two, True)
        self.two_do_something_to_one_another(one, two, [("follow", False), ("accept", True)])
        if one != two and not {one, two} & self.model.suspended:
            self.somebody_posts(two, "everyone")
            target = max(self.model.posts)
            done = self.works(self.db.write(repost, calling(self.people[one]), target))
            assert done == self.model.repost(one, target)

    @rule(one=WHO, two=WHO)
    def somebody_closes_what_was_passed_on(self, one: int, two: int) -> None:
        if one != two and not {one, two} & self.model.suspended:
            self.somebody_protects_their_posts_or_no_longer(two, False)
            self.somebody_posts(two, "everyone")
            target = max(self.model.posts)
            done = self.works(self.db.write(repost, calling(self.people[one]), target))
            assert done == self.model.repost(one, target)
            self.somebody_protects_their_posts_or_no_longer(two, True)

    @rule(one=WHO, two=WHO)
    def somebody_answers_who_lets_few_answer(self, one: int, two: int) -> None:
        if one != two and not {one, two} & self.model.suspended:
            self.somebody_protects_their_posts_or_no_longer(two, False)
            self.somebody_posts(two, "following")
            self.somebody_answers(one, sorted(self.model.posts).index(max(self.model.posts)))

    @rule(one=WHO, two=WHO)
    def somebody_answers_deep_in_a_conversation_of_few(self, one: int, two: int) -> None:
        """What admits everybody, below what does not."""
        if one != two and not {one, two} & self.model.suspended:
            self.somebody_protects_their_posts_or_no_longer(two, False)
            self.somebody_posts(two, "following")
            for who in (two, one):
                self.somebody_answers(who, sorted(self.model.posts).index(max(self.model.posts)))

    @precondition(lambda self: self.model.posts)
    @rule(one=WHO, chosen=st.integers(0, 1_000))
    def somebody_deletes(self, one: int, chosen: int) -> None:
        target = self._chosen(chosen)
        author = self.model.posts[target][0]
        done = self.works(self.db.write(delete_post, calling(self.people[one]), target))
        assert done == (one == author and self.model.sees(one, author))
        if done:
            self.model.delete(target)

    @rule(one=WHO, two=WHO)
    def somebody_writes_to_somebody(self, one: int, two: int) -> None:
        if one != two and one not in self.model.suspended:
            done = self.works(
                self.db.write(send_message, calling(self.people[one]), self.people[two].id, MessageDraft("hello"))
            )
            assert done == self.model.write(one, two)

    def _chosen(self, number: int) -> int:
        posts = sorted(self.model.posts)
        return posts[number % len(posts)]

    # -------------------------------------------------------------------------------------------------------- what is seen

    @invariant()
    def everybody_sees_what_they_should(self) -> None:
        self.world.run(self._compare())

    async def _compare(self) -> None:
        ids = {0: 0} | {n: person.id for n, person in self.people.items()}
        for viewer, viewer_id in ids.items():
            should = self.model.visible(viewer)
            found = await posts_by_ids(self.db, viewer_id, self.every)
            assert {row.id for row in found} == should
            for shown in found:
                assert shown.like_count == sum(post == shown.id for _, post in self.model.likes)
                assert shown.repost_count == sum(post == shown.id for _, post in self.model.reposts)
            for author, person in self.people.items():
                rows = await posts_of_author(self.db, viewer_id, person.id, Bounds(), 1_000)
                own = {row.id for row in rows if row.repost_of_id is None}
                assert own == {one for one in should if self.model.posts[one][0] == author}
                passed_on = {row.repost_of_id for row in rows if row.repost_of_id is not None}
                assert passed_on == self.model.reposted(viewer, author)
                liked = await liked_by(self.db, viewer_id, person.id, Bounds(), 1_000)
                assert {row.id for row in liked} == self.model.liked(viewer, author)
            for one in self.model.posts:
                givers = await likers_of(self.db, viewer_id, one, Bounds(), 100)
                assert {self.number[row.id] for row in givers} == self.model.likers(viewer, one)
        given = [(await now(self.db, person)).like_count for person in self.people.values()]
        assert sum(given) == self.model.all_likes()
        for n, person in self.people.items():
            row = await now(self.db, person)
            kept = await bookmarked_by(self.db, person.id, Bounds(), 1_000)
            assert {post.id for post in kept} == self.model.bookmarked(n)
            assert (row.follower_count, row.following_count) == self.model.counts(n)
            tied = await connections(self.db, person.id, list(self.number))
            assert {self.number[one]: hows for one, hows in tied.items()} == {
                other: self.model.connections(n, other) for other in self.people
            }
            await self._compare_lists(n, person)

    async def _compare_lists(self, viewer: int, person: AccountRow) -> None:
        here = self.people.keys() - self.model.suspended
        asking = await requests_to(self.db, person.id, Bounds(), 100)
        assert {self.number[row.id] for row in asking} == {
            a for a, b in self.model.requests if b == viewer and a in here
        }
        for owner, other in self.people.items():
            open_to = self.model.sees(viewer, owner)
            following = await followed_by(self.db, person.id, other.id, Bounds(), 100)
            followers = await followers_of(self.db, person.id, other.id, Bounds(), 100)
            pairs = self.model.follows if open_to else set()
            assert {self.number[row.id] for row in following} == {b for a, b in pairs if a == owner and b in here}
            assert {self.number[row.id] for row in followers} == {a for a, b in pairs if b == owner and a in here}


@pytest.mark.attack("SR-192", "SR-199", "SR-210", "SR-228")
def test_everybody_sees_what_the_model_says(world: World) -> None:
    walk(Society, world, 8, 40)


@pytest.mark.slow
@pytest.mark.attack("SR-192", "SR-199", "SR-210", "SR-228")
def test_everybody_does_so_for_ten_thousand_steps(world: World) -> None:
    walk(Society, world, 100, 100)


@pytest.mark.parametrize("broken", RULES)
def test_the_walks_would_notice_each_rule_that_is_missing(sqlite_world: World, broken: str) -> None:
    walk_is_wrong(Society, sqlite_world, 300, 60, broken)
