"""Teams: made with the first thing that somebody owns, renamed, and who is in them with which role (C162).

Every change stands in the team's history. A team always keeps an administrator whose account is active.
"""

from sqlalchemy import bindparam, delete, insert, update

from volary.accounts.queries import account_by_id
from volary.db import Tx, statement
from volary.developers.actions.noting import note_app, note_team
from volary.developers.errors import LastAdministrator, MemberUnknown
from volary.developers.models import AppRow, MemberRow, OwnTeamRow, apps, team_invitations, team_members, teams
from volary.developers.queries.apps import APP_COLUMNS
from volary.developers.queries.teams import member_of_team, other_administrator, team_of_member, teams_of_member
from volary.developers.rules import texts
from volary.developers.rules.roles import ADMINISTRATOR, ROLES, Act
from volary.kit.errors import Invalid
from volary.language import mark as _

_MAKE = statement(insert(teams).values({name: bindparam(name) for name in ("id", "founder_id", "name", "created_at")}))
JOIN = statement(
    insert(team_members).values({name: bindparam(name) for name in ("team_id", "account_id", "role", "joined_at")})
)
"""One more member."""
_RENAME = statement(update(teams).values(name=bindparam("name")).where(teams.c.id == bindparam("team_id")))
_THIS_MEMBER = (team_members.c.team_id == bindparam("team_id"), team_members.c.account_id == bindparam("account_id"))
_SET_ROLE = statement(update(team_members).values(role=bindparam("role")).where(*_THIS_MEMBER))
_REMOVE = statement(delete(team_members).where(*_THIS_MEMBER))
_WITHDRAW_THEIRS = statement(
    delete(team_invitations).where(
        team_invitations.c.team_id == bindparam("team_id"), team_invitations.c.invited_by == bindparam("account_id")
    )
)
_GIVE_ALL = statement(
    update(apps)
    .values(owner_id=bindparam("heir_id"))
    .where(apps.c.team_id == bindparam("team_id"), apps.c.owner_id == bindparam("account_id"))
    .returning(*APP_COLUMNS),
    AppRow,
)
_GIVE_ONE = statement(
    update(apps).values(owner_id=bindparam("heir_id")).where(apps.c.id == bindparam("app_id")).returning(*APP_COLUMNS),
    AppRow,
)


async def own_team(tx: Tx, account_id: int) -> OwnTeamRow:
    """The team that an account founded and still administers; a new team of one when there is none."""
    for team in await teams_of_member(tx, account_id, Act.CREATE_APP):
        if team.founder_id == account_id:
            return team
    account = await account_by_id(tx, account_id)
    team_id = tx.new_id()
    await tx.run(_MAKE, id=team_id, founder_id=account_id, name=account.username if account else "", created_at=tx.now)
    await tx.run(JOIN, team_id=team_id, account_id=account_id, role=ADMINISTRATOR, joined_at=tx.now)
    await note_team(tx, team_id, account_id, "team.created")
    return await team_of_member(tx, account_id, team_id)


async def team_for_new(tx: Tx, member_id: int, team_id: int | None, act: Act) -> OwnTeamRow:
    """The team in which something new is made: the one that was named, else one's own. Raises TeamUnknown, NotForThisRole."""
    return await (own_team(tx, member_id) if team_id is None else team_of_member(tx, member_id, team_id, act))


async def rename_team(tx: Tx, member_id: int, team_id: int, name: str) -> None:
    """Raises TeamUnknown, NotForThisRole, Invalid."""
    team = await team_of_member(tx, member_id, team_id, Act.RENAME_TEAM)
    kept = texts.text(name, "name", texts.PROJECT_NAME)
    await tx.run(_RENAME, team_id=team_id, name=kept)
    await note_team(tx, team_id, member_id, "team.renamed", detail={"from": team.name, "to": kept})


async def set_role(tx: Tx, member_id: int, team_id: int, account_id: int, role: str) -> None:
    """Give a member another role. Raises TeamUnknown, NotForThisRole, NotFound, Invalid, LastAdministrator."""
    await team_of_member(tx, member_id, team_id, Act.SET_ROLE)
    if role not in ROLES:
        raise Invalid(_("Choose a role."), field="role")
    member = await _member(tx, team_id, account_id)
    if member.role == role:
        return
    await _ensure_not_last(tx, team_id, member)
    await tx.run(_SET_ROLE, team_id=team_id, account_id=account_id, role=role)
    # Whom they invited as an administrator does not come in after they are none any more.
    await tx.run(_WITHDRAW_THEIRS, team_id=team_id, account_id=account_id)
    await note_team(tx, team_id, member_id, "member.role", subject_id=account_id, detail={"role": role})


async def remove_member(tx: Tx, member_id: int, team_id: int, account_id: int) -> None:
    """Take a member out of the team; the Apps that they owned pass to whoever does it. Raises as `set_role`."""
    await team_of_member(tx, member_id, team_id, Act.REMOVE_MEMBER)
    member = await _member(tx, team_id, account_id)
    await _ensure_not_last(tx, team_id, member)
    heir = member_id if member_id != account_id else await other_administrator(tx, team_id, account_id)
    await take_out(tx, team_id, account_id, heir or member_id, member_id)
    await note_team(tx, team_id, member_id, "member.removed", subject_id=account_id)


async def leave_team(tx: Tx, member_id: int, team_id: int) -> None:
    """Leave a team; one's Apps pass to the administrator of longest standing. Raises TeamUnknown, LastAdministrator."""
    await team_of_member(tx, member_id, team_id, Act.LEAVE)
    heir = await other_administrator(tx, team_id, member_id)
    if heir is None:
        raise LastAdministrator
    await take_out(tx, team_id, member_id, heir, member_id)
    await note_team(tx, team_id, member_id, "member.left", subject_id=member_id)


async def give_app(tx: Tx, member_id: int, app: AppRow, heir_id: int) -> AppRow:
    """Make another member the owner of an App. Whether `member_id` may is checked before. Raises NotFound for whoever is no member."""
    heir = await _member(tx, app.team_id, heir_id)
    await note_app(tx, app, member_id, "app.given", subject_id=heir.account_id, detail={"owner": heir.username})
    return await tx.one(_GIVE_ONE, app_id=app.id, heir_id=heir_id) or app


async def appoint(tx: Tx, team_id: int, account_id: int, *, actor_id: int) -> None:
    """Make an account an administrator of a team, whoever is in it: the operator does it when nobody else can. Raises NotFound."""
    if await member_of_team(tx, team_id, account_id) is None:
        await tx.run(JOIN, team_id=team_id, account_id=account_id, role=ADMINISTRATOR, joined_at=tx.now)
    else:
        await tx.run(_SET_ROLE, team_id=team_id, account_id=account_id, role=ADMINISTRATOR)
    await note_team(tx, team_id, actor_id, "member.appointed", subject_id=account_id)


async def take_out(tx: Tx, team_id: int, account_id: int, heir_id: int, actor_id: int) -> None:
    """End a membership; the Apps that the member owned pass to an heir. Whether that may be is for whoever calls."""
    await tx.run(_REMOVE, team_id=team_id, account_id=account_id)
    await tx.run(_WITHDRAW_THEIRS, team_id=team_id, account_id=account_id)
    heir = await account_by_id(tx, heir_id)
    for app in await tx.all(_GIVE_ALL, team_id=team_id, account_id=account_id, heir_id=heir_id):
        told: dict[str, str | int] = {"owner": heir.username if heir else ""}
        await note_app(tx, app, actor_id, "app.given", subject_id=heir_id, detail=told)


async def _member(tx: Tx, team_id: int, account_id: int) -> MemberRow:
    member = await member_of_team(tx, team_id, account_id)
    if member is None:
        raise MemberUnknown
    return member


async def _ensure_not_last(tx: Tx, team_id: int, member: MemberRow) -> None:
    """Refuse to take the last active administrator away."""
    if member.role == ADMINISTRATOR and await other_administrator(tx, team_id, member.account_id) is None:
        raise LastAdministrator
