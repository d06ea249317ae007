"""Teams of an account that is erased: its Apps pass to another member, and end where there is nobody else (decision 0047)."""

from sqlalchemy import bindparam, case, delete, select, update

from volary.accounts.models import ACTIVE, accounts
from volary.db import Tx, statement
from volary.developers.actions.apps import end_app
from volary.developers.actions.noting import note_team
from volary.developers.actions.teams import take_out
from volary.developers.models import (
    AppRow,
    appeal_messages,
    apps,
    developer_accounts,
    projects,
    team_invitations,
    team_members,
    teams,
)
from volary.developers.queries import apps_of_team
from volary.developers.queries.teams import teams_of_member
from volary.developers.rules.roles import ADMINISTRATOR

_HEIR = statement(
    select(team_members.c.account_id)
    .join_from(team_members, accounts, accounts.c.id == team_members.c.account_id)
    .where(team_members.c.team_id == bindparam("team_id"), team_members.c.account_id != bindparam("but"))
    .order_by(
        case((accounts.c.state == ACTIVE, 0), else_=1),
        case((team_members.c.role == ADMINISTRATOR, 0), else_=1),
        team_members.c.joined_at,
        team_members.c.account_id,
    )
    .limit(1),
    int,
)
_GIVE_PROJECTS = statement(
    update(projects)
    .values(owner_id=bindparam("heir"))
    .where(projects.c.team_id == bindparam("team_id"), projects.c.owner_id == bindparam("account_id"))
)
_LOOSE = statement(update(apps).values(project_id=None).where(apps.c.team_id == bindparam("team_id")))
_FORGET_PROJECTS = statement(delete(projects).where(projects.c.team_id == bindparam("team_id")))
_FORGET_NAME = statement(
    update(teams).values(name="", wanted_why="", tier_answer="").where(teams.c.id == bindparam("team_id"))
)
_FORGET = (
    statement(delete(team_members).where(team_members.c.account_id == bindparam("account_id"))),
    statement(delete(team_invitations).where(team_invitations.c.account_id == bindparam("account_id"))),
    statement(delete(team_invitations).where(team_invitations.c.invited_by == bindparam("account_id"))),
    statement(delete(developer_accounts).where(developer_accounts.c.account_id == bindparam("account_id"))),
    statement(update(appeal_messages).values(text="").where(appeal_messages.c.account_id == bindparam("account_id"))),
)


async def depart_from_teams(tx: Tx, account_id: int) -> list[AppRow]:
    """Take an account out of every team; the Apps that end with it, whose grants are for the room above to end.

    An heir is an active administrator if there is one, else another member, whose role stays what it is: the operator appoints
    administrators. A team of which nobody is left keeps its row without a name.
    """
    ended: list[AppRow] = []
    for team in await teams_of_member(tx, account_id):
        heir = await tx.one(_HEIR, team_id=team.id, but=account_id)
        if heir is None:
            for app in await apps_of_team(tx, account_id, team.id):
                await end_app(tx, app, account_id)
                ended.append(app)
            await tx.run(_LOOSE, team_id=team.id)
            await tx.run(_FORGET_PROJECTS, team_id=team.id)
            await tx.run(_FORGET_NAME, team_id=team.id)
        else:
            await take_out(tx, team.id, account_id, heir, account_id)
            await tx.run(_GIVE_PROJECTS, team_id=team.id, account_id=account_id, heir=heir)
        await note_team(tx, team.id, account_id, "member.left", subject_id=account_id)
    for forget in _FORGET:
        await tx.run(forget, account_id=account_id)
    return ended
