"""Invitations to a team: sent by username, accepted or declined by whoever is invited, each taken exactly once."""

import msgspec
from sqlalchemy import bindparam, delete

from volary.accounts.models import ACTIVE
from volary.accounts.queries import account_discovered
from volary.db import Tx, statement, upsert
from volary.developers.actions.noting import note_team
from volary.developers.actions.teams import JOIN
from volary.developers.errors import InvitationUnknown, TeamFull
from volary.developers.models import team_invitations
from volary.developers.queries.teams import member_of_team, seats_taken, team_of_member
from volary.developers.rules.roles import ROLES, Act
from volary.kit.clock import DAY
from volary.kit.errors import Conflict, Invalid, NotFound
from volary.language import mark as _

LASTS = 14 * DAY
"""For how long an invitation can be accepted."""

MOST_MEMBERS = 100
"""How many members a team may have, invitations counted."""

_COLUMNS = ("id", "team_id", "account_id", "role", "invited_by", "created_at", "expires_at")
_INVITE = statement(
    upsert(
        team_invitations,
        values=_COLUMNS,
        key=("team_id", "account_id"),
        update=("role", "invited_by", "created_at", "expires_at"),
    )
)


class _Taken(msgspec.Struct, frozen=True):
    team_id: int
    account_id: int
    role: str


_TAKE = (
    delete(team_invitations)
    .where(team_invitations.c.id == bindparam("invitation_id"))
    .returning(team_invitations.c.team_id, team_invitations.c.account_id, team_invitations.c.role)
)
_ANSWER = statement(
    _TAKE.where(
        team_invitations.c.account_id == bindparam("account_id"), team_invitations.c.expires_at > bindparam("now")
    ),
    _Taken,
)
_WITHDRAW = statement(_TAKE.where(team_invitations.c.team_id == bindparam("team_id")), _Taken)
_SWEEP = statement(delete(team_invitations).where(team_invitations.c.expires_at <= bindparam("now")))


async def invite(tx: Tx, member_id: int, team_id: int, username: str, role: str) -> str:
    """Invite an account, or renew the invitation that it has; its username. It is named so, or by an address by which it can be found.

    Raises TeamUnknown, NotForThisRole, Invalid, NotFound for nobody, Conflict for a member, TeamFull.
    """
    await team_of_member(tx, member_id, team_id, Act.INVITE)
    if role not in ROLES:
        raise Invalid(_("Choose a role."), field="role")
    account = await account_discovered(tx, username)
    if account is None or account.state != ACTIVE:
        if "@" in username.strip()[1:]:
            raise NotFound(_("Nobody can be found by this email address."), field="username")
        raise NotFound(_("There is no account @%(username)s."), field="username", username=username.strip()[:50])
    if await member_of_team(tx, team_id, account.id) is not None:
        raise Conflict(_("@%(username)s is in the team already."), field="username", username=account.username)
    if await seats_taken(tx, team_id) >= MOST_MEMBERS:
        raise TeamFull(MOST_MEMBERS)
    await tx.run(
        _INVITE,
        id=tx.new_id(),
        team_id=team_id,
        account_id=account.id,
        role=role,
        invited_by=member_id,
        created_at=tx.now,
        expires_at=tx.now + LASTS,
    )
    await note_team(tx, team_id, member_id, "member.invited", subject_id=account.id, detail={"role": role})
    return account.username


async def accept_invitation(tx: Tx, account_id: int, invitation_id: int) -> int:
    """Join the team; its number. Raises InvitationUnknown, also for whoever comes second."""
    taken = await tx.one(_ANSWER, invitation_id=invitation_id, account_id=account_id, now=tx.now)
    if taken is None:
        raise InvitationUnknown
    if await member_of_team(tx, taken.team_id, account_id) is None:
        await tx.run(JOIN, team_id=taken.team_id, account_id=account_id, role=taken.role, joined_at=tx.now)
        await note_team(
            tx, taken.team_id, account_id, "member.joined", subject_id=account_id, detail={"role": taken.role}
        )
    return taken.team_id


async def decline_invitation(tx: Tx, account_id: int, invitation_id: int) -> None:
    """Say no. Raises InvitationUnknown."""
    taken = await tx.one(_ANSWER, invitation_id=invitation_id, account_id=account_id, now=tx.now)
    if taken is None:
        raise InvitationUnknown
    await note_team(tx, taken.team_id, account_id, "member.declined", subject_id=account_id)


async def withdraw_invitation(tx: Tx, member_id: int, team_id: int, invitation_id: int) -> None:
    """Take an invitation back. Raises TeamUnknown, NotForThisRole, InvitationUnknown."""
    await team_of_member(tx, member_id, team_id, Act.INVITE)
    taken = await tx.one(_WITHDRAW, invitation_id=invitation_id, team_id=team_id)
    if taken is None:
        raise InvitationUnknown
    await note_team(tx, team_id, member_id, "member.withdrawn", subject_id=taken.account_id)


async def sweep_invitations(tx: Tx) -> int:
    """Forget invitations that nobody can accept any more; how many."""
    return await tx.run(_SWEEP, now=tx.now)
