"""Erasing an account: everything that was its owner's goes, a few rows at a time, and an empty row stays (decision 0050).

Each step may be done again: it does what is left. What counts for others (likes, followers, members) is counted down by the room that
counts it; what nobody counts is named in `FORGOTTEN` and deleted as it is.
"""

from collections.abc import Callable, Coroutine
from typing import Any

from sqlalchemy import Table, bindparam, delete, select, update

from volary.activity.models import app_reads
from volary.collections.models import collections
from volary.db import Tx, statement
from volary.developers.actions.departing import depart_from_teams
from volary.factors.models import authenticators, passkeys, recovery_codes, second_steps
from volary.graph.actions.departing import end_follows
from volary.lists.actions.departing import end_lists
from volary.mail.models import letters
from volary.media.models import media, media_readers
from volary.messages.actions.departing import end_messages
from volary.oauth.models import codes, grants, request_tokens
from volary.oauth.revoking import end_all_for_app, revoke_all
from volary.person.models import archives
from volary.posts.actions.departing import end_bookmarks, end_likes, end_posts
from volary.sessions.models import lock_links, password_resets, sessions, ways_back
from volary.spaces.actions.joining import go_out
from volary.spaces.models import space_people, space_posts, spaces
from volary.usage.actions.forgetting import forget_app

BATCH = 50
"""How much is ended in one transaction, so that others who write meanwhile hardly wait."""

Step = Callable[[Tx, int, int], Coroutine[Any, Any, int]]

FORGOTTEN: tuple[tuple[Table, str], ...] = (
    (codes, "account_id"),
    (request_tokens, "account_id"),
    (grants, "account_id"),
    (sessions, "account_id"),
    (password_resets, "account_id"),
    (lock_links, "account_id"),
    (ways_back, "account_id"),
    (second_steps, "account_id"),
    (authenticators, "account_id"),
    (recovery_codes, "account_id"),
    (passkeys, "account_id"),
    (letters, "account_id"),
    (media_readers, "account_id"),
    (space_posts, "account_id"),
    (space_people, "account_id"),
    (spaces, "creator_id"),
    (collections, "owner_id"),
    (archives, "account_id"),
    (app_reads, "account_id"),
)
"""Tables and the column that says whose a row is: such rows go without anything else changing."""

_FORGET = tuple(statement(delete(of).where(of.c[column] == bindparam("account"))) for of, column in FORGOTTEN)
_PRESENT = statement(
    select(space_people.c.space_id).where(
        space_people.c.account_id == bindparam("account"),
        space_people.c.joined_at.is_not(None),
        space_people.c.left_at.is_(None),
    ),
    int,
)
_LET_MEDIA_GO = statement(
    update(media)
    .where(media.c.owner_id == bindparam("account"), media.c.message_uses == 0)
    .values(post_uses=0, expires_at=bindparam("now"), alt_text="")
)


async def end_access(tx: Tx, account: int, count: int) -> int:
    """End every grant, and whatever Apps nobody else looks after."""
    await revoke_all(tx, account, why="account erased")
    for app in await depart_from_teams(tx, account):
        await forget_app(tx, app.id)
        await end_all_for_app(tx, app.id, actor_id=account)
    return 0


async def forget_the_rest(tx: Tx, account: int, count: int) -> int:
    """Delete what no other room counts, and let media go that no copy of a message shows any more."""
    for space in await tx.all(_PRESENT, account=account):
        await go_out(tx, space, account)
    await tx.run(_LET_MEDIA_GO, account=account, now=tx.now)
    for forget in _FORGET:
        await tx.run(forget, account=account)
    return 0


STEPS: tuple[Step, ...] = (
    end_access,
    end_posts,
    end_likes,
    end_bookmarks,
    end_follows,
    end_lists,
    end_messages,
    forget_the_rest,
)
"""What is done in this order, each until nothing is left for it."""
