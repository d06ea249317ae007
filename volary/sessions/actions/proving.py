"""Changing what an account proves itself with. Each change ends the account's other sessions, which were opened under the other rule, and
gives this one a new token (decision 0048, ASVS 7.4.3).
"""

from volary.accounts.actions import write_to
from volary.accounts.queries import account_by_id
from volary.db import Tx
from volary.factors.actions.codes import new_recovery_codes
from volary.factors.actions.passkeys import remove_passkey
from volary.factors.actions.steps import ask_for_passkeys, set_up_authenticator, switch_off
from volary.factors.errors import SetUpStale
from volary.factors.queries import second_step_since
from volary.kit.errors import Refusal
from volary.sessions.actions.ending import end_all_sessions, end_other_sessions
from volary.sessions.actions.renewing import renew
from volary.sessions.actions.stepping import take_proof
from volary.sessions.rules.arrivals import Arrival

ON, OFF = "sessions/letters/second_step_on", "sessions/letters/second_step_off"


async def start_codes(
    tx: Tx, account_id: int, session_id: int, secret: str, code: str, address: str
) -> tuple[str, list[str]]:
    """Switch the second step on with an authenticator app; the session's new token, and the recovery codes.

    Raises WrongCode, SetUpStale, NotFound when this session ended.
    """
    codes = await set_up_authenticator(tx, account_id, secret, code)
    return await _begun_anew(tx, account_id, session_id, "second_step_on", address, ON), codes


async def start_passkeys(tx: Tx, account_id: int, session_id: int, address: str) -> tuple[str, list[str]]:
    """Switch the second step on with the passkeys that the account has; as `start_codes`."""
    codes = await ask_for_passkeys(tx, account_id)
    return await _begun_anew(tx, account_id, session_id, "second_step_on", address, ON), codes


async def renew_recovery_codes(tx: Tx, account_id: int) -> list[str]:
    """Other recovery codes; the old ones are worth nothing any more. Raises SetUpStale where no second step is asked for."""
    if await second_step_since(tx, account_id) is None:
        raise SetUpStale
    return await new_recovery_codes(tx, account_id)


async def stop_second_step(tx: Tx, account_id: int, session_id: int, code: str, arrival: Arrival) -> str | Refusal:
    """Switch it off, with a code or a recovery code; the session's new token, or the refusal of a wrong code, which is counted.

    Raises TooManyGuesses, NotFound.
    """
    taken = await take_proof(tx, account_id, code, arrival)
    if isinstance(taken, Refusal):
        return taken
    await switch_off(tx, account_id)
    return await _begun_anew(tx, account_id, session_id, "second_step_off", arrival.address, OFF)


async def drop_passkey(tx: Tx, account_id: int, session_id: int, passkey_id: int, address: str) -> tuple[str, bool]:
    """Remove a passkey: whoever has the device it is on is out. The session's new token, and whether the second step ended with it.

    Raises PasskeyUnknown, NotFound.
    """
    off = await remove_passkey(tx, account_id, passkey_id)
    letter = OFF if off else None
    return await _begun_anew(tx, account_id, session_id, "passkey_removed", address, letter), off


async def lose_second_step(tx: Tx, account_id: int, *, actor_id: int) -> bool:
    """Switch it off for somebody who lost everything it asks for, as the operator's command does; every session ends. Whether it was on."""
    if not await switch_off(tx, account_id, actor_id=actor_id):
        return False
    await end_all_sessions(tx, account_id, why="second_step_off", actor_id=actor_id)
    await _tell(tx, account_id, OFF)
    return True


async def _begun_anew(tx: Tx, account_id: int, session_id: int, why: str, address: str, letter: str | None) -> str:
    await end_other_sessions(tx, account_id, session_id, why=why, address=address)
    if letter is not None:
        await _tell(tx, account_id, letter)
    return await renew(tx, account_id, session_id)


async def _tell(tx: Tx, account_id: int, letter: str) -> None:
    account = await account_by_id(tx, account_id)
    if account is not None:
        parameters: dict[str, str | int] = {"name": account.name, "username": account.username, "at_ms": tx.now}
        await write_to(tx, account_id, letter, parameters, confirmed=True)
