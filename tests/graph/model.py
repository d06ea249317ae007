"""Who may see what, in plain Python: sets of pairs, and one rule a line. A rule can be left out (`broken`), to see that it is missed."""

from dataclasses import dataclass, field

Pair = tuple[int, int]

RULES = (
    "protected posts are for followers",
    "a follower of a protected account is accepted first",
    "the blocker is hidden from the blocked",
    "the blocked is hidden from the blocker",
    "a block ends follows",
    "a block ends the other's follows",
    "a block ends requests",
    "who is blocked cannot follow",
    "a block stops messages",
    "a suspended author is hidden",
    "a deleted post is gone",
    "following admits whom the author follows",
    "what began a conversation says who answers in it",
    "muting ends with unmuting",
    "what is hidden cannot be liked",
    "likes show with their giver and their post",
    "a deleted post takes its likes along",
    "protected posts are reposted by nobody else",
    "a repost is hidden with its original",
    "bookmarks show what one still sees",
)


@dataclass
class Model:
    """People are numbers; 0 is nobody in particular. Each act says whether it should work."""

    broken: str = ""
    protected: set[int] = field(default_factory=set)
    suspended: set[int] = field(default_factory=set)
    follows: set[Pair] = field(default_factory=set)
    requests: set[Pair] = field(default_factory=set)
    blocks: set[Pair] = field(default_factory=set)
    mutes: set[Pair] = field(default_factory=set)
    posts: dict[int, tuple[int, str]] = field(default_factory=dict)
    """The author and the reply settings of each post that is there."""
    begun: dict[int, int] = field(default_factory=dict)
    """The post that began the conversation of each answer."""
    likes: set[Pair] = field(default_factory=set)
    """Here and below a person and a post."""
    reposts: set[Pair] = field(default_factory=set)
    bookmarks: set[Pair] = field(default_factory=set)
    given_to_deleted: int = 0

    def holds(self, rule: str) -> bool:
        assert rule in RULES, rule
        return rule != self.broken

    # ------------------------------------------------------------------------------------------------------------- seeing

    def sees(self, viewer: int, author: int) -> bool:
        if author in self.suspended and self.holds("a suspended author is hidden"):
            return False
        if viewer == author:
            return True
        if (author, viewer) in self.blocks and self.holds("the blocker is hidden from the blocked"):
            return False
        if (viewer, author) in self.blocks and self.holds("the blocked is hidden from the blocker"):
            return False
        if author in self.protected and self.holds("protected posts are for followers"):
            return (viewer, author) in self.follows
        return True

    def visible(self, viewer: int) -> set[int]:
        return {post for post, (author, _) in self.posts.items() if self.sees(viewer, author)}

    def sees_post(self, viewer: int, post: int) -> bool:
        return self.sees(viewer, self.posts[post][0])

    def liked(self, viewer: int, giver: int) -> set[int]:
        both = self.holds("likes show with their giver and their post")
        seen = {post for who, post in self.likes if who == giver and self.sees_post(viewer, post)}
        return seen if self.sees(viewer, giver) or not both else set()

    def likers(self, viewer: int, post: int) -> set[int]:
        return {
            who for who, what in self.likes if what == post and self.sees(viewer, who) and self.sees_post(viewer, post)
        }

    def reposted(self, viewer: int, by: int) -> set[int]:
        hides = self.holds("a repost is hidden with its original")
        found = {post for who, post in self.reposts if who == by and self.sees(viewer, by)}
        return {post for post in found if self.sees_post(viewer, post) or not hides}

    def bookmarked(self, owner: int) -> set[int]:
        all_of_them = not self.holds("bookmarks show what one still sees")
        return {post for who, post in self.bookmarks if who == owner and (self.sees_post(owner, post) or all_of_them)}

    def connections(self, viewer: int, other: int) -> set[str]:
        there, back = (viewer, other), (other, viewer)
        kept = (
            ("following", there, self.follows),
            ("followed_by", back, self.follows),
            ("follow_request_sent", there, self.requests),
            ("follow_request_received", back, self.requests),
            ("blocking", there, self.blocks),
            ("blocked_by", back, self.blocks),
            ("muting", there, self.mutes),
        )
        return {name for name, pair, pairs in kept if pair in pairs}

    def counts(self, person: int) -> Pair:
        """Followers and followings."""
        return sum(two == person for _, two in self.follows), sum(one == person for one, _ in self.follows)

    # ------------------------------------------------------------------------------------------------------------- acting

    def follow(self, one: int, two: int) -> bool:
        blocked = {(one, two), (two, one)} & self.blocks and self.holds("who is blocked cannot follow")
        if blocked or two in self.suspended:
            return False
        if (one, two) in self.follows:
            return True
        if two in self.protected and self.holds("a follower of a protected account is accepted first"):
            self.requests.add((one, two))
        else:
            self.requests.discard((one, two))
            self.follows.add((one, two))
        return True

    def unfollow(self, one: int, two: int) -> bool:
        self.follows.discard((one, two))
        self.requests.discard((one, two))
        return True

    def remove(self, one: int, two: int) -> bool:
        self.follows.discard((two, one))
        return True

    def accept(self, one: int, two: int) -> bool:
        if (two, one) not in self.requests:
            return False
        self.requests.discard((two, one))
        self.follows.add((two, one))
        return True

    def decline(self, one: int, two: int) -> bool:
        known = (two, one) in self.requests
        self.requests.discard((two, one))
        return known

    def block(self, one: int, two: int) -> bool:
        self.blocks.add((one, two))
        if self.holds("a block ends follows"):
            self.follows.discard((one, two))
        if self.holds("a block ends the other's follows"):
            self.follows.discard((two, one))
        if self.holds("a block ends requests"):
            self.requests -= {(one, two), (two, one)}
        return True

    def unblock(self, one: int, two: int) -> bool:
        self.blocks.discard((one, two))
        return True

    def mute(self, one: int, two: int) -> bool:
        self.mutes.add((one, two))
        return True

    def unmute(self, one: int, two: int) -> bool:
        if self.holds("muting ends with unmuting"):
            self.mutes.discard((one, two))
        return True

    def write(self, one: int, two: int) -> bool:
        blocked = {(one, two), (two, one)} & self.blocks and self.holds("a block stops messages")
        return not blocked and two not in self.suspended

    def may_answer(self, one: int, post: int) -> bool:
        """Whether somebody may reply to a post that is there."""
        if not self.sees(one, self.posts[post][0]):
            return False
        first = self.begun.get(post, post)
        asked = {post, first} if self.holds("what began a conversation says who answers in it") else {post}
        return all(self._admits(one, each) for each in asked if each in self.posts)

    def _admits(self, one: int, post: int) -> bool:
        author, settings = self.posts[post]
        followed = (author, one) in self.follows or not self.holds("following admits whom the author follows")
        return settings == "everyone" or one == author or followed

    def answer(self, one: int, post: int, made: int) -> None:
        self.posts[made] = (one, "everyone")
        self.begun[made] = self.begun.get(post, post)

    def like(self, one: int, post: int) -> bool:
        return self._gives(self.likes, one, post)

    def bookmark(self, one: int, post: int) -> bool:
        return self._gives(self.bookmarks, one, post)

    def repost(self, one: int, post: int) -> bool:
        author = self.posts[post][0]
        closed = author in self.protected and author != one
        if closed and self.holds("protected posts are reposted by nobody else"):
            return False
        return self._gives(self.reposts, one, post)

    def _gives(self, kept: set[Pair], one: int, post: int) -> bool:
        if not self.sees_post(one, post) and self.holds("what is hidden cannot be liked"):
            return False
        kept.add((one, post))
        return True

    def unlike(self, one: int, post: int) -> bool:
        self.likes.discard((one, post))
        return True

    def remove_bookmark(self, one: int, post: int) -> bool:
        self.bookmarks.discard((one, post))
        return True

    def take_back(self, one: int, post: int) -> bool:
        self.reposts.discard((one, post))
        return True

    def delete(self, post: int) -> None:
        if not self.holds("a deleted post is gone"):
            return
        del self.posts[post]
        self.given_to_deleted += sum(what == post for _, what in self.likes)
        self.likes = {pair for pair in self.likes if pair[1] != post}
        self.reposts = {pair for pair in self.reposts if pair[1] != post}
        self.bookmarks = {pair for pair in self.bookmarks if pair[1] != post}

    def all_likes(self) -> int:
        """How many likes the accounts say that they gave, all together."""
        return len(self.likes) + (0 if self.holds("a deleted post takes its likes along") else self.given_to_deleted)
