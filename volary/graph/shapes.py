"""The graph on X's wire: fields of a user that depend on who looks, why somebody's things are not shown, and bodies of requests."""

from collections.abc import Mapping, Sequence

import msgspec

from volary.accounts.models import ACTIVE, SUSPENDED, AccountRow
from volary.accounts.queries import account_by_id
from volary.accounts.shapes import user_v1
from volary.api.kinds import Row, View
from volary.api.problems import not_authorized, not_found, suspended
from volary.api.query import Id
from volary.db import Reader
from volary.graph.queries.connections import connections
from volary.graph.queries.visibility import NOBODY, may_see

_SCOPES = {
    "following": "follows.read",
    "followed_by": "follows.read",
    "follow_request_sent": "follows.read",
    "follow_request_received": "follows.read",
    "blocking": "block.read",
    "muting": "mute.read",
}
"""X's words for `connection_status`, and the permission that a person gave for an app to know each."""


class Target(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body of following, blocking and muting."""

    target_user_id: Id


async def connection_status(reader: Reader, rows: Sequence[Row], view: View) -> Mapping[int, object]:
    """What connects the caller's account with each user (X facts 5.2), as far as the app may know it. Nothing for an app on its own."""
    if view.caller.account_id is None:
        return {}
    found = await connections(reader, view.caller.account_id, [row.id for row in rows])
    known = [how for how, scope in _SCOPES.items() if scope in view.caller.scopes]
    return {one: [how for how in known if how in hows] for one, hows in found.items()}


async def why_unseen(
    reader: Reader, viewer: int, account_id: int, parameter: str, value: str
) -> dict[str, object] | None:
    """The partial error that says why a viewer is not shown what an account made, or None when it may be shown.

    It says more than a missing post does, since the account itself is public. Mostly one look-up, or none: the account was just read.
    """
    account = await account_by_id(reader, account_id)
    if account is None or account.state not in {ACTIVE, SUSPENDED}:
        return not_found("user", parameter, value)
    if account.state == SUSPENDED:
        return suspended(parameter, value)
    public = not account.protected and viewer == NOBODY
    if public or viewer == account_id or await may_see(reader, viewer, account_id):
        return None
    return not_authorized(parameter, value)


def followed_v1(row: AccountRow, base: str, *, following: bool, requested: bool) -> dict[str, object]:
    """The v1.1 user object as somebody sees it who follows, asked to follow, or neither."""
    return user_v1(row, base) | {"following": following, "follow_request_sent": requested}


def relationship_v1(
    source: AccountRow, target: AccountRow, hows: set[str], *, own: bool, can_write: bool
) -> dict[str, object]:
    """v1.1's relationship of two accounts (X facts 7.4), from what connects the source with the target.

    What only the source may know is null for anybody else (`own` is whether the source asks), as whether it can write to the target.
    """

    def private(how: str) -> bool | None:
        return how in hows if own else None

    near: dict[str, object] = {
        "id": source.id,
        "id_str": str(source.id),
        "screen_name": source.username,
        "following": "following" in hows,
        "followed_by": "followed_by" in hows,
        "live_following": False,
        "following_received": private("follow_request_received"),
        "following_requested": private("follow_request_sent"),
        "notifications_enabled": False if own else None,
        "can_dm": can_write if own else None,
        "blocking": private("blocking"),
        "blocked_by": private("blocked_by"),
        "muting": private("muting"),
        "want_retweets": "following" in hows if own else None,
        "all_replies": False if own else None,
        "marked_spam": False if own else None,
    }
    far: dict[str, object] = {
        "id": target.id,
        "id_str": str(target.id),
        "screen_name": target.username,
        "following": "followed_by" in hows,
        "followed_by": "following" in hows,
        "following_received": private("follow_request_sent"),
        "following_requested": private("follow_request_received"),
    }
    return {"relationship": {"source": near, "target": far}}
