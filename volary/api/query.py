"""Query strings into typed structs, with X's words for what is wrong (X facts 4.4, 5.1).

An operation declares a struct; its fields are the parameters that it takes. Text becomes what the field says: whole numbers within
bounds, comma-separated tuples, or text. Unknown and repeated parameters are refused.
"""

import re
from functools import lru_cache
from typing import Annotated, TypeVar, get_args, get_origin, get_type_hints
from urllib.parse import unquote_plus

import msgspec

from volary.api.errors import InvalidRequest
from volary.api.fields import SELECTORS
from volary.kit.ids import LARGEST_ID

Id = Annotated[str, msgspec.Meta(pattern="^[0-9]{1,19}$")]
"""An id as X writes it; `whole_id` makes the number."""

Q = TypeVar("Q", bound=msgspec.Struct)
Pairs = tuple[tuple[str, str], ...]
_WHOLE = re.compile(r"-?[0-9]{1,18}")


class NoQuery(msgspec.Struct, frozen=True):
    """An operation that takes no parameters of its own."""


@lru_cache(maxsize=1024)
def pairs_of(query: bytes) -> Pairs:
    """The decoded pairs of a query string, in their order. Raises InvalidRequest for text that is not UTF-8 or too much of it."""
    if not query:
        return ()
    try:
        parts = [part.partition("=") for part in query.decode("ascii").split("&") if part]
        pairs = tuple(
            (unquote_plus(name, errors="strict"), unquote_plus(value, errors="strict")) for name, _, value in parts
        )
    except UnicodeDecodeError:
        raise InvalidRequest("The query string is not valid UTF-8.") from None
    if len(pairs) > 100:
        raise InvalidRequest("The request has too many query parameters.")
    return pairs


def split(
    pairs: Pairs, shape: type[msgspec.Struct], selectors: bool, *, strict: bool = True
) -> tuple[dict[str, str], Pairs]:
    """An operation's own parameters, and the selecting ones. Raises InvalidRequest for repeated names, and for unknown ones unless
    `strict` is off, when they are passed over as v1.1 always did.
    """
    names = _parameters(shape)
    own: dict[str, str] = {}
    selecting: list[tuple[str, str]] = []
    for name, value in pairs:
        if name in own or any(name == seen for seen, _ in selecting):
            raise InvalidRequest(f"Duplicate parameters are not allowed: the `{name}` query parameter", name, (value,))
        if name in names:
            own[name] = value
        elif selectors and (name in SELECTORS or name == "expansions"):
            selecting.append((name, value))
        elif strict:
            known = ",".join(sorted({*names, *((*SELECTORS, "expansions") if selectors else ())}))
            raise InvalidRequest(
                f"The query parameter [{name[:100]}] is not one of [{known}]", name[:100], (value[:100],)
            )
    return own, tuple(selecting)


def converted(values: dict[str, str], shape: type[Q]) -> Q:
    """The values as the struct's types. Raises InvalidRequest that names the parameter."""
    lists, numbers = _fields_of(shape, tuple), _fields_of(shape, int)
    raw: dict[str, object] = {}
    for name, value in values.items():
        if name in numbers and not _WHOLE.fullmatch(value):
            message = f"The `{name}` query parameter value [{value[:100]}] is not valid: expected a whole number"
            raise InvalidRequest(message, name, (value[:100],))
        raw[name] = tuple(value.split(",")) if name in lists else value
    try:
        return msgspec.convert(raw, shape, strict=False)
    except msgspec.ValidationError as error:
        raise _invalid(str(error), values) from None


def whole_id(text: str, parameter: str) -> int:
    """An id as a number. Raises InvalidRequest for anything but 1 to 19 ASCII digits (SR-277)."""
    if not (text.isascii() and text.isdigit() and len(text) <= 19):
        message = f"The `{parameter}` query parameter value [{text[:100]}] is not valid"
        raise InvalidRequest(message, parameter, (text[:100],))
    return min(int(text), LARGEST_ID)


def _invalid(complaint: str, values: dict[str, str]) -> InvalidRequest:
    """X's sentence for msgspec's complaint, such as "Expected `int` >= 5 - at `$.max_results`"."""
    sentence, _, place = complaint.partition(" - at `$.")
    if not place:
        missing = complaint.rpartition("field `")[2].rstrip("`")
        return InvalidRequest(f"The `{missing}` query parameter can not be empty", missing, ())
    name = place.rstrip("`").partition("[")[0]
    value = values.get(name, "")[:100]
    why = sentence.replace("Expected", "expected", 1).replace("`", "")[:200]
    message = f"The `{name}` query parameter value [{value}] is not valid: {why}"
    return InvalidRequest(message, name, (value,))


@lru_cache
def _parameters(shape: type[msgspec.Struct]) -> frozenset[str]:
    return frozenset(one.encode_name for one in msgspec.structs.fields(shape))


@lru_cache
def _fields_of(shape: type[msgspec.Struct], kind: type) -> frozenset[str]:
    """The parameters whose values are of a kind, bounded or optional or not."""
    hints = get_type_hints(shape, include_extras=True)
    return frozenset(one.encode_name for one in msgspec.structs.fields(shape) if _is_of(hints[one.name], kind))


def _is_of(hint: object, kind: type) -> bool:
    if get_origin(hint) is Annotated:
        hint = get_args(hint)[0]
    return hint is kind or get_origin(hint) is kind or any(_is_of(part, kind) for part in _members(hint))


def _members(hint: object) -> tuple[object, ...]:
    """The members of a union; a tuple's own items are not."""
    return () if get_origin(hint) is tuple else get_args(hint)
