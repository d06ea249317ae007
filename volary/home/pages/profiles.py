"""An account's page: who it is, its posts, and what one can do with it."""

from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any

from volary.access.caller import Caller
from volary.accounts.models import ACTIVE, SUSPENDED, AccountRow
from volary.accounts.queries import account_by_username, manager_of
from volary.accounts.shapes import banner_url, picture_url
from volary.db import Reader, Tx
from volary.db.paging import Bounds
from volary.graph.actions.blocks import block, unblock
from volary.graph.actions.follows import follow, unfollow
from volary.graph.actions.mutes import mute, unmute
from volary.graph.actions.reports import report
from volary.graph.models import PlacedRow
from volary.graph.queries.connections import connections
from volary.graph.queries.lists import followed_by, followers_of
from volary.graph.queries.visibility import may_see
from volary.home.forms import myself
from volary.home.pages.showing import PAGE, bounds_of, shown, viewer_of
from volary.kit.errors import Forbidden, NotFound
from volary.language import mark as _
from volary.posts.models import PostRow
from volary.posts.queries.likes import liked_by
from volary.posts.queries.reading import posts_of_author
from volary.web import Form, Response, Visit, local_path, page

PROFILE = "/{username}"
_NOBODY = _("There is no such account.")
_SUSPENDED = _("This account is suspended.")
_ASKED = _("You asked to follow %(name)s. They decide.")
_REPORTED = _("Thank you. Your report was sent to the operator of this server.")

Act = Callable[[Tx, Caller, int], Coroutine[Any, Any, object]]
ReadPeople = Callable[[Reader, int, int, Bounds, int], Awaitable[list[PlacedRow]]]


@page("GET", PROFILE)
async def profile(visit: Visit) -> Response:
    """Posts and reposts of an account, without its answers to others."""
    return await _posts(visit, "posts")


@page("GET", PROFILE + "/with_replies")
async def with_replies(visit: Visit) -> Response:
    """The same with its answers."""
    return await _posts(visit, "replies")


@page("GET", PROFILE + "/likes", signed_in=True)
async def likes(visit: Visit) -> Response:
    """What one likes: for oneself, as likes are private to others (X facts 5.1)."""
    account = await _account(visit)
    if account.id != visit.me.account_id:
        return visit.redirect(f"/{account.username}")
    rows = await liked_by(visit.db, account.id, account.id, bounds_of(visit), PAGE + 1)
    return await _shown(visit, account, "likes", rows[:PAGE], rows[PAGE - 1].place if len(rows) > PAGE else None)


@page("GET", PROFILE + "/followers")
async def followers(visit: Visit) -> Response:
    """Who follows the account."""
    return await _people(visit, "followers", followers_of)


@page("GET", PROFILE + "/following")
async def following(visit: Visit) -> Response:
    """Whom the account follows."""
    return await _people(visit, "following", followed_by)


@page("POST", PROFILE + "/follow", signed_in=True)
async def begin_to_follow(visit: Visit) -> Response:
    """Follow, or ask to."""
    account = await _account(visit)
    try:
        done = await visit.db.write(follow, myself(visit), account.id)
    except Forbidden as refusal:
        return _back(visit, account, refusal.message)
    return _back(visit, account, _ASKED if done.pending else None)


@page("POST", PROFILE + "/unfollow", signed_in=True)
async def end_following(visit: Visit) -> Response:
    """Follow no longer; a request is taken back."""
    return await _done(visit, unfollow)


@page("POST", PROFILE + "/mute", signed_in=True)
async def begin_to_mute(visit: Visit) -> Response:
    """See the account's posts unasked no longer."""
    return await _done(visit, mute)


@page("POST", PROFILE + "/unmute", signed_in=True)
async def end_muting(visit: Visit) -> Response:
    """See them again."""
    return await _done(visit, unmute)


@page("POST", PROFILE + "/block", signed_in=True)
async def begin_to_block(visit: Visit) -> Response:
    """Block the account."""
    return await _done(visit, block)


@page("POST", PROFILE + "/unblock", signed_in=True)
async def end_blocking(visit: Visit) -> Response:
    """Block it no longer."""
    return await _done(visit, unblock)


@page("GET", PROFILE + "/report", signed_in=True)
async def reporting(visit: Visit) -> Response:
    """Ask before an account is reported."""
    return visit.render("home/report.html", account=await _account(visit), form=Form(visit))


@page("POST", PROFILE + "/report", signed_in=True)
async def send_report(visit: Visit) -> Response:
    """Report it to the operator, and block it where that is wanted (C051)."""
    account = await _account(visit)
    await visit.db.write(report, myself(visit), account.id, blocking=Form(visit).checked("block"))
    return _back(visit, account, _REPORTED)


async def _done(visit: Visit, act: Act) -> Response:
    account = await _account(visit)
    try:
        await visit.db.write(act, myself(visit), account.id)
    except Forbidden as refusal:
        return _back(visit, account, refusal.message)
    return _back(visit, account, None)


def _back(visit: Visit, account: AccountRow, sentence: str | None) -> Response:
    own = f"/{account.username}"
    there = local_path(visit.form.get("then") or own, own)
    return visit.redirect(there, notice=sentence, name=f"@{account.username}")


async def _posts(visit: Visit, tab: str) -> Response:
    account, viewer = await _account(visit), viewer_of(visit)
    rows = await posts_of_author(
        visit.db, viewer, account.id, bounds_of(visit), PAGE + 1, replies=tab == "replies", reposts=True
    )
    return await _shown(visit, account, tab, rows[:PAGE], rows[PAGE - 1].id if len(rows) > PAGE else None)


async def _shown(visit: Visit, account: AccountRow, tab: str, rows: Sequence[PostRow], further: int | None) -> Response:
    return visit.render(
        "home/profile.html",
        tab=tab,
        cards=await shown(visit, rows),
        further=further,
        **await _about(visit, account),
    )


async def _people(visit: Visit, which: str, read: ReadPeople) -> Response:
    account, viewer = await _account(visit), viewer_of(visit)
    rows = []
    if await may_see(visit.db, viewer, account.id):
        rows = await read(visit.db, viewer, account.id, bounds_of(visit), PAGE + 1)
    return visit.render(
        "home/people.html",
        which=which,
        account=account,
        people=rows[:PAGE],
        further=rows[PAGE - 1].place if len(rows) > PAGE else None,
    )


async def _about(visit: Visit, account: AccountRow) -> dict[str, Any]:
    """What the head of a profile shows, and how the visitor and the account stand to one another."""
    viewer = viewer_of(visit)
    connected = (await connections(visit.db, viewer, [account.id]))[account.id] if viewer else set()
    return {
        "account": account,
        "manager": await manager_of(visit.db, account),
        "picture": picture_url(account, visit.settings.path_prefix) if account.picture else None,
        "banner": banner_url(account, visit.settings.path_prefix),
        "connected": connected,
        "open": await may_see(visit.db, viewer, account.id),
    }


async def _account(visit: Visit) -> AccountRow:
    """The account that the address names. Raises NotFound, also for one that was given up."""
    account = await account_by_username(visit.db, visit.path["username"])
    if account is not None and account.state == SUSPENDED:
        raise NotFound(_SUSPENDED)
    if account is None or account.state != ACTIVE:
        raise NotFound(_NOBODY)
    return account
