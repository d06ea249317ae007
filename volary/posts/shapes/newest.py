"""What users of v2 show of their posts: the newest one, which accounts do not know themselves (X facts 5.2).

The pinned one that X has beside it is nobody's here: there is no call that pins a post.
"""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from volary.access.caller import Caller
from volary.api.kinds import Expansion, Kind, Row, View
from volary.db import Reader
from volary.posts.queries.newest import newest_of

NAMES = ("most_recent_tweet_id", "most_recent_post_id")
"""The field in both vocabularies; it is shown under the name by which it is asked for."""


async def most_recent(reader: Reader, rows: Sequence[Row], view: View) -> Mapping[int, object]:
    """The id of each user's newest post, as far as the caller may see it."""
    found = await newest_of(reader, view.caller.account_id or 0, [row.id for row in rows])
    return {account_id: str(post_id) for account_id, post_id in found.items()}


async def _ids(reader: Reader, caller: Caller, rows: Sequence[Row]) -> Iterable[int]:
    return (await newest_of(reader, caller.account_id or 0, [row.id for row in rows])).values()


def with_newest(user: Kind) -> Kind:
    """The kind of users, leading to their newest posts as well."""
    ways = (Expansion(frozenset({name}), "post", shows=name, look_up=_ids) for name in NAMES)
    return msgspec.structs.replace(user, expansions=(*user.expansions, *ways))
