"""Whose messages one takes."""

from sqlalchemy import bindparam, delete

from volary.access.caller import Caller
from volary.accounts.queries import account_by_id
from volary.activity.actions import note
from volary.db import Tx, statement, upsert
from volary.messages.errors import NobodyToBlock
from volary.messages.models import EVERYONE, FOLLOWING, message_blocks, message_settings

_BLOCK = statement(
    upsert(message_blocks, values=["blocker_id", "blocked_id", "place"], key=["blocker_id", "blocked_id"])
)
_UNBLOCK = statement(
    delete(message_blocks).where(
        message_blocks.c.blocker_id == bindparam("blocker"), message_blocks.c.blocked_id == bindparam("blocked")
    )
)
_ALLOW = statement(upsert(message_settings, values=["account_id", "allowed"], key=["account_id"], update=["allowed"]))


async def block_messages(tx: Tx, caller: Caller, account_id: int) -> None:
    """Take no more messages from an account; nothing else between the two changes, and the caller can still write. Raises NobodyToBlock."""
    me = caller.me
    if account_id == me or await account_by_id(tx, account_id) is None:
        raise NobodyToBlock
    if await tx.run(_BLOCK, blocker_id=me, blocked_id=account_id, place=tx.new_id()):
        await note(tx, caller, "message_block.started", account_id)


async def unblock_messages(tx: Tx, caller: Caller, account_id: int) -> None:
    """Take an account's messages again."""
    if await tx.run(_UNBLOCK, blocker=caller.me, blocked=account_id):
        await note(tx, caller, "message_block.ended", account_id)


async def allow_messages(tx: Tx, caller: Caller, allowed: str) -> None:
    """Say who can begin a conversation with the caller: EVERYONE or FOLLOWING."""
    if allowed not in {EVERYONE, FOLLOWING}:
        raise ValueError(allowed)
    await tx.run(_ALLOW, account_id=caller.me, allowed=allowed)
