"""What `volary developer …` does: each command one action of the operator, named by username."""

import msgspec

from volary.accounts.models import AccountRow
from volary.accounts.queries import account_by_username
from volary.db import Reader, Tx
from volary.developers import actions
from volary.developers.models import MemberRow
from volary.developers.queries import (
    GovernedRow,
    developer_account,
    every_developer,
    founded_team,
    members_of_team,
    team_by_id,
)
from volary.kit.errors import NotFound
from volary.kit.whence import COMMAND_LINE
from volary.language import mark as _


class DeveloperFacts(msgspec.Struct, frozen=True):
    """What `volary developer list --json` prints of each."""

    account_id: str
    username: str
    state: str
    reason: str
    use_case: str
    agreed_at: int
    decided_at: int | None
    team_id: str | None
    team: str | None
    tier: str | None
    wanted_tier: str | None
    wanted_why: str | None


class TeamFacts(msgspec.Struct, frozen=True):
    """What `volary developer team --json` prints."""

    team_id: str
    name: str
    tier: str
    wanted_tier: str
    wanted_why: str
    created_at: int
    members: list[MemberRow]


async def list_developers(reader: Reader, state: str = "") -> list[DeveloperFacts]:
    """Developer accounts, those that wait first."""
    return [await _facts(reader, row) for row in await every_developer(reader, state)]


async def decide_developer(tx: Tx, username: str, *, refused_for: str | None = None) -> None:
    """Approve a developer account, or refuse it for a reason. Raises NotFound, Conflict, Invalid."""
    account = await _account(tx, username)
    if refused_for is None:
        await actions.approve_developer(tx, account.id, actor_id=COMMAND_LINE)
    else:
        await actions.refuse_developer(tx, account.id, reason=refused_for, actor_id=COMMAND_LINE)


async def set_tier_of(tx: Tx, username: str, tier: str, answer: str = "") -> None:
    """Give the team that an account founded an access tier. Raises NotFound, Invalid."""
    account = await _account(tx, username)
    team = await founded_team(tx, account.id)
    if team is None:
        if await developer_account(tx, account.id) is None:
            raise NotFound(_("This account has no developer account."))
        team = await actions.own_team(tx, account.id)
    await actions.set_tier(tx, team.id, tier, answer=answer, actor_id=COMMAND_LINE)


async def team_facts(reader: Reader, team_id: int) -> TeamFacts:
    """A team with its members. Raises NotFound."""
    team = await team_by_id(reader, team_id)
    if team is None:
        raise NotFound(_("There is no such team."))
    return TeamFacts(
        team_id=str(team.id),
        name=team.name,
        tier=team.tier,
        wanted_tier=team.wanted_tier,
        wanted_why=team.wanted_why,
        created_at=team.created_at,
        members=await members_of_team(reader, team.id),
    )


async def appoint(tx: Tx, team_id: int, username: str) -> None:
    """Make an account an administrator of a team which nobody administers any more. Raises NotFound."""
    if await team_by_id(tx, team_id) is None:
        raise NotFound(_("There is no such team."))
    await actions.appoint(tx, team_id, (await _account(tx, username)).id, actor_id=COMMAND_LINE)


async def _account(reader: Reader, username: str) -> AccountRow:
    account = await account_by_username(reader, username.removeprefix("@"))
    if account is None:
        raise NotFound(_("There is no account @%(username)s."), username=username)
    return account


async def _facts(reader: Reader, row: GovernedRow) -> DeveloperFacts:
    team = await founded_team(reader, row.account_id)
    return DeveloperFacts(
        account_id=str(row.account_id),
        username=row.username,
        state=row.state,
        reason=row.reason,
        use_case=row.use_case,
        agreed_at=row.agreed_at,
        decided_at=row.decided_at,
        team_id=str(team.id) if team else None,
        team=team.name if team else None,
        tier=team.tier if team else None,
        wanted_tier=(team.wanted_tier or None) if team else None,
        wanted_why=(team.wanted_why or None) if team else None,
    )
