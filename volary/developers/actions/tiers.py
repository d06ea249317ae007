"""Access tiers: asked for by a team's administrator, set by the operator (C146, C147)."""

from sqlalchemy import bindparam, null, update

from volary.activity.actions import record
from volary.db import Tx, statement
from volary.developers.actions.noting import note_team
from volary.developers.models import teams
from volary.developers.queries.teams import team_by_id, team_of_member
from volary.developers.rules import texts
from volary.developers.rules.roles import Act
from volary.developers.rules.tiers import TIERS
from volary.kit.errors import Conflict, Invalid, NotFound
from volary.kit.whence import COMMAND_LINE
from volary.language import mark as _

_ASK = statement(
    update(teams)
    .values(wanted_tier=bindparam("tier"), wanted_why=bindparam("why"), wanted_at=bindparam("now"), tier_answer="")
    .where(teams.c.id == bindparam("team_id"))
)
_ANSWER = statement(
    update(teams)
    .values(tier=bindparam("tier"), wanted_tier="", wanted_why="", wanted_at=null(), tier_answer=bindparam("answer"))
    .where(teams.c.id == bindparam("team_id"))
)


async def ask_for_tier(tx: Tx, member_id: int, team_id: int, tier: str, why: str) -> None:
    """Ask the operator for another access tier; a later request takes the place of one that waits.

    Raises TeamUnknown, NotForThisRole, Invalid, Conflict.
    """
    team = await team_of_member(tx, member_id, team_id, Act.ASK_FOR_TIER)
    _known(tier)
    if tier == team.tier:
        raise Conflict(_("The team has this access tier already."), field="tier")
    kept = texts.text(why, "why", texts.WHY)
    await tx.run(_ASK, team_id=team_id, tier=tier, why=kept, now=tx.now)
    await note_team(tx, team_id, member_id, "tier.wanted", detail={"tier": tier})


async def set_tier(tx: Tx, team_id: int, tier: str, *, answer: str = "", actor_id: int = COMMAND_LINE) -> None:
    """Give a team an access tier; a request that waits is answered by it, `answer` says why. Apps that exist stay, whatever the limit.

    Raises Invalid, NotFound.
    """
    _known(tier)
    kept = texts.text(answer, "answer", texts.REASON)
    if await team_by_id(tx, team_id) is None:
        raise NotFound(_("There is no such team."))
    await tx.run(_ANSWER, team_id=team_id, tier=tier, answer=kept)
    await record(tx, "tier.set", account_id=None, actor_id=actor_id, team_id=team_id, detail={"tier": tier})


def _known(tier: str) -> None:
    if tier not in TIERS:
        raise Invalid(_("There is no such access tier."), field="tier")
