"""What a developer does in the portal beyond one room: new things need the agreement, deleting ends what people granted."""

from volary.db import Tx
from volary.developers.actions import NewApp, create_app, create_project, delete_app, ensure_developer
from volary.developers.errors import TooManyApps
from volary.developers.models import ProjectRow
from volary.developers.queries import app_of_owner, apps_of_owner, projects_of_owner
from volary.developers.rules.settings import Authentication, Details
from volary.kit.errors import Invalid
from volary.language import mark as _
from volary.oauth.oauth1.tokens import TokenPair, make_own_token, revoke_own_token
from volary.oauth.revoking import end_all_for_app, end_family
from volary.portal.queries import outdated_families

BATCH = 200
"""How many families of tokens are ended in one transaction."""


async def register_app(
    tx: Tx,
    account_id: int,
    details: Details,
    authentication: Authentication | None = None,
    *,
    project_id: int | None = None,
    most: int,
) -> NewApp:
    """Make an App for a developer who has less than `most` of them.

    Raises NotADeveloper without the agreement (C161), TooManyApps, and what `create_app` raises.
    """
    await ensure_developer(tx, account_id)
    if len(await apps_of_owner(tx, account_id)) >= most:
        raise TooManyApps(most)
    return await create_app(tx, account_id, details, authentication, project_id=project_id)


async def register_project(
    tx: Tx, account_id: int, *, name: str, use_case: str = "", description: str = "", most: int
) -> ProjectRow:
    """Make a Project for a developer who has less than `most`. Raises NotADeveloper, TooManyApps, and what `create_project` raises."""
    await ensure_developer(tx, account_id)
    if len(await projects_of_owner(tx, account_id)) >= most:
        raise TooManyApps(most)
    return await create_project(tx, account_id, name=name, use_case=use_case, description=description)


async def remove_app(tx: Tx, owner_id: int, app_id: int) -> int:
    """Delete an App with every grant that it was given; how many people it was connected to (C155). Raises AppUnknown."""
    await delete_app(tx, owner_id, app_id)
    return await end_all_for_app(tx, app_id)


async def make_own_token_of(tx: Tx, owner_id: int, app_id: int) -> TokenPair:
    """The owner's Access Token and Secret at the App's present level; the one before ends (C183).

    Raises AppUnknown, AppSuspended, and Invalid while OAuth 1.0a is switched off.
    """
    app = await app_of_owner(tx, owner_id, app_id)
    if not app.oauth1_enabled:
        raise Invalid(_("Switch on OAuth 1.0a first: this token works with nothing else."))
    return await make_own_token(tx, app)


async def revoke_own_token_of(tx: Tx, owner_id: int, app_id: int) -> None:
    """End the owner's Access Token and Secret. Raises AppUnknown."""
    await revoke_own_token(tx, await app_of_owner(tx, owner_id, app_id))


async def discard_outdated(tx: Tx, owner_id: int, app_id: int) -> int:
    """End people's OAuth 1.0a tokens of another level than the App's present one, so that they authorize it again (C200).

    At most a batch of them: call it until it gives 0. Raises AppUnknown.
    """
    await app_of_owner(tx, owner_id, app_id)
    found = await outdated_families(tx, app_id, BATCH)
    for family_id in found:
        await end_family(tx, family_id, "permission level changed by the developer")
    return len(found)
