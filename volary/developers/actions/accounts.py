"""Developer accounts: the agreement, and what the operator said to it."""

from sqlalchemy import bindparam, update

from volary.activity.actions import record
from volary.db import Reader, Tx, statement, upsert
from volary.developers.actions.notices import tell_of_decision
from volary.developers.actions.teams import own_team
from volary.developers.errors import DeveloperRefused, DeveloperWaits, NotADeveloper
from volary.developers.models import APPROVED, PENDING, REFUSED, developer_accounts
from volary.developers.queries.teams import developer_account, team_is_approved
from volary.developers.rules import texts
from volary.developers.rules.tiers import AGREEMENT
from volary.kit.errors import Conflict, Invalid, NotFound
from volary.language import mark as _

_SIGN_UP = statement(
    upsert(
        developer_accounts,
        values=("account_id", "agreed_at", "agreement_version", "use_case", "state", "reason"),
        key=("account_id",),
        update=("agreed_at", "agreement_version", "use_case", "state", "reason"),
    )
)
_DECIDE = statement(
    update(developer_accounts)
    .values(state=bindparam("state"), reason=bindparam("reason"), decided_at=bindparam("now"))
    .where(developer_accounts.c.account_id == bindparam("account_id"), developer_accounts.c.state != bindparam("state"))
)


async def sign_up(tx: Tx, account_id: int, *, agreed: bool, use_case: str, by_operator: bool = False) -> None:
    """Make a developer account of an account, with the agreement in its present version.

    `by_operator`: it waits until an operator approves it, who has to know what for; without, it is approved by itself. Whoever was
    refused may ask again, and waits for an operator in any case; an approved account stays approved. Raises Invalid without consent or a
    use case that an operator can judge.
    """
    if not agreed:
        raise Invalid(_("Please accept the developer agreement."), field="agreed")
    kept = texts.text(use_case, "use_case", texts.USE_CASE)
    before = await developer_account(tx, account_id)
    waits = by_operator or (before is not None and before.was_refused)
    if waits and len(kept) < texts.USE_CASE_TOLD:
        raise Invalid(
            _("An operator reads this before you can begin. Please write at least %(least)s characters."),
            field="use_case",
            least=texts.USE_CASE_TOLD,
        )
    state = PENDING if waits and not (before and before.approved) else APPROVED
    await tx.run(
        _SIGN_UP,
        account_id=account_id,
        agreed_at=tx.now,
        agreement_version=AGREEMENT,
        use_case=kept,
        state=state,
        reason="",
    )
    await own_team(tx, account_id)
    await record(tx, "developer.agreed", account_id=account_id, detail={"version": AGREEMENT, "state": state})


async def approve_developer(tx: Tx, account_id: int, *, actor_id: int | None = None) -> None:
    """Let a developer create Projects and Apps. Raises NotFound, Conflict."""
    await _decide(tx, account_id, APPROVED, "", "developer.approved", actor_id)


async def refuse_developer(tx: Tx, account_id: int, *, reason: str, actor_id: int | None = None) -> None:
    """Refuse a developer, who reads the reason; what exists already can still be managed (C160). Raises Invalid, NotFound, Conflict."""
    kept = texts.text(reason, "reason", texts.WHY)
    await _decide(tx, account_id, REFUSED, kept, "developer.refused", actor_id)


async def ensure_developer(reader: Reader, account_id: int, team_id: int | None = None) -> None:
    """Refuse whoever may not create anything new (C161). Raises NotADeveloper, DeveloperWaits, DeveloperRefused.

    Whoever works in a team of others needs no developer account of their own: its administrators answer for them.
    """
    if team_id is not None and await team_is_approved(reader, team_id):
        return
    developer = await developer_account(reader, account_id)
    if developer is None:
        raise NotADeveloper
    if developer.state == PENDING:
        raise DeveloperWaits
    if not developer.approved:
        raise DeveloperRefused(developer.reason)


async def _decide(tx: Tx, account_id: int, state: str, reason: str, kind: str, actor_id: int | None) -> None:
    if await developer_account(tx, account_id) is None:
        raise NotFound(_("This account has no developer account."))
    if not await tx.run(_DECIDE, account_id=account_id, state=state, reason=reason, now=tx.now):
        raise Conflict(_("This developer account is in that state already."))
    detail: dict[str, str | int] = {"reason": reason} if reason else {}
    await record(tx, kind, account_id=account_id, actor_id=actor_id, detail=detail)
    await tell_of_decision(tx, account_id, approved=state == APPROVED, reason=reason)
