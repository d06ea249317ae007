"""The walk that a home timeline is read by: the newest posts of everybody whom an account follows, merged while they are read.

The newest post of each followed account stands with the account; below the edge of a later page it is one step into the index of authors.
Only the accounts of the newest of those can be on the page, and their further posts are merged in by their order, so the cost follows how
many are followed and shown, never how many posts there are. It gives ids alone: who may see which of them is asked when posts are read.
"""

from string import Template

from sqlalchemy import BigInteger, TextualSelect, bindparam, column, text

from volary.db import statement
from volary.db.constructs import EachEngine

_FOLLOWED = """
    SELECT followed_id AS author_id FROM follows
    WHERE follower_id = :viewer AND followed_id NOT IN (SELECT muted_id FROM mutes WHERE muter_id = :viewer)
    UNION ALL SELECT :viewer
"""
_NEXT = "(SELECT $most(p.id) FROM posts p WHERE p.author_id = $author AND p.id > $above AND p.id < $below)"
_NEWEST = """
CASE WHEN accounts.newest_post_id <= :after THEN :after
     WHEN accounts.newest_post_id < :before THEN accounts.newest_post_id
     ELSE coalesce($first, :after) END
"""
_SQLITE = """
WITH RECURSIVE merged (id, author_id) AS (
    SELECT * FROM (
        SELECT $head AS id, a.author_id FROM ($followed) a JOIN accounts ON accounts.id = a.author_id
        ORDER BY 1 $order LIMIT :count
    )
    UNION ALL
    SELECT coalesce($next, $end), merged.author_id FROM merged WHERE merged.id <> $end
    ORDER BY 1 $order LIMIT :count
)
SELECT id FROM merged WHERE id <> $end
"""
# The queue of a recursive WITH is emptied in its ORDER BY, which makes it the merge of sorted lists (https://sqlite.org/lang_with.html).
_POSTGRESQL = """
WITH heads AS MATERIALIZED (
    SELECT $head AS id, a.author_id FROM ($followed) a JOIN accounts ON accounts.id = a.author_id
    ORDER BY 1 $order LIMIT :count
), edge AS MATERIALIZED (
    SELECT CASE WHEN count(*) < :count THEN $end ELSE $least(id) END AS id FROM heads
)
SELECT id FROM heads WHERE id <> $end UNION
SELECT p.id FROM heads CROSS JOIN LATERAL (
    SELECT posts.id FROM posts
    WHERE posts.author_id = heads.author_id AND posts.id > :after AND posts.id < :before
    AND posts.id $within (SELECT id FROM edge)
    ORDER BY posts.id $order LIMIT :count
) p ORDER BY 1 $order LIMIT :count
"""
# Accounts whose newest post lies beyond the page's edge are left out by it; PostgreSQL has no merge that stops in the middle.
_BOUNDS = ("viewer", "after", "before", "count")


def _made(pattern: str, *, up: bool) -> TextualSelect:
    most, least, order, end = ("min", "max", "ASC", ":before") if up else ("max", "min", "DESC", ":after")
    place = Template(_NEXT)
    beyond = {"above": "merged.id", "below": ":before"} if up else {"above": ":after", "below": "merged.id"}
    first = place.substitute(most=most, author="a.author_id", above=":after", below=":before")
    made = Template(pattern).substitute(
        followed=_FOLLOWED,
        head=f"coalesce({first}, :before)" if up else Template(_NEWEST).substitute(first=first),
        next=place.substitute(most=most, author="merged.author_id", **beyond),
        end=end,
        least=least,
        order=order,
        within="<=" if up else ">=",
    )
    return text(made).bindparams(*(bindparam(name, type_=BigInteger()) for name in _BOUNDS)).columns(column("id"))


NEWEST = statement(EachEngine(sqlite=_made(_SQLITE, up=False), postgresql=_made(_POSTGRESQL, up=False)), int)
"""The ids of the `count` newest posts between `after` and `before` of the accounts that `viewer` follows, and of `viewer`."""

OLDEST = statement(EachEngine(sqlite=_made(_SQLITE, up=True), postgresql=_made(_POSTGRESQL, up=True)), int)
"""The same from the old end."""
