"""The second step of a sign-in: after the right password, a code or a passkey.

Between the two steps nothing is written down. What is known of the first one waits in the form, sealed, for ten minutes, for this browser
and this password; it is good for nothing without a code, each of which is taken once. A wrong code is counted and so is no exception but
an answer, which `finish_step` and `take_proof` return: the transaction that counted it must be kept.
"""

import msgspec

from volary.accounts.actions import write_to
from volary.accounts.models import ACTIVE, SecretRow
from volary.accounts.queries import account_by_id, secret_by_id
from volary.activity.actions import record
from volary.db import Reader, Tx
from volary.factors.actions.codes import take_code
from volary.factors.actions.passkeys import take_passkey
from volary.factors.errors import WrongCode
from volary.factors.queries import authenticator_of, passkeys_of
from volary.factors.rules.challenges import STEP, new_challenge
from volary.factors.rules.passkeys import Party, asked_to_prove
from volary.factors.rules.recovery import plain
from volary.kit.clock import MINUTE
from volary.kit.errors import Refusal
from volary.kit.secrets import SealBroken, digest
from volary.sessions.actions.guesses import count_wrong_code, forgive_codes, refuse_code_if_used_up
from volary.sessions.actions.sign_in import PASSWORD, Proof, accept, open_session, rehash, told
from volary.sessions.errors import StepGone
from volary.sessions.rules.arrivals import Arrival
from volary.sessions.rules.browsers import Opened

HOLDS = 10 * MINUTE
LETTER = "sessions/letters/codes_guessed"
_PURPOSE = "second step"


class _Waiting(msgspec.Struct, frozen=True):
    """The first step, as it waits in the form."""

    account_id: int
    password: bytes
    bound_to: bytes
    expires_at: int


class Asked(msgspec.Struct, frozen=True):
    """What the page of the second step shows: whose sign-in, by which ways it can go on, and what the form carries."""

    step: str
    username: str
    codes: bool
    passkey: str


class Answer(msgspec.Struct, frozen=True):
    """What the form brings back: the sealed first step, and a code or what a passkey answered."""

    step: str
    code: str = ""
    passkey: str = ""


async def begin_step(tx: Tx, proof: Proof, bound_to: str) -> str:
    """Seal what the right password was worth. Raises WrongPassword, TooManyGuesses."""
    await accept(tx, proof)
    await rehash(tx, proof)
    password = proof.rehashed or proof.password_hash or ""
    waiting = _Waiting(proof.account_id, digest(password), digest(bound_to), tx.now + HOLDS)
    return tx.keys.seal(_PURPOSE, msgspec.json.encode(waiting).decode()).hex()


async def asked(reader: Reader, party: Party | None, step: str, bound_to: str) -> Asked:
    """What to show for a first step. Raises StepGone."""
    waiting, secret = await _opened(reader, step, bound_to)
    held = [row.credential_id for row in await passkeys_of(reader, waiting.account_id)] if party else []
    options = ""
    if party and held:
        options = asked_to_prove(party, new_challenge(reader.keys, STEP, bound_to, reader.now), held)
    codes = await authenticator_of(reader, waiting.account_id) is not None
    return Asked(step, secret.username, codes, options)


async def finish_step(tx: Tx, answer: Answer, bound_to: str, arrival: Arrival, party: Party | None) -> Opened | Refusal:
    """Open the session that the first step asked for, or say why not: a wrong code is returned and not raised.

    Raises StepGone, TooManyGuesses, PasskeyRefused, BrowserFull.
    """
    proof = await prove_step(tx, answer, bound_to, arrival, party)
    return proof if isinstance(proof, Refusal) else await open_session(tx, proof, arrival)


async def prove_step(tx: Tx, answer: Answer, bound_to: str, arrival: Arrival, party: Party | None) -> Proof | Refusal:
    """What both steps together are worth, or the refusal of a wrong code. Raises StepGone, TooManyGuesses, PasskeyRefused."""
    waiting, secret = await _opened(tx, answer.step, bound_to)
    if answer.passkey and party is not None:
        await take_passkey(tx, party, STEP, answer.passkey, bound_to, waiting.account_id)
        method = "passkey"
    else:
        taken = await take_proof(tx, waiting.account_id, answer.code, arrival)
        if isinstance(taken, Refusal):
            return taken
        method = taken
    return Proof(secret.id, secret.username, secret.password, method=f"{PASSWORD}+{method}")


async def take_proof(tx: Tx, account_id: int, code: str, arrival: Arrival) -> str | Refusal:
    """Take a one-time or recovery code of an account: which of them it was, or the refusal of a wrong one, which is counted.

    Also for whoever is signed in and changes what an account proves itself with. Recovery codes cannot be guessed, so they are taken
    however many wrong codes somebody types: whoever knows a password keeps its owner out of nothing. Raises TooManyGuesses.
    """
    held = None if plain(code) else await refuse_code_if_used_up(tx, account_id)
    taken = await take_code(tx, account_id, code)
    if taken is not None:
        await forgive_codes(tx, account_id)
        return taken
    if plain(code) is None:
        last = await count_wrong_code(tx, account_id, held)
        await record(
            tx, "second_step.failed", account_id=account_id, address=arrival.address, detail=told(arrival, "code")
        )
        if last:
            await _tell_of_guesses(tx, account_id, arrival)
    return WrongCode()


async def _tell_of_guesses(tx: Tx, account_id: int, arrival: Arrival) -> None:
    """Whoever types codes knows the password, so its owner should have another one."""
    account = await account_by_id(tx, account_id)
    if account is not None:
        parameters: dict[str, str | int] = {
            "name": account.name,
            "username": account.username,
            "at_ms": tx.now,
            "address": arrival.address,
        }
        await write_to(tx, account_id, LETTER, parameters, confirmed=True)


async def _opened(reader: Reader, step: str, bound_to: str) -> tuple[_Waiting, SecretRow]:
    """A first step that still holds, with its account. Raises StepGone."""
    try:
        waiting = msgspec.json.decode(reader.keys.unseal(_PURPOSE, bytes.fromhex(step)), type=_Waiting)
    except (ValueError, SealBroken, msgspec.MsgspecError) as error:
        raise StepGone("no first step of ours") from error
    if waiting.bound_to != digest(bound_to) or reader.now >= waiting.expires_at:
        raise StepGone("another browser's first step, or one that waited too long")
    secret = await secret_by_id(reader, waiting.account_id)
    if secret is None or secret.state != ACTIVE or digest(secret.password or "") != waiting.password:
        raise StepGone("the account or its password changed between the two steps")
    return waiting, secret
