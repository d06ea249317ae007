"""The label of an account that is run by a program: which account answers for it (C163-C168)."""

from sqlalchemy import bindparam, update

from volary.accounts.actions.emails import write_to
from volary.accounts.errors import Refused
from volary.accounts.models import ACTIVE, AccountRow, accounts
from volary.accounts.queries import account_by_id, automated_by, automates_anybody
from volary.activity.actions import record
from volary.db import Tx, statement
from volary.language import mark as _
from volary.mail.actions import Parameters

ITSELF = _("An account cannot run itself. Enter the account of whoever runs this one.")
IS_AUTOMATED = _("This account is labelled as automated itself. Enter the account of the person who runs it.")
RUNS_OTHERS = _("This account runs other automated accounts, so it cannot be labelled as one.")
STARTED, ENDED = "accounts/letters/automation_started", "accounts/letters/automation_ended"

_SET = statement(
    update(accounts).where(accounts.c.id == bindparam("bot")).values(automated_by=bindparam("manager")),
)
_END = statement(
    update(accounts)
    .where(accounts.c.id == bindparam("bot"), accounts.c.automated_by == bindparam("manager"))
    .values(automated_by=None)
)


async def label_automated(tx: Tx, bot_id: int, manager_id: int, *, address: str = "") -> bool:
    """Say that an account is automated and who runs it; both are written to. False when that was said already.

    Whoever calls has seen that the manager agrees. Nobody is run by an account that is run itself, so that the label always leads to
    somebody who answers for the account. Raises Refused.
    """
    bot, manager = await account_by_id(tx, bot_id), await account_by_id(tx, manager_id)
    if bot is None or manager is None or manager.state != ACTIVE or bot.automated_by == manager.id:
        return False
    if bot.id == manager.id:
        raise Refused(ITSELF, field="manager")
    if manager.automated_by is not None:
        raise Refused(IS_AUTOMATED, field="manager")
    if await automates_anybody(tx, bot.id):
        raise Refused(RUNS_OTHERS, field="manager")
    if bot.automated_by is not None:
        await end_label(tx, bot.id, bot.automated_by, address=address)
    await tx.run(_SET, bot=bot.id, manager=manager.id)
    await _tell(tx, bot, manager, "automation.started", STARTED, address)
    return True


async def end_label(tx: Tx, bot_id: int, manager_id: int, *, address: str = "") -> bool:
    """Say no longer that an account is run by another; both are written to. False when the one does not run the other."""
    if not await tx.run(_END, bot=bot_id, manager=manager_id):
        return False
    bot, manager = await account_by_id(tx, bot_id), await account_by_id(tx, manager_id)
    if bot is not None and manager is not None:
        await _tell(tx, bot, manager, "automation.ended", ENDED, address)
    return True


async def end_labels_of(tx: Tx, manager_id: int) -> int:
    """Take the label off every account that one runs, since that one goes away; how many there were."""
    bots = await automated_by(tx, manager_id)
    for bot in bots:
        await end_label(tx, bot.id, manager_id)
    return len(bots)


async def _tell(tx: Tx, bot: AccountRow, manager: AccountRow, kind: str, letter: str, address: str) -> None:
    """Into the records of both, and a letter to both; once where both have one address."""
    told: Parameters = {"bot": bot.username, "manager": manager.username, "at_ms": tx.now}
    for one, other in ((bot, manager), (manager, bot)):
        await record(tx, kind, account_id=one.id, subject_id=other.id, address=address)
    for one in (bot, manager) if bot.email != manager.email else (manager,):
        await write_to(tx, one.id, letter, {**told, "name": one.name}, confirmed=True)
