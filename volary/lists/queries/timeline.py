"""What the members of a List post, newest first, at a cost that depends on the page and the number of members alone.

Each member's newest post is one look-up in an index. A page of n posts can only be made by the n members whose newest posts are the
newest, so the others' posts are not looked at; of the n, only the posts that are newer than the first of the others' are sure to be in
their place. Where these are too few (deleted, or hidden from the viewer), more members are taken. Reading upwards is the mirror of it.
"""

import msgspec
from sqlalchemy import ColumnElement, bindparam, func, or_, select

from volary.accounts.models import accounts
from volary.db import Reader, Statement, in_list, statement
from volary.db.paging import Bounds
from volary.kit.ids import LARGEST_ID
from volary.lists.models import list_members, lists
from volary.lists.queries.visibility import owners, shown
from volary.posts.models import PlacedPostRow, posts
from volary.posts.queries.reading import POST_COLUMNS
from volary.posts.queries.visibility import seen


class EdgeRow(msgspec.Struct, frozen=True):
    """A member, and their post that is nearest to where the page begins."""

    account_id: int
    edge: int


_nearest, _chosen, _authors = posts.alias("nearest"), posts.alias("chosen"), accounts.alias("authors")


def _in_order(column: ColumnElement[int], up: bool) -> ColumnElement[int]:
    return column.asc() if up else column.desc()


def _edges(up: bool) -> Statement[EdgeRow]:
    """Members in the order of their nearest posts; those without one come last."""
    nearest = (func.min if up else func.max)(_nearest.c.id)
    edge = (
        select(func.coalesce(nearest, LARGEST_ID if up else 0))
        .where(
            _nearest.c.author_id == list_members.c.account_id,
            _nearest.c.id > bindparam("after"),
            _nearest.c.id < bindparam("before"),
        )
        .scalar_subquery()
        .label("edge")
    )
    return statement(
        select(list_members.c.account_id, edge)
        .select_from(list_members)
        .join(lists, lists.c.id == list_members.c.list_id)
        .join(owners, owners.c.id == lists.c.owner_id)
        .where(list_members.c.list_id == bindparam("list_id"), shown())
        .order_by(_in_order(edge, up))
        .limit(bindparam("count")),
        EdgeRow,
    )


def _posts(up: bool) -> Statement[PlacedPostRow]:
    """The nearest posts of some authors that the viewer may see: so many of each at the most, so that none's history is read."""
    of_one = (
        select(posts.c.id)
        .join(accounts, accounts.c.id == posts.c.author_id)
        .where(
            posts.c.author_id == _authors.c.id,
            posts.c.id > bindparam("after"),
            posts.c.id < bindparam("before"),
            posts.c.replaced_at.is_(None),
            or_(posts.c.repost_of_id.is_(None), bindparam("reposts") == 1),
            seen(),
        )
        .order_by(_in_order(posts.c.id, up))
        .limit(bindparam("count"))
        .correlate(_authors)
    )
    return statement(
        select(*(_chosen.c[column.name] for column in POST_COLUMNS), _chosen.c.id.label("place"))
        .select_from(_authors)
        .join(_chosen, _chosen.c.id.in_(of_one))
        .where(in_list(_authors.c.id, "authors"))
        .order_by(_in_order(_chosen.c.id, up))
        .limit(bindparam("count")),
        PlacedPostRow,
    )


_EDGES, _POSTS = (_edges(False), _edges(True)), (_posts(False), _posts(True))


async def posts_of_members(
    reader: Reader, viewer: int, list_id: int, page: Bounds, count: int, *, reposts: bool = True
) -> list[PlacedPostRow]:
    """One page of a List's posts, newest first, as far as the viewer may see the List and the posts."""
    taken = count
    while True:
        edges = await reader.all(
            _EDGES[page.up], viewer=viewer, list_id=list_id, after=page.after, before=page.before, count=taken + 1
        )
        sure = _sure(page, edges[taken:])
        rows = await reader.all(
            _POSTS[page.up],
            viewer=viewer,
            authors=[one.account_id for one in edges[:taken] if page.after < one.edge < page.before],
            after=sure.after,
            before=sure.before,
            count=count,
            reposts=int(reposts),
        )
        if len(rows) == count or sure == page:
            return rows[::-1] if page.up else rows
        taken *= 4


def _sure(page: Bounds, others: list[EdgeRow]) -> Bounds:
    """The part of the page on which none of the other members has a post."""
    edge = others[0].edge if others else 0
    if not page.after < edge < page.before:
        return page
    return Bounds(page.after, edge, up=True) if page.up else Bounds(edge, page.before)
