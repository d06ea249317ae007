"""The posts that a query finds: by time, or by how much people had to do with them."""

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import BigInteger, ColumnElement, Select, bindparam, select

from volary.accounts.queries import ids_of_usernames
from volary.db import Reader, Value, statement
from volary.db.constructs import EachEngine
from volary.db.paging import Bounds
from volary.lists.queries.people import members_of
from volary.posts.models import PostRow
from volary.posts.queries.reading import POST_COLUMNS
from volary.search.models import EdgeRow
from volary.search.queries.matching import edge, newest
from volary.search.rules.tree import (
    NEVER,
    Every,
    Least,
    Members,
    Node,
    Person,
    Phrase,
    Query,
    Some,
    for_engines,
    leaves_of,
)

LISTED = 1_000
"""How many members of a List are looked for, the newest ones."""

RANKED = 500
"""How many of the newest posts are put into the order of relevance."""

_ROUNDS = 10
_NEWEST = statement(
    newest(lambda: select(*POST_COLUMNS), lambda chosen, at: chosen.order_by(at.desc()).limit(bindparam("count"))),
    PostRow,
)
_EDGE = statement(edge(), EdgeRow)


def _ranked() -> EachEngine:
    """The newest that are found, the most liked, reposted, answered and quoted of them first."""

    def finish(chosen: Select[Any], at: ColumnElement[int]) -> Select[Any]:
        some = chosen.order_by(at.desc()).limit(RANKED).subquery("newest")
        score = some.c.like_count + 2 * (some.c.repost_count + some.c.quote_count) + some.c.reply_count
        page = select(*some.c).order_by(score.desc(), some.c.id.desc())
        return page.limit(bindparam("count")).offset(bindparam("skipped", type_=BigInteger()))

    return newest(lambda: select(*POST_COLUMNS), finish)


_RELEVANT = statement(_ranked(), PostRow)


async def oldest_of(reader: Reader, query: Query, page: Bounds, look: int) -> EdgeRow | None:
    """How many there are of the `look` newest posts that a query finds, and the oldest of them, whoever may see them."""
    return await reader.one(_EDGE, **asked(query, page), look=look)


async def newest_found(reader: Reader, viewer: int, query: Query, page: Bounds, count: int) -> list[PostRow]:
    """The newest posts that a query finds and the viewer may see. The query's people must have been looked up."""
    found: list[PostRow] = []
    look = count + count // 4 + 10
    for _ in range(_ROUNDS):
        about = {**asked(query, page), "look": look}
        found += await reader.all(_NEWEST, **about, **least_of(query), viewer=viewer, count=count - len(found))
        if len(found) == count:
            break
        reached = await oldest_of(reader, query, page, look)
        if reached is None or reached.looked < look:
            break
        page, look = Bounds(page.after, reached.oldest), 4 * look
    return found


async def most_relevant_found(
    reader: Reader, viewer: int, query: Query, page: Bounds, skipped: int, count: int
) -> list[PostRow]:
    """The same in the order of relevance, after so many."""
    about = {**asked(query, page), **least_of(query)}
    return await reader.all(_RELEVANT, **about, viewer=viewer, look=2 * RANKED, skipped=skipped, count=count)


def asked(query: Query, page: Bounds) -> dict[str, Value]:
    """What finds posts in an index."""
    return {"match": for_engines(query.root), "after": page.after, "before": page.before}


def least_of(query: Query) -> dict[str, int]:
    """What is asked of the posts that were found."""
    return {name: getattr(query.least, name) for name in Least.__struct_fields__}


async def looked_up(reader: Reader, viewer: int, query: Query) -> Query:
    """The query with ids for the usernames and Lists in it. What is not there, or not for the viewer, finds nothing."""
    leaves = leaves_of(query.root)
    names = sorted({one.name for one in leaves if isinstance(one, Person) and not one.name.isdigit()})
    known = _Known(await ids_of_usernames(reader, names) if names else {}, {})
    for one in leaves:
        if isinstance(one, Members):
            members = await members_of(reader, viewer, one.list_id, Bounds(), LISTED)
            known.lists[one.list_id] = [member.id for member in members]
    return msgspec.structs.replace(query, root=_settled(query.root, known))


class _Known(msgspec.Struct, frozen=True):
    """The ids behind usernames, and who is on Lists."""

    people: dict[str, int]
    lists: dict[int, list[int]]


def _settled(node: Node, known: _Known) -> Node:
    match node:
        case Person(operator=operator, name=name):
            id = int(name) if name.isdigit() else known.people.get(name)
            return Phrase((f"{operator}:{id}",)) if id else NEVER
        case Every(parts=parts, without=without):
            return Every(_all_settled(parts, known), _all_settled(without, known))
        case Some(parts=parts):
            return Some(_all_settled(parts, known))
        case Members(list_id=list_id):
            members = tuple(Phrase((f"from:{one}",)) for one in known.lists[list_id])
            return Some(members) if members else NEVER
        case _:
            return node


def _all_settled(nodes: Sequence[Node], known: _Known) -> tuple[Node, ...]:
    return tuple(_settled(node, known) for node in nodes)
