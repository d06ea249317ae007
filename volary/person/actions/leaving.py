"""Going away from one's account: nobody can do anything with it from that moment on, and a job is asked for that erases it."""

from volary.accounts.actions.leaving import deactivate
from volary.accounts.rules.leaving import RETURN_WITHIN
from volary.db import Tx
from volary.jobs.actions import later
from volary.oauth.revoking import drop_pending
from volary.sessions.actions.ending import end_all_sessions
from volary.sessions.actions.sign_in import Proof, accept

ERASE = "person.erase"
"""The job that erases an account whose time to come back is over."""


async def go_away(tx: Tx, account_id: int, *, address: str = "") -> int:
    """Deactivate an account; until when its owner can come back. Its sessions end for good, and so does what apps have not exchanged yet.

    What its owner allowed apps counts for nothing while the account is away, and is there again when they come back.
    Raises OperatorStays, NobodyThere.
    """
    until = await deactivate(tx, account_id, address=address)
    await end_all_sessions(tx, account_id, why="deactivated", address=address)
    await drop_pending(tx, account_id)
    await later(tx, ERASE, {"account_id": account_id, "since": tx.now}, after=RETURN_WITHIN)
    return until


async def leave_for_now(tx: Tx, proof: Proof, address: str) -> int:
    """The same, for whoever has just entered the account's password. Raises WrongPassword, TooManyGuesses too."""
    await accept(tx, proof)
    return await go_away(tx, proof.account_id, address=address)
