"""Teams as their members see them: which they are in, who else is, and which invitations wait."""

from sqlalchemy import and_, bindparam, exists, func, select

from volary.accounts.models import ACTIVE, accounts
from volary.db import Reader, in_list, statement
from volary.developers.errors import InvitationUnknown, TeamUnknown
from volary.developers.models import (
    APPROVED,
    DeveloperRow,
    InvitationRow,
    MemberRow,
    OwnTeamRow,
    TeamRow,
    developer_accounts,
    team_invitations,
    team_members,
    teams,
)
from volary.developers.queries.reaching import reached
from volary.developers.rules.roles import ADMINISTRATOR, WHO_MAY, Act

TEAM_COLUMNS = tuple(teams.c[name] for name in TeamRow.__struct_fields__)
"""The columns of a `TeamRow`, in its order."""

_MINE = (
    select(*TEAM_COLUMNS, team_members.c.role)
    .join_from(teams, team_members, team_members.c.team_id == teams.c.id)
    .where(team_members.c.account_id == bindparam("member_id"), in_list(team_members.c.role, "roles"))
    .order_by(team_members.c.joined_at, teams.c.id)
)
_TEAMS = statement(_MINE, OwnTeamRow)
_TEAM = statement(_MINE.where(teams.c.id == bindparam("team_id")), OwnTeamRow)
_ANY = statement(select(*TEAM_COLUMNS).where(teams.c.id == bindparam("team_id")), TeamRow)

_MEMBERS = (
    select(
        team_members.c.account_id,
        accounts.c.username,
        accounts.c.name,
        accounts.c.state,
        team_members.c.role,
        team_members.c.joined_at,
    )
    .join_from(team_members, accounts, accounts.c.id == team_members.c.account_id)
    .where(team_members.c.team_id == bindparam("team_id"))
    .order_by(team_members.c.role, team_members.c.joined_at, team_members.c.account_id)
)
_EVERY_MEMBER = statement(_MEMBERS, MemberRow)
_ONE_MEMBER = statement(_MEMBERS.where(team_members.c.account_id == bindparam("account_id")), MemberRow)
_OTHER_ADMINISTRATOR = statement(
    select(team_members.c.account_id)
    .join_from(team_members, accounts, accounts.c.id == team_members.c.account_id)
    .where(
        team_members.c.team_id == bindparam("team_id"),
        team_members.c.role == ADMINISTRATOR,
        team_members.c.account_id != bindparam("but"),
        accounts.c.state == ACTIVE,
    )
    .order_by(team_members.c.joined_at, team_members.c.account_id)
    .limit(1),
    int,
)
_CROWD = statement(
    select(
        select(func.count()).where(team_members.c.team_id == bindparam("team_id")).scalar_subquery()
        + select(func.count())
        .where(team_invitations.c.team_id == bindparam("team_id"), team_invitations.c.expires_at > bindparam("now"))
        .scalar_subquery()
    ),
    int,
)

_INVITED, _INVITER = accounts.alias("invited"), accounts.alias("inviter")
_INVITATIONS = (
    select(
        team_invitations.c.id,
        team_invitations.c.team_id,
        teams.c.name.label("team"),
        team_invitations.c.account_id,
        _INVITED.c.username,
        team_invitations.c.role,
        team_invitations.c.invited_by,
        _INVITER.c.username.label("inviter"),
        team_invitations.c.created_at,
        team_invitations.c.expires_at,
    )
    .join_from(team_invitations, teams, teams.c.id == team_invitations.c.team_id)
    .join(_INVITED, _INVITED.c.id == team_invitations.c.account_id)
    .join(_INVITER, _INVITER.c.id == team_invitations.c.invited_by)
    .where(team_invitations.c.expires_at > bindparam("now"))
    .order_by(team_invitations.c.id)
)
_FROM_TEAM = statement(_INVITATIONS.where(team_invitations.c.team_id == bindparam("team_id")), InvitationRow)
_TO_ACCOUNT = statement(_INVITATIONS.where(team_invitations.c.account_id == bindparam("account_id")), InvitationRow)
_ONE_TO_ACCOUNT = statement(
    _INVITATIONS.where(
        team_invitations.c.account_id == bindparam("account_id"), team_invitations.c.id == bindparam("invitation_id")
    ),
    InvitationRow,
)

_DEVELOPER = statement(
    select(*(developer_accounts.c[name] for name in DeveloperRow.__struct_fields__)).where(
        developer_accounts.c.account_id == bindparam("account_id")
    ),
    DeveloperRow,
)
_VOUCHED_FOR = statement(
    select(
        exists().where(
            and_(
                developer_accounts.c.state == APPROVED,
                developer_accounts.c.account_id == team_members.c.account_id,
                team_members.c.team_id == bindparam("team_id"),
                team_members.c.role == ADMINISTRATOR,
            )
        )
    ),
    int,
)


async def developer_account(reader: Reader, account_id: int) -> DeveloperRow | None:
    """The developer account of an account, or None before the agreement was accepted."""
    return await reader.one(_DEVELOPER, account_id=account_id)


async def team_is_approved(reader: Reader, team_id: int) -> bool:
    """Whether an administrator of the team has an approved developer account: the others work under it (C161)."""
    return bool(await reader.one(_VOUCHED_FOR, team_id=team_id))


async def teams_of_member(reader: Reader, member_id: int, act: Act = Act.SEE) -> list[OwnTeamRow]:
    """The teams in which an account may do something, the first that it joined first."""
    return await reader.all(_TEAMS, member_id=member_id, roles=sorted(WHO_MAY[act]))


async def team_of_member(reader: Reader, member_id: int, team_id: int, act: Act = Act.SEE) -> OwnTeamRow:
    """A team in which an account may do something. Raises TeamUnknown, NotForThisRole."""

    async def look(wanted: Act) -> OwnTeamRow | None:
        return await reader.one(_TEAM, member_id=member_id, team_id=team_id, roles=sorted(WHO_MAY[wanted]))

    return await reached(look, act, TeamUnknown)


async def team_by_id(reader: Reader, team_id: int) -> TeamRow | None:
    """A team by its number, whoever asks: for the operator."""
    return await reader.one(_ANY, team_id=team_id)


async def members_of_team(reader: Reader, team_id: int) -> list[MemberRow]:
    """Its members, administrators first. Whether the asker may see them is `team_of_member`'s to say."""
    return await reader.all(_EVERY_MEMBER, team_id=team_id)


async def member_of_team(reader: Reader, team_id: int, account_id: int) -> MemberRow | None:
    """One member, or None."""
    return await reader.one(_ONE_MEMBER, team_id=team_id, account_id=account_id)


async def other_administrator(reader: Reader, team_id: int, but: int) -> int | None:
    """The administrator of longest standing beside this one whose account is active; None when there is no other."""
    return await reader.one(_OTHER_ADMINISTRATOR, team_id=team_id, but=but)


async def seats_taken(reader: Reader, team_id: int) -> int:
    """How many are members of a team or invited to it."""
    return await reader.one(_CROWD, team_id=team_id, now=reader.now) or 0


async def invitations_from(reader: Reader, team_id: int) -> list[InvitationRow]:
    """The invitations of a team that wait."""
    return await reader.all(_FROM_TEAM, team_id=team_id, now=reader.now)


async def invitations_to(reader: Reader, account_id: int) -> list[InvitationRow]:
    """The invitations that an account has."""
    return await reader.all(_TO_ACCOUNT, account_id=account_id, now=reader.now)


async def invitation_to(reader: Reader, account_id: int, invitation_id: int) -> InvitationRow:
    """One of them. Raises InvitationUnknown: it was somebody else's, was withdrawn, or has expired."""
    found = await reader.one(_ONE_TO_ACCOUNT, account_id=account_id, invitation_id=invitation_id, now=reader.now)
    if found is None:
        raise InvitationUnknown
    return found
