"""Adding, taking, naming and removing passkeys."""

from sqlalchemy import bindparam, delete, update

from volary.activity.actions import record
from volary.db import Tx, statement, upsert
from volary.factors.actions.steps import switch_off
from volary.factors.errors import MOST_PASSKEYS, PasskeyRefused, PasskeyUnknown, TooManyPasskeys
from volary.factors.models import PasskeyRow, passkeys, spent_challenges
from volary.factors.queries import authenticator_of, passkey_by_credential, passkeys_of
from volary.factors.rules.challenges import ADD, holds_until
from volary.factors.rules.passkeys import (
    LONGEST_NAME,
    Party,
    challenge_in,
    handle_of,
    made,
    moved_on,
    proved,
    shown,
)

_COLUMNS = ["id", "account_id", "credential_id", "credential", "sign_count", "name", "created_at"]
_KEEP = statement(upsert(passkeys, values=_COLUMNS, key=["credential_id"]))
_SPEND = statement(upsert(spent_challenges, values=["digest", "expires_at"], key=["digest"]))
_SWEEP = statement(delete(spent_challenges).where(spent_challenges.c.expires_at < bindparam("now")))
_USED = statement(
    update(passkeys)
    .where(passkeys.c.id == bindparam("passkey_id"), passkeys.c.sign_count == bindparam("before"))
    .values(sign_count=bindparam("after"), last_used_at=bindparam("at"))
)
_MINE = (passkeys.c.id == bindparam("passkey_id"), passkeys.c.account_id == bindparam("account_id"))
_NAME = statement(update(passkeys).where(*_MINE).values(name=bindparam("new")))
_REMOVE = statement(delete(passkeys).where(*_MINE).returning(passkeys.c.name), str)


async def add_passkey(tx: Tx, party: Party, account_id: int, name: str, answer: str, bound_to: str) -> None:
    """Keep the passkey that a browser made. Raises PasskeyRefused, also for one that is kept already; TooManyPasskeys."""
    challenge = challenge_in(answer)
    await _spend(tx, ADD, bound_to, challenge)
    new = made(party, challenge, answer)
    held = await passkeys_of(tx, account_id)
    if len(held) >= MOST_PASSKEYS:
        raise TooManyPasskeys
    kept = await tx.run(
        _KEEP,
        id=tx.new_id(),
        account_id=account_id,
        credential_id=new.credential_id,
        credential=new.credential,
        sign_count=new.sign_count,
        name=_named(name),
        created_at=tx.now,
    )
    if not kept:
        raise PasskeyRefused("this passkey is kept already")
    await record(tx, "passkey.added", account_id=account_id, detail={"name": _named(name)})


async def take_passkey(
    tx: Tx, party: Party, purpose: str, answer: str, bound_to: str, account_id: int | None = None
) -> PasskeyRow:
    """The passkey that a browser proved, for its account or for a known one; its challenge is spent. Raises PasskeyRefused.

    An authenticator's counter that did not grow means a copy of it: then nothing is opened and the person is told by the record
    (WebAuthn §7.2 step 22).
    """
    claim = shown(answer)
    row = await passkey_by_credential(tx, claim.credential_id)
    if row is None or account_id not in {None, row.account_id}:
        raise PasskeyRefused("nobody's passkey, or another account's")
    if claim.user_handle and claim.user_handle != handle_of(row.account_id):
        raise PasskeyRefused("the passkey names another account than the one that it belongs to")
    await _spend(tx, purpose, bound_to, claim.challenge)
    count = proved(party, claim.challenge, row.credential, answer)
    if not moved_on(row.sign_count, count):
        raise PasskeyRefused(f"passkey {row.id}: its counter went from {row.sign_count} to {count}")
    if not await tx.run(_USED, passkey_id=row.id, before=row.sign_count, after=count, at=tx.now):
        raise PasskeyRefused(f"passkey {row.id} was used at the same moment")
    return row


async def name_passkey(tx: Tx, account_id: int, passkey_id: int, name: str) -> None:
    """Call a passkey something else. Raises PasskeyUnknown."""
    if not await tx.run(_NAME, account_id=account_id, passkey_id=passkey_id, new=_named(name)):
        raise PasskeyUnknown


async def remove_passkey(tx: Tx, account_id: int, passkey_id: int) -> bool:
    """Take a passkey away. Whether that ended the second step, too: it does with the last one, where there is no authenticator.

    Raises PasskeyUnknown.
    """
    name = await tx.one(_REMOVE, account_id=account_id, passkey_id=passkey_id)
    if name is None:
        raise PasskeyUnknown
    await record(tx, "passkey.removed", account_id=account_id, subject_id=passkey_id, detail={"name": name})
    if await passkeys_of(tx, account_id) or await authenticator_of(tx, account_id) is not None:
        return False
    return await switch_off(tx, account_id)


async def sweep_challenges(tx: Tx) -> int:
    """Forget challenges that hold no more."""
    return await tx.run(_SWEEP, now=tx.now)


async def _spend(tx: Tx, purpose: str, bound_to: str, challenge: bytes) -> None:
    until = holds_until(tx.keys, purpose, bound_to, challenge, tx.now)
    if until is None:
        raise PasskeyRefused("the challenge is not ours, not this browser's, or too old")
    if not await tx.run(_SPEND, digest=challenge[-32:], expires_at=until):
        raise PasskeyRefused("the challenge was answered before")


def _named(name: str) -> str:
    return " ".join("".join(letter for letter in name if letter.isprintable()).split())[:LONGEST_NAME]
