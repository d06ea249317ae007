"""Reading what an account proves itself with. Secrets leave only as sealed rows, for the actions."""

from sqlalchemy import bindparam, func, select

from volary.db import Reader, statement
from volary.factors.models import AuthenticatorRow, PasskeyRow, authenticators, passkeys, recovery_codes, second_steps

_SINCE = statement(select(second_steps.c.since).where(second_steps.c.account_id == bindparam("account_id")), int)
_AUTHENTICATOR = statement(
    select(*(authenticators.c[name] for name in AuthenticatorRow.__struct_fields__)).where(
        authenticators.c.account_id == bindparam("account_id")
    ),
    AuthenticatorRow,
)
_CODES_LEFT = statement(
    select(func.count())
    .select_from(recovery_codes)
    .where(recovery_codes.c.account_id == bindparam("account_id"), recovery_codes.c.used_at.is_(None)),
    int,
)
_PASSKEY_COLUMNS = tuple(passkeys.c[name] for name in PasskeyRow.__struct_fields__)
_PASSKEYS = statement(
    select(*_PASSKEY_COLUMNS).where(passkeys.c.account_id == bindparam("account_id")).order_by(passkeys.c.id),
    PasskeyRow,
)
_PASSKEY = statement(
    select(*_PASSKEY_COLUMNS).where(passkeys.c.credential_id == bindparam("credential_id")), PasskeyRow
)


async def second_step_since(reader: Reader, account_id: int) -> int | None:
    """Since when an account's password alone opens no session; None while it does."""
    return await reader.one(_SINCE, account_id=account_id)


async def authenticator_of(reader: Reader, account_id: int) -> AuthenticatorRow | None:
    """The app that makes an account's one-time codes."""
    return await reader.one(_AUTHENTICATOR, account_id=account_id)


async def recovery_codes_left(reader: Reader, account_id: int) -> int:
    """How many recovery codes an account has not used."""
    return await reader.one(_CODES_LEFT, account_id=account_id) or 0


async def passkeys_of(reader: Reader, account_id: int) -> list[PasskeyRow]:
    """An account's passkeys, the oldest first."""
    return await reader.all(_PASSKEYS, account_id=account_id)


async def passkey_by_credential(reader: Reader, credential_id: bytes) -> PasskeyRow | None:
    """The passkey that an authenticator names by its id, whosever it is."""
    return await reader.one(_PASSKEY, credential_id=credential_id)
