"""What of a post can be edited, how long and how often (X facts 5.5).

Each edit makes a version with an id of its own. `versions` of a post that was edited holds the ids of all of them, the first one first.
"""

from typing import Protocol

from volary.kit.clock import MINUTE
from volary.kit.ids import moment_of

WINDOW = 30 * MINUTE
"""How long a post can be edited, counted from its first version."""

MOST = 5
"""How often a post can be edited."""


class Post(Protocol):
    """What the rules look at."""

    @property
    def id(self) -> int: ...
    @property
    def author_id(self) -> int: ...
    @property
    def reply_to_id(self) -> int | None: ...
    @property
    def reply_to_author_id(self) -> int | None: ...
    @property
    def repost_of_id(self) -> int | None: ...
    @property
    def poll_id(self) -> int | None: ...
    @property
    def versions(self) -> str: ...
    @property
    def created_at(self) -> int: ...
    @property
    def replaced_at(self) -> int | None: ...


def versions_of(post: Post) -> tuple[int, ...]:
    """The ids of all versions, the first one first; the post's own alone where it was never edited."""
    return tuple(int(one) for one in post.versions.split()) if post.versions else (post.id,)


def eligible(post: Post) -> bool:
    """Whether a post of this kind can be edited at all: no poll, no repost, and no answer to somebody else."""
    answers_another = post.reply_to_id is not None and post.reply_to_author_id != post.author_id
    return post.poll_id is None and post.repost_of_id is None and not answers_another


def edits_left(post: Post) -> int:
    """How often it can still be edited, as far as the number goes."""
    return max(0, MOST + 1 - len(versions_of(post)))


def editable_until(post: Post) -> int:
    """The moment at which the time for editing ends, the same for all versions."""
    return (moment_of(versions_of(post)[0]) if post.versions else post.created_at) + WINDOW


def editable(post: Post, now: int) -> bool:
    """Whether this version can be edited at this moment: nothing but the newest one can."""
    return eligible(post) and post.replaced_at is None and edits_left(post) > 0 and now < editable_until(post)
