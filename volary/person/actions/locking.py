"""Taking an account back from somebody else: locking it, the way back, and securing it while one is signed in (C094, C097)."""

from volary.accounts.actions import restore_email, set_password, set_state
from volary.accounts.models import ACTIVE, LOCKED
from volary.accounts.queries import account_by_id, secret_by_id
from volary.activity.actions import record
from volary.db import Tx
from volary.factors.actions.undoing import forget_since
from volary.mail.actions import Parameters, send
from volary.mail.models import Addressee
from volary.oauth.revoking import drop_pending, revoke_all
from volary.person.errors import LockLinkGone, NoWayBack
from volary.sessions.actions.ending import change_password, end_all_sessions
from volary.sessions.actions.locking import Link, offer_way_back, take_lock_link, take_way_back
from volary.sessions.actions.sign_in import Proof

LETTER = "person/letters/locked"
WHY = "account locked by its owner"


async def lock_by_letter(tx: Tx, token: str, address: str) -> str:
    """Lock the account whose letter somebody opened; its username. Raises LockLinkGone when the link holds no more."""
    link = await take_lock_link(tx, token)
    username = None if link is None else await _lock(tx, link, address, by="letter")
    if username is None:
        raise LockLinkGone
    return username


async def lock_own(tx: Tx, account_id: int, address: str) -> str:
    """Lock the account of whoever is signed in; its username. Raises NoWayBack without a confirmed address to write to."""
    account = await account_by_id(tx, account_id)
    if account is None or account.email is None or account.email_confirmed_at is None:
        raise NoWayBack
    username = await _lock(tx, Link(account_id, account.email, tx.now), address, by="owner")
    if username is None:
        raise NoWayBack
    return username


async def _lock(tx: Tx, link: Link, address: str, *, by: str) -> str | None:
    """End every session and every app's access, let nobody sign in, and send the way back. None when it was not active."""
    account_id, email = link.account_id, link.email
    account = await account_by_id(tx, account_id)
    if account is None or not await set_state(tx, account_id, ACTIVE, LOCKED):
        return None
    await record(tx, "account.locked", account_id=account_id, address=address, detail={"by": by})
    await end_all_sessions(tx, account_id, why="locked", address=address)
    await revoke_all(tx, account_id, why=WHY, address=address)
    await drop_pending(tx, account_id)
    told: Parameters = {
        "name": account.name,
        "username": account.username,
        "at_ms": tx.now,
        "token": await offer_way_back(tx, link),
    }
    await send(tx, Addressee(email, account.language, account.id, account.time_zone), LETTER, told)
    return account.username


async def open_again(tx: Tx, token: str, new_hash: str, address: str) -> str:
    """Unlock an account with a new password, for whoever reads its owner's mail; its username. They sign in anew, with all that it asks.

    An address that was changed meanwhile is put back, and what was set up to prove oneself with since the strange sign-in is removed. What
    was there before is asked for as ever. Raises LockLinkGone.
    """
    link = await take_way_back(tx, token)
    secret = None if link is None else await secret_by_id(tx, link.account_id)
    if link is None or secret is None or not await set_state(tx, secret.id, LOCKED, ACTIVE):
        raise LockLinkGone
    await set_password(tx, secret.id, secret.password, new_hash)
    await restore_email(tx, secret.id, link.email)
    await forget_since(tx, secret.id, link.since)
    await record(tx, "account.unlocked", account_id=secret.id, address=address)
    return secret.username


async def secure(tx: Tx, proof: Proof, new_hash: str, session_id: int, address: str) -> tuple[str, int]:
    """A new password, and the end of everything else that can act: other sessions and every app. This session's new token; how many apps.

    Raises WrongPassword, PasswordChanged, NotFound.
    """
    await drop_pending(tx, proof.account_id)
    token = await change_password(tx, proof, new_hash, session_id, address=address)
    return token, await revoke_all(tx, proof.account_id, why="account secured by its owner", address=address)
