"""Lists by pages, newest first, in X's terms: tokens, id and time bounds, and `meta` (X facts 5.4).

Ids grow with time, so a time bound is an id bound, and a page is "the next `count` ids below this one". A token names a page's edge and
its direction; it is good for one operation, caller and set of filters only (SR-279).
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated

import msgspec

from volary.api.errors import InvalidRequest
from volary.api.query import Id, whole_id
from volary.db.paging import Bounds, page_token, place_in
from volary.kit.errors import Invalid
from volary.kit.ids import LARGEST_ID, first_id_at, moment_of
from volary.kit.secrets import Keyring

Token = Annotated[str, msgspec.Meta(min_length=1, max_length=1024)]
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,3})?Z")
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
_BEYOND = moment_of(LARGEST_ID) + 1
"""The first millisecond that no id can name, in the year 2080."""
_OLDER, _NEWER = "older", "newer"


class TimeFilters(msgspec.Struct, frozen=True, kw_only=True):
    """The bounds that timelines take. An id bound overrides a time bound of the same side."""

    start_time: str | None = None
    end_time: str | None = None
    since_id: Id | None = None
    until_id: Id | None = None


def bounds_of(filters: TimeFilters) -> Bounds:
    """The bounds of a timeline request. Raises InvalidRequest for a time that is none and for ends that cross (SR-281)."""
    after = first_id_at(moment_in(filters.start_time, "start_time")) - 1 if filters.start_time else 0
    before = first_id_at(moment_in(filters.end_time, "end_time")) if filters.end_time else LARGEST_ID
    if filters.start_time and filters.end_time and after + 1 >= before:
        raise InvalidRequest("The `end_time` must be later than the `start_time`.", "end_time", (filters.end_time,))
    if filters.since_id:
        after = whole_id(filters.since_id, "since_id")
    if filters.until_id:
        before = whole_id(filters.until_id, "until_id")
        if after >= before:
            raise InvalidRequest("The `until_id` must be larger than the `since_id`.", "until_id", (filters.until_id,))
    return Bounds(max(0, after), before)


def at_token(keys: Keyring, token: str | None, bounds: Bounds, *bound: str) -> Bounds:
    """The bounds moved to the page that a token names. Raises InvalidRequest for a token not made for this very list."""
    if token is None:
        return bounds
    try:
        way, edge = place_in(keys, token, tuple[str, int], *bound)
    except Invalid as refusal:
        message = "The `pagination_token` query parameter value is not valid for this request."
        raise InvalidRequest(message, "pagination_token", (token[:100],)) from refusal
    if way == _NEWER:
        return Bounds(max(bounds.after, edge), bounds.before, up=True)
    return Bounds(bounds.after, min(bounds.before, edge))


def meta_of(
    keys: Keyring, ids: Sequence[int], page: Bounds, *bound: str, more: bool, first: bool, edges: bool = True
) -> Mapping[str, object]:
    """`meta` of one page, whose ids stand newest first.

    `more`: whether the page's own direction goes on. `first`: whether no token was given, so that nothing newer is known.
    """
    meta: dict[str, object] = {"result_count": len(ids)}
    if not ids:
        return meta
    if edges:
        meta["newest_id"], meta["oldest_id"] = str(ids[0]), str(ids[-1])
    if more or page.up:
        meta["next_token"] = page_token(keys, (_OLDER, ids[-1]), *bound)
    if (more and page.up) or (not first and not page.up):
        meta["previous_token"] = page_token(keys, (_NEWER, ids[0]), *bound)
    return meta


def going_on(keys: Keyring, edge: int, *bound: str, up: bool) -> Mapping[str, object]:
    """The token of a page that is short of posts, though its list goes on: it was cut off at `edge`, where nothing is shown."""
    name, way = ("previous_token", _NEWER) if up else ("next_token", _OLDER)
    return {name: page_token(keys, (way, edge), *bound)}


def moment_in(text: str, parameter: str) -> int:
    """A request's time in milliseconds since 1970: `YYYY-MM-DDTHH:mm:ssZ`, with or without a fraction.

    A time beyond all ids is refused like one that is none.
    """
    if _TIME.fullmatch(text):
        try:
            at = max(0, (datetime.fromisoformat(text) - _BEGINNING) // timedelta(milliseconds=1))
        except (ValueError, OverflowError):
            at = _BEYOND
        if at < _BEYOND:
            return at
    message = f"The `{parameter}` query parameter value [{text[:100]}] is not a valid time (YYYY-MM-DDTHH:mm:ssZ)"
    raise InvalidRequest(message, parameter, (text[:100],))
