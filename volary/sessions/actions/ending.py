"""Ending sessions: one, all others, all; and what a new password does to them.

What has ended can do nothing from the next request on, since every request looks its session up (C007).
"""

from sqlalchemy import bindparam, delete, update

from volary.accounts.actions import set_password
from volary.activity.actions import record
from volary.db import Tx, statement
from volary.kit.clock import DAY
from volary.kit.errors import NotFound
from volary.language import mark as _
from volary.sessions.actions.renewing import renew
from volary.sessions.actions.sign_in import Proof, accept
from volary.sessions.models import password_resets, sessions
from volary.sessions.rules.browsers import IDLE, LONGEST

KEPT_FOR = 90 * DAY
"""How long an ended session's row is kept: it tells which places and browsers are not strange."""

_MINE = sessions.c.account_id == bindparam("account_id")
_END_ONE = statement(
    update(sessions)
    .where(sessions.c.id == bindparam("session_id"), _MINE, sessions.c.ended_at.is_(None))
    .values(ended_at=bindparam("at"), ended_why=bindparam("why"))
)
_END_OTHERS = statement(
    update(sessions)
    .where(sessions.c.id != bindparam("session_id"), _MINE, sessions.c.ended_at.is_(None))
    .values(ended_at=bindparam("at"), ended_why=bindparam("why"))
)
_SWEEP = statement(
    delete(sessions).where(
        (sessions.c.ended_at < bindparam("ended_before"))
        | (sessions.c.last_seen_at < bindparam("seen_before"))
        | (sessions.c.created_at < bindparam("made_before"))
    )
)


_END_RESETS = statement(
    update(password_resets).where(password_resets.c.account_id == bindparam("account_id")).values(expires_at=0)
)


async def end_session(tx: Tx, account_id: int, session_id: int, *, why: str = "logged_out", address: str = "") -> None:
    """End one session of an account. Raises NotFound when the account has no such session any more."""
    if not await tx.run(_END_ONE, account_id=account_id, session_id=session_id, at=tx.now, why=why):
        raise NotFound(_("This session has ended already."))
    await record(
        tx, "session.ended", account_id=account_id, subject_id=session_id, address=address, detail={"why": why}
    )


async def end_other_sessions(
    tx: Tx,
    account_id: int,
    session_id: int,
    *,
    why: str = "logged_out_elsewhere",
    address: str = "",
    actor_id: int | None = None,
) -> int:
    """End every session of an account but this one (C006); how many there were. `actor_id` is who did it, where not the account."""
    ended = await tx.run(_END_OTHERS, account_id=account_id, session_id=session_id, at=tx.now, why=why)
    if ended:
        detail: dict[str, str | int] = {"why": why, "count": ended}
        await record(tx, "sessions.ended", account_id=account_id, actor_id=actor_id, address=address, detail=detail)
    return ended


async def end_all_sessions(tx: Tx, account_id: int, *, why: str, address: str = "", actor_id: int | None = None) -> int:
    """End every session of an account: for the command line, and for whoever takes an account away."""
    return await end_other_sessions(tx, account_id, 0, why=why, address=address, actor_id=actor_id)


async def change_password(tx: Tx, proof: Proof, new_hash: str, session_id: int, *, address: str = "") -> str:
    """Set a new password, end the account's other sessions, and give this one a new token, which is returned (SR-161, C097).

    What people allowed apps stays: the page asks about that. Raises WrongPassword, PasswordChanged, NotFound when this session ended.
    """
    await accept(tx, proof)
    await set_password(tx, proof.account_id, proof.password_hash, new_hash)
    await end_resets(tx, proof.account_id)
    await end_other_sessions(tx, proof.account_id, session_id, why="password_changed", address=address)
    return await renew(tx, proof.account_id, session_id)


async def reset_password(tx: Tx, account_id: int, old_hash: str | None, new_hash: str) -> int:
    """Set a password without knowing the old one, as the operator's command line does, and whoever holds the link of a letter: every
    session ends; how many there were. Raises PasswordChanged.
    """
    await set_password(tx, account_id, old_hash, new_hash)
    await end_resets(tx, account_id)
    return await end_all_sessions(tx, account_id, why="password_changed")


async def end_resets(tx: Tx, account_id: int) -> None:
    """Let no link hold any more that was sent to an account because of a forgotten password, as part of setting one (SR-161)."""
    await tx.run(_END_RESETS, account_id=account_id)


async def sweep_sessions(tx: Tx) -> int:
    """Delete the rows of sessions that ended, or stopped counting, long ago."""
    return await tx.run(
        _SWEEP,
        ended_before=tx.now - KEPT_FOR,
        seen_before=tx.now - IDLE - KEPT_FOR,
        made_before=tx.now - LONGEST - KEPT_FOR,
    )
