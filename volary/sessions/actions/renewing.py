"""A session whose password was just entered once more: it gets a new token, and counts as fresh from now on (SR-163, ASVS 7.2.4)."""

from sqlalchemy import bindparam, update

from volary.db import Tx, statement
from volary.kit.errors import NotFound
from volary.kit.secrets import digest, mint
from volary.language import mark as _
from volary.sessions.actions.sign_in import Proof, accept
from volary.sessions.models import sessions

_RENEW = statement(
    update(sessions)
    .where(
        sessions.c.id == bindparam("session_id"),
        sessions.c.account_id == bindparam("account_id"),
        sessions.c.ended_at.is_(None),
    )
    .values(digest=bindparam("new"), proved_at=bindparam("at"))
)


async def prove_again(tx: Tx, proof: Proof, session_id: int) -> str:
    """Note that a session's password was entered now; its new token. Raises WrongPassword, TooManyGuesses, NotFound when it ended."""
    await accept(tx, proof)
    return await renew(tx, proof.account_id, session_id)


async def renew(tx: Tx, account_id: int, session_id: int) -> str:
    """Give a session a new token in the place of its old one, and return it. Raises NotFound when it ended."""
    token = mint()
    if not await tx.run(_RENEW, account_id=account_id, session_id=session_id, new=digest(token), at=tx.now):
        raise NotFound(_("This session has ended already."))
    return token
