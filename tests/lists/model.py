"""Lists in plain Python: sets of pairs, and one rule a line. A rule can be left out (`broken`), to see that it is missed."""

from dataclasses import dataclass, field

from tests.graph.model import RULES as GRAPH_RULES
from tests.graph.model import Model as Graph
from tests.graph.model import Pair

LIST_RULES = (
    "a private List is its owner's",
    "a protected account's Lists are for followers",
    "a block ends memberships",
    "a block ends follows of Lists",
    "a block ends pins",
    "who is blocked is not added",
    "only the owner changes a List",
    "a private List is not counted",
    "becoming private ends follows",
    "becoming private ends pins",
    "a List that is deleted is gone",
    "members' protected posts are for followers",
    "at most five are pinned",
)


@dataclass
class Model(Graph):
    """The graph, and Lists by their number. Each act says whether it should work."""

    owner: dict[int, int] = field(default_factory=dict)
    private: set[int] = field(default_factory=set)
    members: set[Pair] = field(default_factory=set)
    """A List and who is on it; with followers and pins alike."""
    fans: set[Pair] = field(default_factory=set)
    pins: set[Pair] = field(default_factory=set)

    def holds(self, rule: str) -> bool:
        assert rule in GRAPH_RULES + LIST_RULES, rule
        return rule != self.broken

    # ------------------------------------------------------------------------------------------------------------- seeing

    def sees_list(self, viewer: int, one: int) -> bool:
        if one not in self.owner:
            return False
        owner = self.owner[one]
        if one in self.private and owner != viewer and self.holds("a private List is its owner's"):
            return False
        if not self.holds("a protected account's Lists are for followers"):
            return self.sees(viewer, owner) or owner in self.protected
        return self.sees(viewer, owner)

    def shown(self, viewer: int) -> set[int]:
        return {one for one in self.owner if self.sees_list(viewer, one)}

    def timeline(self, viewer: int, one: int) -> list[int]:
        """The posts of a List, newest first."""
        if not self.sees_list(viewer, one):
            return []
        authors = {who for of, who in self.members if of == one}
        if self.holds("members' protected posts are for followers"):
            found = self.visible(viewer)
        else:
            found = set(self.posts)
        return sorted((post for post in found if self.posts[post][0] in authors), reverse=True)

    def listed(self, person: int) -> int:
        """On how many Lists somebody is, as everybody may know."""
        counted = self.owner.keys() - (self.private if self.holds("a private List is not counted") else set())
        return sum(of in counted for of, who in self.members if who == person)

    # ------------------------------------------------------------------------------------------------------------- acting

    def may_change(self, who: int, one: int) -> bool:
        if not self.sees_list(who, one):
            return False
        return self.owner[one] == who or not self.holds("only the owner changes a List")

    def add(self, who: int, one: int, whom: int) -> bool:
        blocked = {(who, whom), (whom, who)} & self.blocks and self.holds("who is blocked is not added")
        if not self.may_change(who, one) or whom in self.suspended or blocked:
            return False
        self.members.add((one, whom))
        return True

    def take_off(self, who: int, one: int, whom: int) -> bool:
        if not self.may_change(who, one):
            return False
        self.members.discard((one, whom))
        return True

    def follow_list(self, who: int, one: int) -> bool:
        if self.sees_list(who, one):
            self.fans.add((one, who))
        return self.sees_list(who, one)

    def unfollow_list(self, who: int, one: int) -> bool:
        self.fans.discard((one, who))
        return True

    def pin_list(self, who: int, one: int) -> bool:
        mine = {of for of, by in self.pins if by == who}
        if not self.sees_list(who, one) or (len(mine | {one}) > 5 and self.holds("at most five are pinned")):
            return False
        self.pins.add((one, who))
        return True

    def unpin_list(self, who: int, one: int) -> bool:
        self.pins.discard((one, who))
        return True

    def hide(self, who: int, one: int, on: bool) -> bool:
        if not self.may_change(who, one):
            return False
        if on and one not in self.private:
            others = {(of, by) for of, by in self.fans | self.pins if of == one and by != self.owner[one]}
            if self.holds("becoming private ends follows"):
                self.fans -= others
            if self.holds("becoming private ends pins"):
                self.pins -= others
        (self.private.add if on else self.private.discard)(one)
        return True

    def drop(self, who: int, one: int) -> bool:
        if not self.may_change(who, one):
            return False
        if self.holds("a List that is deleted is gone"):
            del self.owner[one]
            self.private.discard(one)
            for pairs in (self.members, self.fans, self.pins):
                pairs.difference_update([pair for pair in pairs if pair[0] == one])
        return True

    def block(self, one: int, two: int) -> bool:
        new = (one, two) not in self.blocks
        super().block(one, two)
        for owner, other in ((one, two), (two, one)) if new else ():
            theirs = {(of, other) for of, who in self.owner.items() if who == owner}
            for rule, pairs in (
                ("a block ends memberships", self.members),
                ("a block ends follows of Lists", self.fans),
                ("a block ends pins", self.pins),
            ):
                if self.holds(rule):
                    pairs.difference_update(theirs)
        return True
