"""Taking one-time codes and recovery codes, each once."""

from sqlalchemy import bindparam, delete, insert, update

from volary.activity.actions import record
from volary.db import Tx, statement
from volary.factors.models import authenticators, recovery_codes
from volary.factors.queries import authenticator_of
from volary.factors.rules.codes import counter_of
from volary.factors.rules.recovery import COUNT, digest_of, new_code, plain
from volary.kit.secrets import SealBroken

SEAL = "authenticator"
"""The purpose for which an authenticator's secret is sealed."""
ONE_TIME, RECOVERY = "code", "recovery code"

_TAKE_CODE = statement(
    update(authenticators)
    .where(authenticators.c.account_id == bindparam("account_id"), authenticators.c.counter < bindparam("taken"))
    .values(counter=bindparam("taken"))
)
_TAKE_RECOVERY = statement(
    update(recovery_codes)
    .where(
        recovery_codes.c.digest == bindparam("code"),
        recovery_codes.c.account_id == bindparam("account_id"),
        recovery_codes.c.used_at.is_(None),
    )
    .values(used_at=bindparam("at"))
)
_FORGET = statement(delete(recovery_codes).where(recovery_codes.c.account_id == bindparam("account_id")))
_KEEP = statement(
    insert(recovery_codes).values({name: bindparam(name) for name in ("digest", "account_id", "created_at")})
)


async def take_code(tx: Tx, account_id: int, typed: str) -> str | None:
    """Take a code of an account: ONE_TIME or RECOVERY, or None for one that is wrong, too old, or was taken before (RFC 6238 §5.2).

    Whoever calls counts the wrong ones.
    """
    letters = plain(typed)
    if letters is not None:
        return await _take_recovery(tx, account_id, letters)
    row = await authenticator_of(tx, account_id)
    if row is None:
        return None
    try:
        counter = counter_of(tx.keys.unseal(SEAL, row.secret), typed, tx.now)
    except SealBroken:  # the installation's key was lost: the recovery codes still hold
        return None
    if counter is None or not await tx.run(_TAKE_CODE, account_id=account_id, taken=counter):
        return None
    return ONE_TIME


async def _take_recovery(tx: Tx, account_id: int, letters: str) -> str | None:
    if not await tx.run(_TAKE_RECOVERY, account_id=account_id, code=digest_of(account_id, letters), at=tx.now):
        return None
    await record(tx, "recovery_code.used", account_id=account_id)
    return RECOVERY


async def new_recovery_codes(tx: Tx, account_id: int) -> list[str]:
    """Give an account new recovery codes; the ones before are worth nothing from now on. They are shown this once."""
    await tx.run(_FORGET, account_id=account_id)
    made = [new_code() for _ in range(COUNT)]
    for code in made:
        digest = digest_of(account_id, plain(code) or "")
        await tx.run(_KEEP, digest=digest, account_id=account_id, created_at=tx.now)
    await record(tx, "recovery_codes.made", account_id=account_id)
    return made


async def forget_recovery_codes(tx: Tx, account_id: int) -> None:
    """Take an account's recovery codes away."""
    await tx.run(_FORGET, account_id=account_id)
