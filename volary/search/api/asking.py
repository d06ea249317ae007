"""What searching and counting have in common: the parameters, and the stretch of time that they speak of."""

from typing import Annotated

import msgspec

from volary.api.errors import InvalidRequest
from volary.api.pagination import TimeFilters, Token, bounds_of
from volary.db import Reader
from volary.db.paging import Bounds
from volary.kit.clock import DAY
from volary.kit.ids import first_id_at

LONGEST_QUERY = 4_096
"""The contract's bound. Each operation has one of its own below it."""

_RECENT = 7 * DAY


class SearchFilters(TimeFilters, frozen=True, kw_only=True):
    """The query, its bounds and the token, which has two names (X facts 5.4)."""

    query: Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST_QUERY)]
    next_token: Token | None = None
    pagination_token: Token | None = None


def bounds_in(filters: SearchFilters) -> Bounds:
    """The bounds that were asked for."""
    return bounds_of(filters)


def window(reader: Reader, bounds: Bounds) -> Bounds:
    """The bounds, cut to the last seven days: what is older is not searched there (X facts 5.4)."""
    return Bounds(max(bounds.after, first_id_at(reader.now - _RECENT) - 1), bounds.before)


def invalid_token(filters: SearchFilters) -> InvalidRequest:
    """The refusal of a token that was not made for this very query and caller."""
    name = "next_token" if filters.next_token else "pagination_token"
    text = filters.next_token or filters.pagination_token or ""
    return InvalidRequest(f"The `{name}` query parameter value is not valid for this request.", name, (text[:100],))
