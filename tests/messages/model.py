"""Who holds which copy, in plain Python. A rule can be left out (`broken`), to see that it is missed."""

from dataclasses import dataclass, field

RULES = (
    "who joins holds nothing from before",
    "who leaves holds nothing from after",
    "deleting takes one's own copy only",
    "a block stops messages",
    "turning away is one-sided",
    "who leaves cannot speak",
    "whom one wrote to can answer",
)


@dataclass
class Model:
    """People are numbers; events are numbered as the database numbers them."""

    broken: str = ""
    held: dict[int, set[int]] = field(default_factory=dict)
    """The events that each person holds."""
    said: dict[int, int] = field(default_factory=dict)
    """The group of each event in a group."""
    groups: dict[int, set[int]] = field(default_factory=dict)
    blocks: set[tuple[int, int]] = field(default_factory=set)
    turned_away: set[tuple[int, int]] = field(default_factory=set)
    choosy: set[int] = field(default_factory=set)
    """Who lets only those begin whom they follow. Nobody follows anybody here."""
    wrote: set[tuple[int, int]] = field(default_factory=set)

    def holds(self, rule: str) -> bool:
        assert rule in RULES, rule
        return rule != self.broken

    def reaches(self, one: int, two: int) -> bool:
        if {(one, two), (two, one)} & self.blocks and self.holds("a block stops messages"):
            return False
        if (two, one) in self.turned_away:
            return False
        if (one, two) in self.turned_away and not self.holds("turning away is one-sided"):
            return False
        answers = (two, one) in self.wrote and self.holds("whom one wrote to can answer")
        return two not in self.choosy or answers

    def keep(self, event: int, people: set[int], group: int = 0) -> None:
        for person in people:
            self.held.setdefault(person, set()).add(event)
        if group:
            self.said[event] = group

    def speaks_in(self, person: int, group: int) -> bool:
        there = person in self.groups[group]
        return there or not self.holds("who leaves cannot speak")

    def joined(self, group: int, new: set[int]) -> None:
        self.groups[group] |= new
        if not self.holds("who joins holds nothing from before"):
            for event, place in self.said.items():
                if place == group:
                    self.keep(event, new)

    def left(self, group: int, person: int) -> None:
        if self.holds("who leaves holds nothing from after"):
            self.groups[group].discard(person)

    def deleted(self, person: int, event: int) -> None:
        for one in [person] if self.holds("deleting takes one's own copy only") else list(self.held):
            self.held.get(one, set()).discard(event)
