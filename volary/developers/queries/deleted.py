"""Deleted Apps that may still be brought back."""

from sqlalchemy import and_, bindparam, select

from volary.db import Reader, in_list, statement
from volary.developers.errors import AppUnknown
from volary.developers.models import DELETED, DeletedAppRow, apps, team_members
from volary.developers.queries.reaching import reached
from volary.developers.rules.roles import WHO_MAY, Act

_SEEN = (
    select(*(apps.c[name] for name in DeletedAppRow.__struct_fields__))
    .join_from(
        apps,
        team_members,
        and_(team_members.c.team_id == apps.c.team_id, team_members.c.account_id == bindparam("member_id")),
    )
    .where(apps.c.state == DELETED, apps.c.deleted_at > bindparam("since"), in_list(team_members.c.role, "roles"))
    .order_by(apps.c.deleted_at.desc(), apps.c.id)
)
_EVERY = statement(_SEEN.where(apps.c.team_id == bindparam("team_id")), DeletedAppRow)
_ONE = statement(_SEEN.where(apps.c.id == bindparam("app_id")), DeletedAppRow)


async def deleted_apps_of_team(reader: Reader, member_id: int, team_id: int, *, grace: int) -> list[DeletedAppRow]:
    """A team's Apps that were deleted within `grace` milliseconds, for a member of it, the last one first."""
    return await reader.all(
        _EVERY, member_id=member_id, team_id=team_id, since=reader.now - grace, roles=sorted(WHO_MAY[Act.SEE])
    )


async def deleted_app_of_member(reader: Reader, member_id: int, app_id: int, act: Act, *, grace: int) -> DeletedAppRow:
    """One of them. Raises AppUnknown, also when it is too late; NotForThisRole."""
    since = reader.now - grace

    async def look(wanted: Act) -> DeletedAppRow | None:
        return await reader.one(_ONE, member_id=member_id, app_id=app_id, since=since, roles=sorted(WHO_MAY[wanted]))

    return await reached(look, act, AppUnknown)
