"""Signing up, and what an account is entered with: its names, its password, who runs it."""

import msgspec

from volary.accounts.actions import ask_to_confirm, change_email, change_username, create_account, label_automated
from volary.db import Tx
from volary.factors.queries import second_step_since
from volary.kit.errors import Refusal
from volary.oauth.revoking import drop_pending
from volary.person.errors import CodeDue
from volary.sessions.actions.ending import change_password
from volary.sessions.actions.guesses import take_sign_up
from volary.sessions.actions.resetting import finish_reset
from volary.sessions.actions.sign_in import Proof, accept, open_session, proof_of_new
from volary.sessions.actions.stepping import take_proof
from volary.sessions.rules.arrivals import Arrival
from volary.sessions.rules.browsers import Opened


class NewAccount(msgspec.Struct, frozen=True):
    """What somebody signs up with."""

    username: str
    name: str
    email: str
    language: str


async def sign_up(tx: Tx, new: NewAccount, password_hash: str, arrival: Arrival) -> Opened:
    """Open an account and sign it in. Raises Refused, UsernameTaken, TooManySignUps, BrowserFull."""
    await take_sign_up(tx, arrival.address)
    account = await create_account(
        tx,
        new.username,
        name=new.name,
        email=new.email or None,
        password_hash=password_hash,
        language=new.language,
    )
    await ask_to_confirm(tx, account.id, language=new.language)
    return await open_session(tx, proof_of_new(account, password_hash), arrival)


async def renew_password(tx: Tx, proof: Proof, new_hash: str, session_id: int, address: str) -> str:
    """Set a new password; other sessions and what apps have not exchanged yet end with the old one. The session's new token.

    Raises WrongPassword, PasswordChanged, NotFound.
    """
    await drop_pending(tx, proof.account_id)
    return await change_password(tx, proof, new_hash, session_id, address=address)


async def choose_password(tx: Tx, token: str, new_hash: str, address: str) -> None:
    """Set a new password by the link of a letter; sessions and what apps have not exchanged yet end.

    Raises ResetUnknown, PasswordChanged.
    """
    whose = await finish_reset(tx, token, new_hash, address=address)
    await drop_pending(tx, whose.account_id)


async def change_login(tx: Tx, proof: Proof, username: str, email: str, language: str = "") -> bool:
    """Change by which names somebody signs in. A new address is written to, to be confirmed; whether it was.

    Raises WrongPassword, Refused, UsernameTaken.
    """
    await accept(tx, proof)
    await change_username(tx, proof.account_id, username)
    return await change_email(tx, proof.account_id, email) and await ask_to_confirm(
        tx, proof.account_id, language=language
    )


async def have_managed(tx: Tx, bot_id: int, manager: Proof, code: str, arrival: Arrival) -> Refusal | None:
    """Label an account as automated, run by whoever has just proved to be the manager: by the password, and by a code where signing in
    to that account takes one (C167). The refusal of a wrong code is returned and not raised, since it is counted.

    Raises WrongPassword, TooManyGuesses, CodeDue, Refused.
    """
    await accept(tx, manager)
    if await second_step_since(tx, manager.account_id) is not None:
        if not code.strip():
            raise CodeDue
        taken = await take_proof(tx, manager.account_id, code, arrival)
        if isinstance(taken, Refusal):
            return taken
    await label_automated(tx, bot_id, manager.account_id, address=arrival.address)
    return None
