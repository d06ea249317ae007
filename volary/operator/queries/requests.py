"""What waits for an operator: developers who signed up, and teams that want another access tier. Reports of people, too."""

import msgspec
from sqlalchemy import select

from volary.accounts.models import accounts
from volary.db import Reader, statement
from volary.developers.models import PENDING, developer_accounts, teams

MOST = 100
"""How many of each stand on the page; answered ones make room."""


class WaitingDeveloper(msgspec.Struct, frozen=True):
    """A developer account that waits to be approved."""

    account_id: int
    username: str
    use_case: str
    agreed_at: int


class WaitingTeam(msgspec.Struct, frozen=True):
    """A team that wants another access tier."""

    id: int
    name: str
    tier: str
    wanted_tier: str
    wanted_why: str
    wanted_at: int


_DEVELOPERS = statement(
    select(
        developer_accounts.c.account_id,
        accounts.c.username,
        developer_accounts.c.use_case,
        developer_accounts.c.agreed_at,
    )
    .join_from(developer_accounts, accounts, accounts.c.id == developer_accounts.c.account_id)
    .where(developer_accounts.c.state == PENDING)
    .order_by(developer_accounts.c.agreed_at)
    .limit(MOST),
    WaitingDeveloper,
)
_TEAMS = statement(
    select(*(teams.c[name] for name in WaitingTeam.__struct_fields__))
    .where(teams.c.wanted_at > 0)
    .order_by(teams.c.wanted_at)
    .limit(MOST),
    WaitingTeam,
)


async def waiting_developers(reader: Reader) -> list[WaitingDeveloper]:
    """Those who wait for longest first."""
    return await reader.all(_DEVELOPERS)


async def waiting_teams(reader: Reader) -> list[WaitingTeam]:
    """Those that wait for longest first."""
    return await reader.all(_TEAMS)
