"""Finding people by their usernames and names, and the accounts of an organization (X facts 6)."""

from functools import partial
from typing import Annotated

import msgspec

from volary.access.levels import Level
from volary.access.needs import Need
from volary.accounts.models import ACTIVE
from volary.accounts.queries import account_by_id, accounts_found, affiliates_of
from volary.accounts.rules.words import asked_words
from volary.api.call import Call, Reply
from volary.api.errors import InvalidRequest
from volary.api.limits import limits
from volary.api.listing import listed
from volary.api.operation import operation
from volary.api.pagination import Token
from volary.api.problems import not_found
from volary.db.paging import page_token, place_in
from volary.kit.errors import Invalid

_SCOPES = frozenset({"tweet.read", "users.read"})


class SearchQuery(msgspec.Struct, frozen=True):
    """Whom to look for."""

    query: str
    max_results: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 100
    next_token: Token | None = None


class AffiliatesQuery(msgspec.Struct, frozen=True):
    """The parameters of an organization's accounts."""

    max_results: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 100
    pagination_token: Token | None = None


@operation(
    "GET",
    "/2/users/search",
    need=Need(oauth1=Level.READ, scopes=_SCOPES),
    limits=limits(app=300, user=900),
    query=SearchQuery,
    returns="user",
)
async def search(call: Call[SearchQuery, None]) -> Reply:
    """Active accounts of which every word of the query begins a word of the username or name; whole words come first."""
    query, keys = call.query, call.db.keys
    words = asked_words(query.query)
    if words is None:
        message = f"The `query` query parameter value [{query.query[:100]}] does not match ^[A-Za-z0-9_' ]{{1,50}}$"
        raise InvalidRequest(message, "query", (query.query[:100],))
    bound = ("people found", str(call.me), *words)
    after = (b"", 0)
    if query.next_token is not None:
        try:
            word, place = place_in(keys, query.next_token, tuple[str, int], *bound)
        except Invalid as refusal:
            message = "The `next_token` query parameter value is not valid for this request."
            raise InvalidRequest(message, "next_token", (query.next_token[:100],)) from refusal
        after = (word.encode(), place)
    rows = await accounts_found(call.db, words, query.max_results + 1, after)
    shown, meta = rows[: query.max_results], None
    if len(rows) > len(shown):
        meta = {"next_token": page_token(keys, (shown[-1].word.decode(), shown[-1].id), *bound)}
    return await call.many("user", shown, meta=meta)


@operation(
    "GET",
    "/2/users/{id}/affiliates",
    need=Need(oauth1=Level.READ, scopes=_SCOPES, app_only=True),
    limits=limits(app=75, user=75),
    query=AffiliatesQuery,
    returns="user",
)
async def affiliates(call: Call[AffiliatesQuery, None]) -> Reply:
    """The accounts that belong to an organization's, as the operator says."""
    organization = call.id_in_path()
    row = await account_by_id(call.db, organization)
    if row is None or row.state != ACTIVE:
        return await call.one("user", None, [not_found("user", "id", call.path["id"])])
    return await listed(call, "user", f"affiliates of {organization}", partial(affiliates_of, call.db, organization))
