"""Reading a query: words, phrases, operators, `-`, OR and groups, into one tree (X facts 5.8).

A blank means and, and binds closer than OR. Whatever is sent, the outcome is a tree or a BadQuery.
"""

import re

import msgspec

from volary.search.errors import BadQuery, TooLongQuery
from volary.search.rules.operators import LEAST, Wrong, least_of, node_of
from volary.search.rules.tokens import tag, words
from volary.search.rules.tree import Every, Least, Members, Node, Phrase, Query, Some, anchored, leaves_of

RECENT, ALL = 512, 1024
"""How long a query may be: of the last days, and of everything."""
_DEEPEST = 20

_PART = re.compile(
    r"(?P<blank>\s+)|(?P<open>-?\()|(?P<close>\))"
    r'|(?P<minus>-?)(?:(?P<operator>[A-Za-z_]+):(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<listed>\[[^\]]*\])|(?P<value>[^\s()"]*))'
    r'|"(?P<phrase>(?:[^"\\]|\\.)*)"|(?P<word>[^\s()"]+))'
)
_SIGNED = re.compile(r"([#\uff03$@\uff20])([\w\u0300-\u036f\u0900-\u0dff]+)")
_STRAY = "no viable alternative at input '\"'"


class _Part(msgspec.Struct, frozen=True):
    """A piece of a query: `(`, `)`, `OR`, or a node, perhaps with a minus before it."""

    sign: str
    place: int
    node: Node | None = None
    negated: bool = False


def parsed(query: str, longest: int = RECENT) -> Query:
    """The tree of a query. Raises BadQuery and TooLongQuery, and nothing else."""
    if len(query) > longest:
        raise TooLongQuery(query, longest)
    return _Reader(query).whole()


class _Reader:
    def __init__(self, query: str) -> None:
        self._query = query
        self._least: dict[str, int] = {}
        self._parts: list[_Part] = []
        self._depth = 0
        self._at = 0
        self._split()

    def whole(self) -> Query:
        """The tree of everything."""
        if not any(part.node for part in self._parts):
            raise self._bad("Rules must contain at least one positive, non-stopword clause", 1)
        root = self._either()
        if self._at < len(self._parts):
            raise self._bad("extraneous input ')'", self._parts[self._at].place)
        if not anchored(root):
            raise self._bad(
                "The query needs an operator that can stand alone, such as a keyword, `from:` or `#`, in each alternative"
            )
        if sum(isinstance(leaf, Members) for leaf in leaves_of(root)) > 1:
            raise self._bad("'list' can stand once in a query")
        return Query(root, Least(**self._least))

    def _either(self) -> Node:
        """Alternatives."""
        found = [self._every()]
        while self._sign() == "OR":
            self._at += 1
            found.append(self._every())
        return found[0] if len(found) == 1 else Some(tuple(found))

    def _every(self) -> Node:
        """What stands side by side."""
        first = self._at
        parts: list[Node] = []
        without: list[Node] = []
        while (sign := self._sign()) not in {"OR", ")", ""}:
            part = self._parts[self._at]
            self._at += 1
            if sign == "(":
                parts.append(self._group(part))
            elif part.node is not None:
                (without if part.negated else parts).append(part.node)
        if not parts:
            self._refuse_empty(first, negated=bool(without))
        return parts[0] if len(parts) == 1 and not without else Every(tuple(parts), tuple(without))

    def _group(self, opened: _Part) -> Node:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise self._bad(f"groups are nested more than {_DEEPEST} deep", opened.place)
        inside = self._either()
        if self._sign() != ")":
            raise self._bad("missing ')'", len(self._query) + 1)
        self._at += 1
        self._depth -= 1
        return inside

    def _refuse_empty(self, first: int, *, negated: bool) -> None:
        at = self._parts[first].place if first < len(self._parts) else len(self._query) + 1
        if negated:
            raise self._bad("a negation needs something beside it that is not negated", at)
        raise self._bad(f"no viable alternative at input '{self._sign() or '<EOF>'}'", at)

    def _sign(self) -> str:
        return self._parts[self._at].sign if self._at < len(self._parts) else ""

    def _bad(self, what: str, place: int | None = None) -> BadQuery:
        return BadQuery(what, self._query, place)

    # ----------------------------------------------------------------------------------------------------------- pieces

    def _split(self) -> None:
        place = 0
        while place < len(self._query):
            found = _PART.match(self._query, place)
            if found is None:
                raise self._bad(_STRAY, place + 1)
            if found["open"] == "-(":
                raise self._bad("a group cannot be negated", place + 1)
            if found["open"] or found["close"]:
                self._parts.append(_Part(found[0], place + 1))
            elif found["word"] == "OR" and not found["minus"]:
                self._parts.append(_Part("OR", place + 1))
            elif not found["blank"]:
                self._take(found, place + 1)
            place = found.end()
        if self._least:
            self._refuse_least_in_alternatives()

    def _take(self, found: re.Match[str], place: int) -> None:
        negated = found["minus"] == "-"
        operator = (found["operator"] or "").lower()
        if operator in LEAST:
            self._take_least(operator, _value(found), negated, place)
            return
        node = self._asked(operator, found, place) if operator else self._said(found, place)
        if node == Phrase(("is:nullcast",), alone=False) and not negated:
            raise self._bad("'is:nullcast' can only be negated", place)
        self._parts.append(_Part("node", place, node, negated))

    def _take_least(self, operator: str, value: str, negated: bool, place: int) -> None:
        inside = sum((part.sign == "(") - (part.sign == ")") for part in self._parts) > 0
        if negated or inside or LEAST[operator] in self._least:
            raise self._bad(f"'{operator}' can stand once in a query, outside of groups, and not be negated", place)
        try:
            self._least[LEAST[operator]] = least_of(operator, value)
        except Wrong as error:
            raise self._bad(str(error), place) from error

    def _refuse_least_in_alternatives(self) -> None:
        if any(part.sign == "OR" for part in self._outside_groups()):
            raise self._bad("a number that is asked for counts for the whole query: put the alternatives into a group")

    def _outside_groups(self) -> list[_Part]:
        depth, found = 0, []
        for part in self._parts:
            depth += (part.sign == "(") - (part.sign == ")")
            if depth == 0:
                found.append(part)
        return found

    def _asked(self, operator: str, found: re.Match[str], place: int) -> Node:
        try:
            node = node_of(operator, _value(found))
        except Wrong as error:
            raise self._bad(str(error), place) from error
        if node is None:
            raise self._bad(f"Reference to invalid operator '{operator[:50]}'. Operator is not available here", place)
        return node

    def _said(self, found: re.Match[str], place: int) -> Node:
        """A word, a phrase, or a name with its sign."""
        text = found["word"]
        if text is not None and (signed := _SIGNED.fullmatch(text)) and (name := tag(signed[2])):
            sign = {"\uff03": "#", "\uff20": "@"}.get(signed[1], signed[1])
            return Phrase((sign + name,))
        tokens = words(text if text is not None else _unescaped(found["phrase"]))
        if not tokens:
            raise self._bad("Rules must contain at least one positive, non-stopword clause", place)
        return Phrase(tuple(tokens))


def _value(found: re.Match[str]) -> str:
    return _unescaped(found["quoted"]) if found["quoted"] is not None else found["listed"] or found["value"] or ""


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)
