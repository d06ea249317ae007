"""Going away from an account, coming back to it, and what is left of it when nobody came back."""

from sqlalchemy import bindparam, delete, update

from volary.accounts.actions.automation import end_labels_of
from volary.accounts.actions.emails import write_to
from volary.accounts.errors import NobodyThere, OperatorStays
from volary.accounts.models import (
    ACTIVE,
    DEACTIVATED,
    ERASED,
    account_words,
    accounts,
    affiliations,
    email_confirmations,
)
from volary.accounts.queries import account_by_id, own_by_id
from volary.accounts.rules.leaving import RETURN_WITHIN, gone_at
from volary.activity.actions import record
from volary.db import Tx, statement
from volary.mail.actions import Parameters

_DEACTIVATE = statement(
    update(accounts)
    .where(accounts.c.id == bindparam("account_id"), accounts.c.state == ACTIVE, accounts.c.operator == 0)
    .values(state=DEACTIVATED, deactivated_at=bindparam("now"))
)
_COME_BACK = statement(
    update(accounts)
    .where(
        accounts.c.id == bindparam("account_id"),
        accounts.c.state == DEACTIVATED,
        accounts.c.deactivated_at > bindparam("after"),
    )
    .values(state=ACTIVE, deactivated_at=None)
)
_NOTHING = dict.fromkeys(("name", "description", "location", "website", "language", "country"), "")
_ZERO = (
    *("protected", "verified", "operator", "discoverable_by_email", "post_count", "newest_post_id", "follower_count"),
    *("following_count", "like_count", "listed_count", "media_count"),
)
_NULL = ("email", "email_confirmed_at", "phone", "password", "password_changed_at", "automated_by", "deactivated_at")
_BLANK = statement(
    update(accounts)
    .where(
        accounts.c.id == bindparam("account_id"),
        accounts.c.state == DEACTIVATED,
        accounts.c.deactivated_at == bindparam("since"),
        accounts.c.deactivated_at <= bindparam("before"),
    )
    .values(
        _NOTHING
        | dict.fromkeys(_ZERO, 0)
        | dict.fromkeys(_NULL)
        | {
            "state": ERASED,
            "username": bindparam("new_name"),
            "username_key": bindparam("new_name"),
            "time_zone": "Etc/UTC",
            "epoch": accounts.c.epoch + 1,
        }
    )
)
_FORGET = tuple(
    statement(delete(of).where(column == bindparam("account_id")))
    for of, column in (
        (account_words, account_words.c.account_id),
        (email_confirmations, email_confirmations.c.account_id),
        (affiliations, affiliations.c.account_id),
        (affiliations, affiliations.c.organization_id),
    )
)


async def deactivate(tx: Tx, account_id: int, *, address: str = "") -> int:
    """Let an account be away: nobody sees it or signs in to it; its owner can come back for a while. Until when.

    Ending sessions is for the room above. Raises OperatorStays, and NobodyThere when it is not active any more.
    """
    if not await tx.run(_DEACTIVATE, account_id=account_id, now=tx.now):
        account = await account_by_id(tx, account_id)
        raise OperatorStays if account is not None and account.state == ACTIVE else NobodyThere
    await record(tx, "account.deactivated", account_id=account_id, address=address)
    until = gone_at(tx.now)
    await _tell(tx, account_id, "accounts/letters/deactivated", until)
    return until


async def come_back(tx: Tx, account_id: int, *, address: str = "") -> bool:
    """Let an account that was away be as it was. False when its time is over, or it is not away."""
    if not await tx.run(_COME_BACK, account_id=account_id, after=tx.now - RETURN_WITHIN):
        return False
    await record(tx, "account.returned", account_id=account_id, address=address)
    await _tell(tx, account_id, "accounts/letters/returned", tx.now)
    return True


async def blank(tx: Tx, account_id: int, since: int) -> bool:
    """Empty an account that was away since a moment and did not come back in time; from then on nobody can.

    Its username is free, and its row has a name that nobody can take or be found by. False when it came back meanwhile.
    """
    before = tx.now - RETURN_WITHIN
    own, account = await own_by_id(tx, account_id), await account_by_id(tx, account_id)
    if own is None or account is None or account.state != DEACTIVATED or own.deactivated_at != since or since > before:
        return False
    await end_labels_of(tx, account_id)
    if not await tx.run(_BLANK, account_id=account_id, since=since, before=before, new_name=f"erased-{account_id}"):
        return False
    for forget in _FORGET:
        await tx.run(forget, account_id=account_id)
    await record(tx, "account.erased", account_id=account_id)
    return True


async def _tell(tx: Tx, account_id: int, letter: str, until: int) -> None:
    account = await account_by_id(tx, account_id)
    if account is not None:
        told: Parameters = {"name": account.name, "username": account.username, "until": until}
        await write_to(tx, account_id, letter, told, confirmed=True)
