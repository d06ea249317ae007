"""Switching the second step on and off."""

import msgspec
from sqlalchemy import bindparam, delete, insert

from volary.activity.actions import record
from volary.db import Tx, statement, upsert
from volary.factors.actions.codes import SEAL, forget_recovery_codes, new_recovery_codes
from volary.factors.errors import SetUpStale, WrongCode
from volary.factors.models import authenticators, second_steps
from volary.factors.queries import authenticator_of, passkeys_of, second_step_since
from volary.factors.rules.codes import counter_of
from volary.kit.clock import HOUR
from volary.kit.secrets import Keyring, SealBroken, digest, mint

SET_UP_HOLDS = HOUR
_SET_UP = "authenticator being set up"

_ON = statement(upsert(second_steps, values=["account_id", "since"], key=["account_id"]))
_OFF = statement(delete(second_steps).where(second_steps.c.account_id == bindparam("account_id")))
_KEEP = statement(
    insert(authenticators).values(
        {name: bindparam(name) for name in ("digest", "account_id", "secret", "counter", "created_at")}
    )
)
_FORGET = statement(delete(authenticators).where(authenticators.c.account_id == bindparam("account_id")))


class _BeingSetUp(msgspec.Struct, frozen=True):
    """A secret that was shown and not confirmed yet. It waits in the form, sealed."""

    account_id: int
    session_id: int
    secret: str
    expires_at: int


def sealed_set_up(keys: Keyring, account_id: int, session_id: int, secret: str, now: int) -> str:
    """A secret that is being set up, for the form that confirms it: nothing is written down before a code shows that it arrived."""
    waiting = _BeingSetUp(account_id, session_id, secret, now + SET_UP_HOLDS)
    return keys.seal(_SET_UP, msgspec.json.encode(waiting).decode()).hex()


def opened_set_up(keys: Keyring, account_id: int, session_id: int, sealed: str, now: int) -> str:
    """The secret that a form brings back. Raises SetUpStale for another account's or session's, or one that waited too long."""
    try:
        waiting = msgspec.json.decode(keys.unseal(_SET_UP, bytes.fromhex(sealed)), type=_BeingSetUp)
    except (ValueError, SealBroken, msgspec.MsgspecError) as error:
        raise SetUpStale from error
    if (waiting.account_id, waiting.session_id) != (account_id, session_id) or now >= waiting.expires_at:
        raise SetUpStale
    return waiting.secret


async def set_up_authenticator(tx: Tx, account_id: int, secret: str, code: str) -> list[str]:
    """Keep an authenticator app whose code shows that it has the secret, and ask for its codes from now on. New recovery codes.

    Raises WrongCode, SetUpStale when there is one already.
    """
    if await authenticator_of(tx, account_id) is not None:
        raise SetUpStale
    counter = counter_of(secret, code, tx.now)
    if counter is None:
        raise WrongCode
    await tx.run(
        _KEEP,
        digest=digest(mint()),
        account_id=account_id,
        secret=tx.keys.seal(SEAL, secret),
        counter=counter,
        created_at=tx.now,
    )
    return await _switched_on(tx, account_id, "authenticator")


async def ask_for_passkeys(tx: Tx, account_id: int) -> list[str]:
    """Ask for one of the account's passkeys after the password from now on. New recovery codes. Raises SetUpStale."""
    if not await passkeys_of(tx, account_id) or await second_step_since(tx, account_id) is not None:
        raise SetUpStale
    return await _switched_on(tx, account_id, "passkey")


async def _switched_on(tx: Tx, account_id: int, by: str) -> list[str]:
    await tx.run(_ON, account_id=account_id, since=tx.now)
    await record(tx, "second_step.on", account_id=account_id, detail={"by": by})
    return await new_recovery_codes(tx, account_id)


async def switch_off(tx: Tx, account_id: int, *, actor_id: int | None = None) -> bool:
    """Let the password alone open sessions again: authenticator and recovery codes go, passkeys stay. Whether it was on."""
    await tx.run(_FORGET, account_id=account_id)
    await forget_recovery_codes(tx, account_id)
    if not await tx.run(_OFF, account_id=account_id):
        return False
    await record(tx, "second_step.off", account_id=account_id, actor_id=actor_id)
    return True
