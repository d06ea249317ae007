"""Developer accounts: the agreement, and the access tier."""

from sqlalchemy import bindparam, update

from volary.activity.actions import record
from volary.db import Tx, statement, upsert
from volary.developers.errors import NotADeveloper
from volary.developers.models import developer_accounts
from volary.developers.queries.owners import developer_account
from volary.developers.rules import texts
from volary.developers.rules.tiers import AGREEMENT, APPS_IN_A_PROJECT
from volary.kit.errors import Invalid, NotFound
from volary.language import mark as _

_SIGN_UP = statement(
    upsert(
        developer_accounts,
        values=("account_id", "agreed_at", "agreement_version", "use_case"),
        key=("account_id",),
        update=("agreed_at", "agreement_version", "use_case"),
    )
)
_TIER = statement(
    update(developer_accounts)
    .values(tier=bindparam("tier"))
    .where(developer_accounts.c.account_id == bindparam("account_id"))
)


async def sign_up(tx: Tx, account_id: int, *, agreed: bool, use_case: str) -> None:
    """Make a developer account of an account, with the agreement in its present version. Raises Invalid without consent."""
    if not agreed:
        raise Invalid(_("Please accept the developer agreement."), field="agreed")
    kept = texts.text(use_case, "use_case", texts.USE_CASE)
    await tx.run(_SIGN_UP, account_id=account_id, agreed_at=tx.now, agreement_version=AGREEMENT, use_case=kept)
    await record(tx, "developer.agreed", account_id=account_id, detail={"version": AGREEMENT})


async def set_tier(tx: Tx, account_id: int, tier: str) -> None:
    """Give a developer another access tier; Apps that exist stay, whatever the new limit. Raises Invalid, NotFound."""
    if tier not in APPS_IN_A_PROJECT:
        raise Invalid(_("There is no such access tier."), field="tier")
    if not await tx.run(_TIER, account_id=account_id, tier=tier):
        raise NotFound(_("This account has no developer account."))
    await record(tx, "developer.tier", account_id=account_id, detail={"tier": tier})


async def ensure_developer(tx: Tx, account_id: int) -> None:
    """Refuse an account that never accepted the agreement: creating something new needs it (C161). Raises NotADeveloper."""
    if await developer_account(tx, account_id) is None:
        raise NotADeveloper
