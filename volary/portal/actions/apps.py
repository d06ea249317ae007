"""What a developer does in the portal beyond one room: new things need the agreement, deleting ends what people granted."""

from volary.db import Tx
from volary.developers.actions import NewApp, create_app, create_project, end_app, ensure_developer, own_team
from volary.developers.errors import TooManyApps
from volary.developers.models import AppRow, ProjectRow
from volary.developers.queries import (
    app_of_member,
    apps_of_team,
    project_of_member,
    projects_of_team,
    team_of_member,
)
from volary.developers.rules.roles import Act
from volary.developers.rules.settings import Authentication, Details
from volary.kit.errors import Invalid
from volary.language import mark as _
from volary.oauth.oauth1.tokens import TokenPair, make_own_token, revoke_own_token
from volary.oauth.revoking import end_all_for_app, end_family
from volary.portal.queries import outdated_families
from volary.usage.actions.forgetting import forget_app

BATCH = 200
"""How many families of tokens are ended in one transaction."""


async def register_app(
    tx: Tx,
    account_id: int,
    details: Details,
    authentication: Authentication | None = None,
    *,
    project_id: int | None = None,
    team_id: int | None = None,
    most: int,
) -> NewApp:
    """Make an App in a team that has less than `most` of them, for a developer who administers it (C162).

    Raises NotADeveloper without the agreement (C161), TooManyApps, and what `create_app` raises.
    """
    if project_id is not None:
        team_id = (await project_of_member(tx, account_id, project_id, Act.CREATE_APP)).team_id
    team_id = await _team(tx, account_id, team_id, Act.CREATE_APP)
    if len(await apps_of_team(tx, account_id, team_id)) >= most:
        raise TooManyApps(most)
    return await create_app(tx, account_id, details, authentication, project_id=project_id, team_id=team_id)


async def register_project(
    tx: Tx,
    account_id: int,
    *,
    name: str,
    use_case: str = "",
    description: str = "",
    team_id: int | None = None,
    most: int,
) -> ProjectRow:
    """Make a Project in a team that has less than `most`. Raises NotADeveloper, TooManyApps, and what `create_project` raises."""
    team_id = await _team(tx, account_id, team_id, Act.CREATE_PROJECT)
    if len(await projects_of_team(tx, account_id, team_id)) >= most:
        raise TooManyApps(most)
    return await create_project(tx, account_id, name=name, use_case=use_case, description=description, team_id=team_id)


async def remove_app(tx: Tx, member_id: int, app_id: int) -> int:
    """Delete an App with every grant that it was given; how many people it was connected to (C155). Raises AppUnknown, NotForThisRole."""
    return await remove(tx, await app_of_member(tx, member_id, app_id, Act.DELETE_APP), member_id)


async def remove(tx: Tx, app: AppRow, actor_id: int) -> int:
    """The same, whoever wants it: for the operator."""
    await end_app(tx, app, actor_id)
    await forget_app(tx, app.id)
    return await end_all_for_app(tx, app.id, actor_id=actor_id)


async def make_own_token_of(tx: Tx, owner_id: int, app_id: int) -> TokenPair:
    """The owner's Access Token and Secret at the App's present level; the one before ends (C183).

    It acts as the owner, so nobody else makes it, whatever their role (SR-182). Raises AppUnknown, NotForThisRole, AppSuspended, and
    Invalid while OAuth 1.0a is switched off.
    """
    app = await app_of_member(tx, owner_id, app_id, Act.OWN_TOKEN)
    if not app.oauth1_enabled:
        raise Invalid(_("Switch on OAuth 1.0a first: this token works with nothing else."))
    return await make_own_token(tx, app)


async def revoke_own_token_of(tx: Tx, member_id: int, app_id: int) -> None:
    """End the owner's Access Token and Secret, which an administrator may do too. Raises AppUnknown, NotForThisRole."""
    app = await app_of_member(tx, member_id, app_id, Act.REVOKE_CREDENTIALS)
    await revoke_own_token(tx, app, actor_id=member_id)


async def discard_outdated(tx: Tx, member_id: int, app_id: int) -> int:
    """End people's OAuth 1.0a tokens of another level than the App's present one, so that they authorize it again (C200).

    At most a batch of them: call it until it gives 0. Raises AppUnknown, NotForThisRole.
    """
    await app_of_member(tx, member_id, app_id, Act.SET_PERMISSIONS)
    found = await outdated_families(tx, app_id, BATCH)
    for family_id in found:
        await end_family(tx, family_id, "permission level changed by the developer", actor_id=member_id)
    return len(found)


async def _team(tx: Tx, account_id: int, team_id: int | None, act: Act) -> int:
    """The team in which something is made, whose maker may do that."""
    if team_id is None:
        await ensure_developer(tx, account_id)
        return (await own_team(tx, account_id)).id
    await team_of_member(tx, account_id, team_id, act)
    await ensure_developer(tx, account_id, team_id)
    return team_id
