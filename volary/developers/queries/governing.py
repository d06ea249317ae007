"""Developers and their teams as the operator of the server sees them: who waits for an answer first."""

import msgspec
from sqlalchemy import bindparam, case, select

from volary.accounts.models import accounts
from volary.db import Reader, statement
from volary.developers.models import PENDING, TeamRow, developer_accounts, team_members, teams
from volary.developers.queries.teams import TEAM_COLUMNS

_MOST = 1_000


class GovernedRow(msgspec.Struct, frozen=True):
    """A developer account with the name of who has it."""

    account_id: int
    username: str
    state: str
    reason: str
    use_case: str
    agreed_at: int
    decided_at: int | None


_EVERY = (
    select(
        developer_accounts.c.account_id,
        accounts.c.username,
        developer_accounts.c.state,
        developer_accounts.c.reason,
        developer_accounts.c.use_case,
        developer_accounts.c.agreed_at,
        developer_accounts.c.decided_at,
    )
    .join_from(developer_accounts, accounts, accounts.c.id == developer_accounts.c.account_id)
    .order_by(case((developer_accounts.c.state == PENDING, 0), else_=1), developer_accounts.c.agreed_at)
    .limit(_MOST)
)
_DEVELOPERS = statement(_EVERY, GovernedRow)
_IN_STATE = statement(_EVERY.where(developer_accounts.c.state == bindparam("state")), GovernedRow)
_FOUNDED = statement(
    select(*TEAM_COLUMNS)
    .join_from(teams, team_members, team_members.c.team_id == teams.c.id)
    .where(teams.c.founder_id == bindparam("account_id"), team_members.c.account_id == bindparam("account_id"))
    .order_by(teams.c.id)
    .limit(1),
    TeamRow,
)


async def every_developer(reader: Reader, state: str = "") -> list[GovernedRow]:
    """Developer accounts, those that wait first; or those in one state. At most a thousand."""
    if state:
        return await reader.all(_IN_STATE, state=state)
    return await reader.all(_DEVELOPERS)


async def founded_team(reader: Reader, account_id: int) -> TeamRow | None:
    """The team that an account founded and is still in."""
    return await reader.one(_FOUNDED, account_id=account_id)
