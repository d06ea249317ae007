"""The tree of a query, which both engines are asked for, and a plain matcher says the same of a single document."""

from collections.abc import Sequence

import msgspec


class Phrase(msgspec.Struct, frozen=True, tag=True):
    """Tokens that stand one after another; mostly one. `alone`: whether it may be a whole query (X facts 5.8)."""

    tokens: tuple[str, ...]
    alone: bool = True


class Person(msgspec.Struct, frozen=True, tag=True):
    """`from:`, `to:` and `retweets_of:` a username or an account's id: becomes a Phrase when the name is looked up."""

    operator: str
    name: str


class Members(msgspec.Struct, frozen=True, tag=True):
    """`list:` becomes whoever is on the List."""

    list_id: int


class Every(msgspec.Struct, frozen=True, tag=True):
    """All of these, and none of those. `parts` is never empty."""

    parts: tuple["Node", ...]
    without: tuple["Node", ...] = ()


class Some(msgspec.Struct, frozen=True, tag=True):
    """At least one of these."""

    parts: tuple["Node", ...]


Node = Phrase | Person | Members | Every | Some

NEVER = Phrase(("never:",))
"""What no document holds: what is asked of data that nobody has, such as places."""


class Least(msgspec.Struct, frozen=True):
    """Numbers that change while a post is there, so that they stand in no document: `min_likes:` and so on, and `sample:`."""

    likes: int = 0
    replies: int = 0
    reposts: int = 0
    sample: int = 100


class Query(msgspec.Struct, frozen=True):
    """A whole query."""

    root: Node
    least: Least = Least()


def anchored(node: Node) -> bool:
    """Whether a query may consist of this: something in it can stand alone, in each of its alternatives."""
    match node:
        case Phrase():
            return node.alone
        case Every():
            return any(anchored(part) for part in node.parts)
        case Some():
            return all(anchored(part) for part in node.parts)
        case _:
            return True


def leaves_of(node: Node) -> list[Node]:
    """Everything in a tree that holds nothing else."""
    match node:
        case Every(parts=parts, without=without):
            return [leaf for part in (*parts, *without) for leaf in leaves_of(part)]
        case Some(parts=parts):
            return [leaf for part in parts for leaf in leaves_of(part)]
        case _:
            return [node]


def matches(node: Node, document: Sequence[str]) -> bool:
    """Whether a document is found: what the two engines must agree with. People and Lists must have been looked up."""
    match node:
        case Phrase(tokens=tokens):
            size = len(tokens)
            return any(tuple(document[at : at + size]) == tokens for at in range(len(document) - size + 1))
        case Every():
            inside = all(matches(part, document) for part in node.parts)
            return inside and not any(matches(part, document) for part in node.without)
        case Some():
            return any(matches(part, document) for part in node.parts)
        case _:
            raise TypeError(node)


def for_engines(node: Node) -> list[str]:
    """The query in the words of SQLite's FTS5, and in those of PostgreSQL's `tsquery`."""
    return [_fts5(node), _tsquery(node)]


def _fts5(node: Node) -> str:
    match node:
        case Phrase(tokens=tokens):
            return f'"{" ".join(tokens)}"'
        case Every():
            inside = " AND ".join(_fts5(part) for part in node.parts)
            return f"(({inside}) NOT ({' OR '.join(map(_fts5, node.without))}))" if node.without else f"({inside})"
        case Some():
            return f"({' OR '.join(_fts5(part) for part in node.parts)})"
        case _:
            raise TypeError(node)


def _tsquery(node: Node) -> str:
    match node:
        case Phrase(tokens=tokens):
            return "(" + " <-> ".join(f"'{token}'" for token in tokens) + ")"
        case Every():
            inside = [_tsquery(part) for part in node.parts]
            return "(" + " & ".join([*inside, *("!" + _tsquery(part) for part in node.without)]) + ")"
        case Some():
            return f"({' | '.join(_tsquery(part) for part in node.parts)})"
        case _:
            raise TypeError(node)
