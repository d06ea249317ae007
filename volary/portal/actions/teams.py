"""Whose Apps they are, when somebody leaves a team or hands one on: the old owner's own access tokens end with it.

An own access token acts as the App's owner. Nobody else may hold it, and the old owner holds it no longer on the team's behalf.
"""

from volary.db import Tx
from volary.developers import actions
from volary.developers.models import AppRow
from volary.developers.queries import app_of_member, apps_of_team
from volary.developers.rules.roles import Act
from volary.kit.errors import Conflict
from volary.language import mark as _
from volary.oauth.oauth1.tokens import revoke_own_token


async def remove_member(tx: Tx, member_id: int, team_id: int, account_id: int) -> None:
    """Take a member out of a team. Raises TeamUnknown, NotForThisRole, NotFound, LastAdministrator."""
    owned = await _owned(tx, member_id, team_id, account_id)
    await actions.remove_member(tx, member_id, team_id, account_id)
    await _end_tokens(tx, owned, member_id)


async def leave_team(tx: Tx, member_id: int, team_id: int) -> None:
    """Leave a team. Raises TeamUnknown, LastAdministrator."""
    owned = await _owned(tx, member_id, team_id, member_id)
    await actions.leave_team(tx, member_id, team_id)
    await _end_tokens(tx, owned, member_id)


async def give_app(tx: Tx, member_id: int, app_id: int, heir_id: int) -> None:
    """Make another member of the team the owner of an App. Raises AppUnknown, NotForThisRole, NotFound, Conflict."""
    app = await app_of_member(tx, member_id, app_id, Act.GIVE_APP)
    if app.owner_id == heir_id:
        raise Conflict(_("The App is theirs already."), field="owner")
    await actions.give_app(tx, member_id, app, heir_id)
    await _end_tokens(tx, [app], member_id)


async def _owned(tx: Tx, member_id: int, team_id: int, account_id: int) -> list[AppRow]:
    return [app for app in await apps_of_team(tx, member_id, team_id) if app.owner_id == account_id]


async def _end_tokens(tx: Tx, before: list[AppRow], actor_id: int) -> None:
    for app in before:
        await revoke_own_token(tx, app, actor_id=actor_id)
