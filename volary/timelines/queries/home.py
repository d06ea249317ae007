"""The home timeline: posts and reposts of whom an account follows, and its own (X facts 6; C036, C037).

Left out are a reply to somebody whom one does not follow, what muted accounts wrote, also where somebody else reposts it, and with every
list what the viewer may not see.
"""

import msgspec
from sqlalchemy import BigInteger, bindparam, exists, not_, or_, select

from volary.accounts.models import accounts
from volary.db import Reader, in_list, statement
from volary.db.paging import Bounds
from volary.graph.models import mutes
from volary.graph.queries.visibility import follow_exists
from volary.kit.clock import DAY
from volary.kit.ids import LARGEST_ID, first_id_at
from volary.posts.models import PostRow, posts
from volary.posts.queries.reading import POST_COLUMNS
from volary.posts.queries.visibility import seen
from volary.timelines.queries.walk import NEWEST, OLDEST

DEEPEST = 3_200
"""How many posts one page looks at, at most; a page that does not fill by then is short, and its token goes on from there."""
ALWAYS_THERE, ALWAYS_BACK = 3_200, 7 * DAY
"""A home timeline reaches back seven days, and 3,200 posts however old they are (X facts 5.4)."""

_VIEWER = bindparam("viewer", type_=BigInteger())
_ORIGINALS = posts.alias("muted_originals")
_ANSWERED = posts.c.reply_to_author_id
_SHOWN = statement(
    select(*POST_COLUMNS)
    .join(accounts, accounts.c.id == posts.c.author_id)
    .where(
        in_list(posts.c.id, "ids"),
        seen(),
        posts.c.replaced_at.is_(None),
        or_(bindparam("replies", type_=BigInteger()) == 1, posts.c.reply_to_id.is_(None)),
        or_(bindparam("reposts", type_=BigInteger()) == 1, posts.c.repost_of_id.is_(None)),
        or_(
            _ANSWERED.is_(None),
            posts.c.author_id == _ANSWERED,
            _ANSWERED == _VIEWER,
            posts.c.author_id == _VIEWER,
            follow_exists(_VIEWER, _ANSWERED),
        ),
        or_(
            posts.c.repost_of_id.is_(None),
            not_(
                exists(
                    select(_ORIGINALS.c.id)
                    .join(mutes, mutes.c.muted_id == _ORIGINALS.c.author_id)
                    .where(_ORIGINALS.c.id == posts.c.repost_of_id, mutes.c.muter_id == _VIEWER)
                )
            ),
        ),
    ),
    PostRow,
)


class Slice(msgspec.Struct, frozen=True):
    """A page of a timeline, newest first. `more`: whether its direction goes on. `edge`: where, if not at its last post."""

    rows: list[PostRow]
    more: bool
    edge: int | None = None


async def home(
    reader: Reader,
    viewer: int,
    page: Bounds,
    count: int,
    *,
    replies: bool = True,
    reposts: bool = True,
    deepest: int = DEEPEST,
    reach: int = ALWAYS_THERE,
) -> Slice:
    """One page of an account's home timeline, which has an end (X facts 5.4)."""
    week = first_id_at(reader.now - ALWAYS_BACK)
    if page.after < week and (page.up or page.before <= week):
        page = msgspec.structs.replace(page, after=max(page.after, await end_of(reader, viewer, reach)))
    found = await _page(reader, viewer, page, count, replies=replies, reposts=reposts, deepest=deepest)
    lowest = found.edge if found.edge is not None else found.rows[-1].id if found.rows else week
    if not page.up and lowest < week < page.before:
        end = await end_of(reader, viewer, reach)
        if lowest <= end:
            return Slice([row for row in found.rows if row.id > end], more=False)
    return found


async def end_of(reader: Reader, viewer: int, reach: int = ALWAYS_THERE) -> int:
    """The id at and below which an account's home timeline shows nothing any more."""
    newest = await reader.all(NEWEST, viewer=viewer, after=0, before=LARGEST_ID, count=reach + 1)
    return min(first_id_at(reader.now - ALWAYS_BACK), newest[-1]) if len(newest) > reach else 0


async def _page(
    reader: Reader, viewer: int, page: Bounds, count: int, *, replies: bool, reposts: bool, deepest: int
) -> Slice:
    walk, after, before = OLDEST if page.up else NEWEST, page.after, page.before
    found: list[PostRow] = []
    looked, step = 0, count + count // 2 + 1
    while looked < deepest:
        ids = await reader.all(walk, viewer=viewer, after=after, before=before, count=step)
        rows = await reader.all(_SHOWN, ids=ids, viewer=viewer, replies=int(replies), reposts=int(reposts))
        found += sorted(rows, key=lambda row: row.id, reverse=not page.up)
        if len(found) > count:
            return Slice(_newest_first(found[:count], page), more=True)
        if len(ids) < step:
            return Slice(_newest_first(found, page), more=False)
        after, before = (ids[-1], before) if page.up else (after, ids[-1])
        looked, step = looked + step, 2 * step
    return Slice(_newest_first(found, page), more=True, edge=after if page.up else before)


def _newest_first(rows: list[PostRow], page: Bounds) -> list[PostRow]:
    return rows[::-1] if page.up else rows
