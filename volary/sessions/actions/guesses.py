"""Counting failures. What a guess was worth is told only while its counts are not used up: they are looked at before the password is
verified, to spare the work, and again in the transaction that counts a wrong one or acts on a right one, so that a thousand guesses at
the same moment learn exactly what ten in a row learn.
"""

from collections.abc import Sequence

from sqlalchemy import bindparam, delete

from volary.accounts.models import SecretRow
from volary.db import Reader, Tx, statement, upsert
from volary.kit.secrets import Keyring
from volary.sessions.errors import TooManyGuesses, TooManyResets, TooManySignUps
from volary.sessions.models import sign_in_failures
from volary.sessions.queries import failures, was_here
from volary.sessions.rules.guesses import (
    CODE_LIMIT,
    LONGEST_WINDOW,
    Attempt,
    Count,
    besieged,
    code_counted,
    counted,
    network_of,
    reset_counted,
    seconds_to_next_code,
    seconds_to_next_reset,
    seconds_to_next_sign_up,
    seconds_to_wait,
    sign_up_counted,
)

_LONGEST_LOGIN = 300

_COUNT = statement(
    upsert(
        sign_in_failures,
        values=["subject", "window_start", "count"],
        key=["subject"],
        update=["window_start", "count"],
    )
)
_FORGET = statement(delete(sign_in_failures).where(sign_in_failures.c.subject == bindparam("subject")))
_SWEEP = statement(delete(sign_in_failures).where(sign_in_failures.c.window_start < bindparam("before")))


def attempt_of(keys: Keyring, login: str, address: str) -> Attempt:
    """How an attempt at a name from an address is counted. The name is what was typed, whether anybody has it or not."""
    name = login.strip().removeprefix("@").lower()[:_LONGEST_LOGIN]
    network = network_of(address)
    return Attempt(
        network=f"network:{network}",
        pair=f"pair:{keys.mac('guesses of a pair', name, network).hex()[:32]}",
        login=f"login:{keys.mac('guesses of a login', name).hex()[:32]}",
    )


async def refuse_if_used_up(
    reader: Reader, attempt: Attempt, secret: SecretRow | None, address: str, held: Sequence[bytes]
) -> None:
    """Raise TooManyGuesses when nothing may be told about this attempt now."""
    counts = await failures(reader, attempt.subjects)
    stranger = True
    if secret is not None and besieged(attempt, counts, reader.now):
        stranger = not await was_here(reader, secret.id, address, held)
    seconds = seconds_to_wait(attempt, counts, reader.now, stranger=stranger)
    if seconds:
        raise TooManyGuesses(seconds, f"{attempt.network}, {attempt.login}")


async def count_failure(
    tx: Tx, attempt: Attempt, secret: SecretRow | None, address: str, held: Sequence[bytes]
) -> None:
    """Count a wrong password. Raises TooManyGuesses when others were counted meanwhile and nothing may be told any more."""
    await refuse_if_used_up(tx, attempt, secret, address, held)
    counts = await failures(tx, attempt.subjects)
    for subject, count in counted(attempt, counts, tx.now).items():
        await tx.run(_COUNT, subject=subject, window_start=count.window_start, count=count.count)


async def forgive(tx: Tx, attempt: Attempt) -> None:
    """Forget what was mistyped at this name from this network before the password was right."""
    await tx.run(_FORGET, subject=attempt.pair)


async def refuse_code_if_used_up(reader: Reader, account_id: int) -> Count | None:
    """How many wrong codes were typed at an account lately. Raises TooManyGuesses when nothing may be told about another one."""
    held = (await failures(reader, [_codes_of(account_id)])).get(_codes_of(account_id))
    seconds = seconds_to_next_code(held, reader.now)
    if seconds:
        raise TooManyGuesses(seconds, f"codes of account {account_id}")
    return held


async def count_wrong_code(tx: Tx, account_id: int, held: Count | None) -> bool:
    """Count a wrong code; whether it was the last one that is taken for now."""
    count = code_counted(held, tx.now)
    await tx.run(_COUNT, subject=_codes_of(account_id), window_start=count.window_start, count=count.count)
    return count.count == CODE_LIMIT


async def forgive_codes(tx: Tx, account_id: int) -> None:
    """Forget what was mistyped before the code was right."""
    await tx.run(_FORGET, subject=_codes_of(account_id))


def _codes_of(account_id: int) -> str:
    return f"code:{account_id}"


async def refuse_sign_up_if_used_up(reader: Reader, address: str) -> Count | None:
    """How many accounts were opened from an address' network lately. Raises TooManySignUps when no more may be.

    Asked before the password is hashed, too: a hash takes the place of somebody who wants to sign in.
    """
    subject = _sign_ups_of(address)
    held = (await failures(reader, [subject])).get(subject)
    seconds = seconds_to_next_sign_up(held, reader.now)
    if seconds:
        raise TooManySignUps(seconds)
    return held


async def take_sign_up(tx: Tx, address: str) -> None:
    """Count an account that is opened from an address. Raises TooManySignUps."""
    count = sign_up_counted(await refuse_sign_up_if_used_up(tx, address), tx.now)
    await tx.run(_COUNT, subject=_sign_ups_of(address), window_start=count.window_start, count=count.count)


async def take_reset(tx: Tx, address: str) -> None:
    """Count that a letter about a forgotten password is asked for from an address. Raises TooManyResets."""
    subject = f"reset:{network_of(address)}"
    held = (await failures(tx, [subject])).get(subject)
    seconds = seconds_to_next_reset(held, tx.now)
    if seconds:
        raise TooManyResets(seconds)
    count = reset_counted(held, tx.now)
    await tx.run(_COUNT, subject=subject, window_start=count.window_start, count=count.count)


def _sign_ups_of(address: str) -> str:
    return f"signup:{network_of(address)}"


async def sweep_guesses(tx: Tx) -> int:
    """Delete counts whose windows are long over."""
    return await tx.run(_SWEEP, before=tx.now - LONGEST_WINDOW)
