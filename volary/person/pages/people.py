"""Other people in one's settings: who asks to follow, who follows, whom one blocks (also in messages alone) and mutes, each with the way
back (C039).
"""

from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import msgspec

from volary.access.caller import Caller, in_person
from volary.accounts.models import AccountRow
from volary.accounts.queries import account_by_id
from volary.db import Reader, Tx
from volary.db.paging import Bounds
from volary.graph.actions.blocks import unblock
from volary.graph.actions.follows import accept_request, decline_request, remove_follower
from volary.graph.actions.mutes import unmute
from volary.graph.errors import RequestNotFound
from volary.graph.models import PlacedRow
from volary.graph.queries.lists import blocked_by, followers_of, muted_by, requests_to
from volary.kit.errors import NotFound
from volary.kit.ids import LARGEST_ID, id_in
from volary.language import mark as _
from volary.messages.actions.reach import unblock_messages
from volary.messages.queries.reach import turned_away_by
from volary.web import Response, Visit, page

REQUESTS, FOLLOWERS = "/settings/follow-requests", "/settings/followers"
BLOCKED, MUTED = "/settings/blocked", "/settings/muted"
NOT_WRITING = "/settings/messages/blocked"
PAGE = 50
"""How many accounts stand on one page."""

ACCEPTED = _("%(name)s follows you now.")
DECLINED = _("%(name)s does not follow you. They are not told.")
REMOVED = _("%(name)s does not follow you any more. They are not told.")
UNBLOCKED = _("%(name)s is no longer blocked.")
TAKEN_AGAIN = _("%(name)s can write to you again.")
UNMUTED = _("%(name)s is no longer muted.")
_NOBODY = _("There is no such account.")

Read = Callable[[Reader, int, Bounds, int], Awaitable[list[PlacedRow]]]
Act = Callable[[Tx, Caller, int], Coroutine[Any, Any, object]]


class Listing(msgspec.Struct, frozen=True):
    """A list of people, and the sentences around it."""

    path: str
    read: Read
    title: str
    lead: str
    none: str
    acts: tuple[tuple[str, str, str], ...]
    """The last part of the path, label and kind of each button."""


async def _own_followers(reader: Reader, owner: int, page: Bounds, count: int) -> list[PlacedRow]:
    return await followers_of(reader, owner, owner, page, count)


ASKING = Listing(
    REQUESTS,
    requests_to,
    _("Follow requests"),
    _("Your posts are seen by your followers alone while you protect them. These people ask to follow you."),
    _("Nobody asks to follow you"),
    (("accept", _("Accept"), "primary"), ("decline", _("Decline"), "plain")),
)
FOLLOWING = Listing(
    FOLLOWERS,
    _own_followers,
    _("Followers"),
    _("They see your posts, also while you protect them. Whom you remove can follow you again, or ask to."),
    _("Nobody follows you"),
    (("remove", _("Remove"), "plain"),),
)
BLOCKING = Listing(
    BLOCKED,
    blocked_by,
    _("Blocked accounts"),
    _("They cannot follow you or write to you, and neither of you sees the posts of the other."),
    _("You block nobody"),
    (("unblock", _("Unblock"), "plain"),),
)
MUTING = Listing(
    MUTED,
    muted_by,
    _("Muted accounts"),
    _("Their posts are not shown to you unasked. They do not learn of it."),
    _("You mute nobody"),
    (("unmute", _("Unmute"), "plain"),),
)
TURNING_AWAY = Listing(
    NOT_WRITING,
    turned_away_by,
    _("Blocked in Direct Messages"),
    _("You take no messages from them. They still see your posts, and you can write to them."),
    _("You block nobody in Direct Messages"),
    (("unblock", _("Unblock"), "plain"),),
)


@page("GET", REQUESTS, signed_in=True)
async def follow_requests(visit: Visit) -> Response:
    """Who asks to follow, the newest first."""
    return await _shown(visit, ASKING)


@page("POST", REQUESTS + "/accept", signed_in=True)
async def accept(visit: Visit) -> Response:
    """Let somebody follow."""
    return await _done(visit, REQUESTS, accept_request, ACCEPTED)


@page("POST", REQUESTS + "/decline", signed_in=True)
async def decline(visit: Visit) -> Response:
    """Do not let somebody follow."""
    return await _done(visit, REQUESTS, decline_request, DECLINED)


@page("GET", FOLLOWERS, signed_in=True)
async def followers(visit: Visit) -> Response:
    """Who follows, the newest first."""
    return await _shown(visit, FOLLOWING)


@page("POST", FOLLOWERS + "/remove", signed_in=True)
async def remove(visit: Visit) -> Response:
    """End that somebody follows."""
    return await _done(visit, FOLLOWERS, remove_follower, REMOVED)


@page("GET", BLOCKED, signed_in=True)
async def blocked(visit: Visit) -> Response:
    """Whom the account blocks."""
    return await _shown(visit, BLOCKING)


@page("POST", BLOCKED + "/unblock", signed_in=True)
async def end_block(visit: Visit) -> Response:
    """Block somebody no longer."""
    return await _done(visit, BLOCKED, unblock, UNBLOCKED)


@page("GET", MUTED, signed_in=True)
async def muted(visit: Visit) -> Response:
    """Whom the account mutes."""
    return await _shown(visit, MUTING)


@page("POST", MUTED + "/unmute", signed_in=True)
async def end_mute(visit: Visit) -> Response:
    """Mute somebody no longer."""
    return await _done(visit, MUTED, unmute, UNMUTED)


@page("GET", NOT_WRITING, signed_in=True)
async def not_writing(visit: Visit) -> Response:
    """Whose messages the account does not take."""
    return await _shown(visit, TURNING_AWAY)


@page("POST", NOT_WRITING + "/unblock", signed_in=True)
async def take_messages_again(visit: Visit) -> Response:
    """Take somebody's messages again."""
    return await _done(visit, NOT_WRITING, unblock_messages, TAKEN_AGAIN)


async def _shown(visit: Visit, listing: Listing) -> Response:
    """One page of a list. A place that is none starts at the beginning."""
    bounds = Bounds(before=id_in(visit.query.get("before", "")) or LARGEST_ID)
    rows = await listing.read(visit.db, visit.me.account_id, bounds, PAGE + 1)
    further = rows[PAGE - 1].place if len(rows) > PAGE else None
    return visit.render("person/people.html", listing=listing, rows=rows[:PAGE], further=further)


async def _done(visit: Visit, path: str, act: Act, sentence: str) -> Response:
    """Do it, and go back to the list with a sentence about it, also when the request was taken back meanwhile."""
    whom = await _named(visit)
    try:
        await visit.db.write(act, in_person(visit.me.account_id, visit.me.username), whom.id)
    except RequestNotFound as refusal:
        return visit.redirect(path, notice=refusal.message)
    return visit.redirect(path, notice=sentence, name=f"@{whom.username}")


async def _named(visit: Visit) -> AccountRow:
    """The account that the form names. Raises NotFound."""
    account_id = id_in(visit.form.get("account", ""))
    found = None if account_id is None else await account_by_id(visit.db, account_id)
    if found is None:
        raise NotFound(_NOBODY)
    return found
