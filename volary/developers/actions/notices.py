"""Letters to the owners of Apps, and to developers."""

from volary.accounts.actions import write_to
from volary.accounts.queries import account_by_id
from volary.db import Tx
from volary.developers.models import AppRow
from volary.developers.rules.suspending import RULES, TERMS
from volary.mail.actions import Parameters


async def tell_of_suspension(tx: Tx, app: AppRow, reason: str, rule: str = "terms") -> bool:
    """Write the “Application suspension notice” to the address of the account that owns an App, as part of suspending it (C177, C178).

    `rule` is a word of `rules.suspending.RULES`. False when the owner has no address: the portal shows the reason either way.
    """
    owner = await account_by_id(tx, app.owner_id)
    told: Parameters = {
        "name": owner.name if owner else "",
        "app": app.name,
        "app_id": str(app.id),
        "rule": RULES.get(rule, TERMS),
        "reason": reason,
        "suspended_at": tx.now,
    }
    return await write_to(tx, app.owner_id, "developers/letters/suspended", told)


async def tell_of_decision(tx: Tx, account_id: int, *, approved: bool, reason: str) -> bool:
    """Write to a developer what the operator decided (C161). False where the account has no address: the portal says it either way."""
    account = await account_by_id(tx, account_id)
    told: Parameters = {"name": account.name if account else "", "approved": int(approved), "reason": reason}
    return await write_to(tx, account_id, "developers/letters/decided", told)
