"""Hiding answers in one's own conversations."""

import msgspec

from volary.api.call import Call, Reply
from volary.api.errors import NotPermitted
from volary.api.limits import limits
from volary.api.operation import operation
from volary.api.query import NoQuery
from volary.posts.actions.hiding import hide_answer
from volary.posts.api.needs import MODERATE
from volary.posts.errors import NotModerated


class Hide(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body of hiding and showing an answer."""

    hidden: bool


@operation("PUT", "/2/tweets/{tweet_id}/hidden", need=MODERATE, limits=limits(user=50), body=Hide)
async def hide(call: Call[NoQuery, Hide]) -> Reply:
    """Hide an answer in a conversation of one's own, or show it again (C054, C082)."""
    try:
        await call.db.write(hide_answer, call.caller, call.id_in_path("tweet_id"), hidden=call.body.hidden)
    except NotModerated:
        raise NotPermitted("You can only hide or unhide replies to your own conversations.") from None
    return Reply({"data": {"hidden": call.body.hidden}})
