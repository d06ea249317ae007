"""v1.1's calls on follows, blocks and mutes: thin views of the same actions (X facts 1.7, 7.2; C043, C050)."""

from collections.abc import Callable, Coroutine
from typing import Any

import msgspec

from volary.access.caller import Caller
from volary.access.levels import Level
from volary.access.needs import Need
from volary.accounts.models import AccountRow
from volary.accounts.queries import account_by_id
from volary.accounts.shapes import account_named, user_v1
from volary.api.call import Call, Reply
from volary.api.errors import Numbered
from volary.api.lenient import says_no
from volary.api.limits import Quota, limits, per_day
from volary.api.operation import operation
from volary.db import Tx
from volary.graph.actions.blocks import block, unblock
from volary.graph.actions.follows import follow, unfollow
from volary.graph.actions.mutes import mute, unmute
from volary.graph.actions.reports import report
from volary.graph.errors import BlockedYou, NobodyThere, NotYourself, YouBlock
from volary.graph.queries.connections import connections
from volary.graph.queries.visibility import may_see
from volary.graph.shapes import followed_v1, relationship_v1

READ = Need(oauth1=Level.READ, project=False)
WRITE = Need(oauth1=Level.READ_WRITE, project=False)
_WRITING = limits(user=50)
_FOLLOWING = limits(user=(Quota(50), per_day(400)), app=(per_day(1000),))


class WhomQuery(msgspec.Struct, frozen=True):
    """An account by its id or its name; other parameters of v1.1 are passed over."""

    user_id: str = ""
    screen_name: str = ""


class PairQuery(msgspec.Struct, frozen=True):
    """Two accounts; the source is the caller's own where none is named."""

    source_id: str = ""
    source_screen_name: str = ""
    target_id: str = ""
    target_screen_name: str = ""


Whom = Call[WhomQuery, None]
Act = Callable[[Tx, Caller, int], Coroutine[Any, Any, object]]


@operation("POST", "/1.1/friendships/create.json", need=WRITE, limits=_FOLLOWING, query=WhomQuery)
async def create_friendship(call: Whom) -> Reply:
    """Follow an account, or ask to (C049)."""
    whom = await _whom(call)
    try:
        found = await call.db.write(follow, call.caller, whom.id)
    except NotYourself:
        raise Numbered(403, 158, "You can't follow yourself.") from None
    except BlockedYou as refusal:
        raise Numbered(403, 162, str(refusal)) from None
    except YouBlock as refusal:
        raise Numbered(403, 160, str(refusal)) from None
    except NobodyThere:
        raise _nobody() from None
    if found.pending and not found.new:
        raise Numbered(403, 160, "You've already requested to follow the user.")
    row = await account_by_id(call.db, whom.id) or whom
    return Reply(followed_v1(row, call.settings.public_url, following=found.following, requested=found.pending))


@operation("POST", "/1.1/friendships/destroy.json", need=WRITE, limits=_WRITING, query=WhomQuery)
async def destroy_friendship(call: Whom) -> Reply:
    """Follow an account no longer (C049)."""
    whom = await _whom(call)
    await call.db.write(unfollow, call.caller, whom.id)
    row = await account_by_id(call.db, whom.id) or whom
    return Reply(followed_v1(row, call.settings.public_url, following=False, requested=False))


@operation("GET", "/1.1/friendships/show.json", need=READ, limits=limits(user=180), query=PairQuery)
async def show_friendship(call: Call[PairQuery, None]) -> Reply:
    """What connects two accounts, for who is one of them or may see both. Who blocks, mutes or waits is told to the source alone."""
    query = call.query
    own = "" if query.source_id or query.source_screen_name else str(call.me)
    source = await account_named(call.db, query.source_id or own, query.source_screen_name)
    target = await account_named(call.db, query.target_id, query.target_screen_name)
    if call.me not in {source.id, target.id}:
        for one in (source, target):
            if not await may_see(call.db, call.me, one.id):
                raise Numbered(403, 220, "Your credentials do not allow access to this resource")
    hows = (await connections(call.db, source.id, [target.id]))[target.id]
    own_call = source.id == call.me
    can_write = own_call and bool(await call.field("user", "receives_your_dm", target))
    return Reply(relationship_v1(source, target, hows, own=own_call, can_write=can_write))


@operation("POST", "/1.1/blocks/create.json", need=WRITE, limits=_WRITING, query=WhomQuery)
async def create_block(call: Whom) -> Reply:
    """Block an account (C050)."""
    return await _done(call, block, 220, "You can't block yourself.")


@operation("POST", "/1.1/blocks/destroy.json", need=WRITE, limits=_WRITING, query=WhomQuery)
async def destroy_block(call: Whom) -> Reply:
    """Block an account no longer."""
    return await _done(call, unblock)


@operation("POST", "/1.1/mutes/users/create.json", need=WRITE, limits=_WRITING, query=WhomQuery)
async def create_mute(call: Whom) -> Reply:
    """Mute an account (C050)."""
    return await _done(call, mute, 271, "You can't mute yourself.")


@operation("POST", "/1.1/mutes/users/destroy.json", need=WRITE, limits=_WRITING, query=WhomQuery)
async def destroy_mute(call: Whom) -> Reply:
    """Mute an account no longer."""
    whom = await _whom(call)
    if not await call.db.write(unmute, call.caller, whom.id):
        raise Numbered(403, 272, "You are not muting the specified user.")
    return Reply(user_v1(whom, call.settings.public_url))


async def _done(call: Whom, act: Act, own_code: int = 0, own_text: str = "") -> Reply:
    """Do it, and answer with the account that it was done to."""
    whom = await _whom(call)
    try:
        await call.db.write(act, call.caller, whom.id)
    except NotYourself:
        raise Numbered(403, own_code, own_text) from None
    except NobodyThere:
        raise _nobody() from None
    return Reply(user_v1(await account_by_id(call.db, whom.id) or whom, call.settings.public_url))


async def _whom(call: Whom) -> AccountRow:
    return await account_named(call.db, call.query.user_id, call.query.screen_name)


def _nobody() -> Numbered:
    return Numbered(404, 50, "User not found.")


class ReportQuery(WhomQuery, frozen=True):
    """Whom to report, and whether to block them too, as X does unless told otherwise."""

    perform_block: str = "true"


@operation("POST", "/1.1/users/report_spam.json", need=WRITE, limits=_WRITING, query=ReportQuery)
async def report_spam(call: Call[ReportQuery, None]) -> Reply:
    """Report an account to whoever runs this server, and block it (C051)."""
    whom = await account_named(call.db, call.query.user_id, call.query.screen_name)
    blocking = not says_no(call.query.perform_block)
    try:
        await call.db.write(report, call.caller, whom.id, blocking=blocking)
    except NotYourself:
        raise Numbered(403, 36, "You cannot report yourself for spam.") from None
    return Reply(user_v1(await account_by_id(call.db, whom.id) or whom, call.settings.public_url))
