"""Answering developers who signed up, teams that want another access tier, and people who reported somebody."""

from volary.activity.actions import record
from volary.db import Tx
from volary.developers.actions import approve_developer, refuse_developer, set_tier
from volary.graph.actions.deciding import decide_reports
from volary.kit.errors import Invalid
from volary.language import mark as _
from volary.operator.actions.actors import Actor, ensure_operator
from volary.operator.errors import NobodyHere

OUTCOMES = {
    "nothing": _("Nothing to do"),
    "warned": _("Warned"),
    "locked": _("Account locked"),
}
"""What may come of reports, by the word that is kept."""


async def approve(tx: Tx, actor: Actor, account_id: int) -> None:
    """Let a developer create Projects and Apps. Raises NotAnOperator, NotFound, Conflict."""
    await ensure_operator(tx, actor)
    await approve_developer(tx, account_id, actor_id=actor.account_id)


async def refuse(tx: Tx, actor: Actor, account_id: int, *, reason: str) -> None:
    """Refuse a developer, who reads the reason. Raises NotAnOperator, Invalid, NotFound, Conflict."""
    await ensure_operator(tx, actor)
    await refuse_developer(tx, account_id, reason=reason, actor_id=actor.account_id)


async def give_tier(tx: Tx, actor: Actor, team_id: int, tier: str, *, answer: str) -> None:
    """Set a team's access tier, which answers its request (C146, C147). Raises NotAnOperator, Invalid, NotFound."""
    await ensure_operator(tx, actor)
    await set_tier(tx, team_id, tier, answer=answer, actor_id=actor.account_id)


async def decide(tx: Tx, actor: Actor, account_id: int, outcome: str) -> None:
    """Say what came of the reports about an account; locking it is an act of its own. Raises NotAnOperator, Invalid, NobodyHere."""
    await ensure_operator(tx, actor)
    if outcome not in OUTCOMES:
        raise Invalid(_("Choose what came of it."), field="outcome")
    count = await decide_reports(tx, account_id, outcome)
    if not count:
        raise NobodyHere
    detail: dict[str, str | int] = {"outcome": outcome, "reports": count}
    await record(
        tx, "report.decided", account_id=account_id, actor_id=actor.account_id, address=actor.address, detail=detail
    )
