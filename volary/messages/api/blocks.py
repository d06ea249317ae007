"""Turning away somebody's messages, and taking them again. The path names whom, the token says who."""

from volary.api.call import Call, Reply
from volary.api.limits import Quota, limits, per_day
from volary.api.operation import operation
from volary.api.query import NoQuery
from volary.messages.actions.reach import block_messages, unblock_messages
from volary.messages.api.needs import WRITE

_LIMITS = limits(user=(Quota(10), per_day(400)), app=(Quota(25), per_day(1000)))


@operation("POST", "/2/users/{id}/dm/block", need=WRITE, limits=_LIMITS)
async def block(call: Call[NoQuery, None]) -> Reply:
    """Take no more messages from an account."""
    await call.db.write(block_messages, call.caller, call.id_in_path())
    return Reply({"data": {"blocked": True}})


@operation("POST", "/2/users/{id}/dm/unblock", need=WRITE, limits=_LIMITS)
async def unblock(call: Call[NoQuery, None]) -> Reply:
    """Take an account's messages again."""
    await call.db.write(unblock_messages, call.caller, call.id_in_path())
    return Reply({"data": {"blocked": False}})
