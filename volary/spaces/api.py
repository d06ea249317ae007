"""Operations on Spaces: by ids, of creators, by words, the posts shared in one, and who bought a ticket for it (C037, C076)."""

from functools import partial
from typing import Annotated, Any, Literal

import msgspec

from volary.access.needs import Need
from volary.api.call import Call, Reply
from volary.api.errors import InvalidRequest, NotPermitted
from volary.api.limits import ONCE_A_SECOND, Quota, limits
from volary.api.listing import PageQuery, listed
from volary.api.operation import operation
from volary.api.pagination import at_token
from volary.api.problems import not_found
from volary.api.query import NoQuery, whole_id
from volary.db.paging import Bounds
from volary.spaces.models import LIVE, SCHEDULED, Space
from volary.spaces.queries.reading import (
    OPEN_STATES,
    space_by_id,
    spaces_by_ids,
    spaces_found,
    spaces_of_creators,
)
from volary.spaces.queries.shared import posts_shared
from volary.spaces.rules import id_of, words_of

_SCOPES = frozenset({"tweet.read", "users.read", "space.read"})
READ = Need(scopes=_SCOPES, app_only=True)
READ_OWN = Need(scopes=_SCOPES)
_LIMITS = limits(app=300, user=300)
_BY_CREATORS = limits(app=(ONCE_A_SECOND, Quota(300)), user=(ONCE_A_SECOND, Quota(300)))
_STATES = {"all": OPEN_STATES, "live": (LIVE,), "scheduled": (SCHEDULED,)}

SpaceId = Annotated[str, msgspec.Meta(pattern="^[a-zA-Z0-9]{1,13}$")]
"""An id as X writes it; one that names no Space is answered as missing."""


class IdsQuery(msgspec.Struct, frozen=True):
    """Up to a hundred ids."""

    ids: Annotated[tuple[SpaceId, ...], msgspec.Meta(min_length=1, max_length=100)]


class CreatorsQuery(msgspec.Struct, frozen=True):
    """Up to a hundred people."""

    user_ids: Annotated[tuple[str, ...], msgspec.Meta(min_length=1, max_length=100)]


class SearchQuery(msgspec.Struct, frozen=True):
    """Words of a title, and the state."""

    query: Annotated[str, msgspec.Meta(min_length=1, max_length=2048)]
    state: Literal["live", "scheduled", "all"] = "all"
    max_results: Annotated[int, msgspec.Meta(ge=1, le=100)] = 100


@operation("GET", "/2/spaces", need=READ, limits=_LIMITS, query=IdsQuery, returns="space")
async def spaces(call: Call[IdsQuery, None]) -> Reply:
    """Several Spaces in the order asked for, and an error for each that is not there for the caller."""
    asked = {text: id_of(text) for text in call.query.ids}
    rows = await spaces_by_ids(call.db, _viewer(call), [one for one in asked.values() if one is not None])
    found = {row.id: row for row in rows}
    there = [found[one] for one in asked.values() if one in found]
    errors = [not_found("space", "ids", text) for text, one in asked.items() if one not in found]
    return await call.many("space", there, errors=errors)


@operation("GET", "/2/spaces/{id}", need=READ, limits=_LIMITS, returns="space")
async def space(call: Call[NoQuery, None]) -> Reply:
    """One Space, if the caller may see it; a hidden one is answered like a missing one."""
    row = await _space(call)
    return await call.one("space", row, _missing(call) if row is None else ())


@operation(
    "GET",
    "/2/spaces/by/creator_ids",
    need=READ,
    limits=_BY_CREATORS,
    query=CreatorsQuery,
    returns="space",
)
async def by_creators(call: Call[CreatorsQuery, None]) -> Reply:
    """The Spaces of some people that are live or announced."""
    creators = list(dict.fromkeys(whole_id(text, "user_ids") for text in call.query.user_ids))
    rows = await spaces_of_creators(call.db, _viewer(call), creators)
    return await call.many("space", rows, meta={"result_count": len(rows)})


@operation("GET", "/2/spaces/search", need=READ, limits=_LIMITS, query=SearchQuery, returns="space")
async def search(call: Call[SearchQuery, None]) -> Reply:
    """The Spaces whose titles have all the words of the query, live or announced."""
    query = call.query
    rows = await spaces_found(call.db, _viewer(call), words_of(query.query), _STATES[query.state], query.max_results)
    return await call.many("space", rows, meta={"result_count": len(rows)})


@operation("GET", "/2/spaces/{id}/tweets", need=READ, limits=_LIMITS, query=PageQuery, returns="post")
async def shared(call: Call[PageQuery, None]) -> Reply:
    """The posts that were shared in a Space and that the caller may see, the last shared first."""
    row = await _space(call)
    if row is None:
        return await call.one("post", None, _missing(call))
    return await listed(call, "post", f"posts in space {row.id}", partial(posts_shared, call.db, _viewer(call), row.id))


@operation("GET", "/2/spaces/{id}/buyers", need=READ_OWN, limits=_LIMITS, query=PageQuery, returns="user")
async def buyers(call: Call[PageQuery, None]) -> Reply:
    """Who bought a ticket: for the creator alone, and nobody, since no tickets are sold here."""
    row = await _space(call)
    if row is None:
        return await call.one("user", None, _missing(call))
    if row.creator_id != call.me:
        raise NotPermitted("Only the creator of a Space may see who bought a ticket for it.")
    at_token(call.db.keys, call.query.pagination_token, Bounds(), f"buyers of {row.id}", str(call.me))
    return await call.many("user", [], meta={"result_count": 0})


def _viewer(call: Call[Any, None]) -> int:
    return call.caller.account_id or 0


async def _space(call: Call[Any, None]) -> Space | None:
    """The Space of the path. Raises InvalidRequest for what is no id."""
    text = call.path["id"]
    if not (text.isascii() and text.isalnum() and len(text) <= 13):
        message = f"The `id` query parameter value [{text[:100]}] does not match ^[a-zA-Z0-9]{{1,13}}$"
        raise InvalidRequest(message, "id", (text[:100],))
    number = id_of(text)
    return None if number is None else await space_by_id(call.db, _viewer(call), number)


def _missing(call: Call[Any, None]) -> list[dict[str, object]]:
    return [not_found("space", "id", call.path["id"])]
