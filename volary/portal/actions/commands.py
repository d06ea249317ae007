"""What `volary app …` does: each command one action, for the operator of the server, who needs nobody's agreement (C160).

made = await db.write(create_app_for, "ann", AppOrder(name="Frame"))
print(msgspec.json.encode(made))
"""

from collections.abc import Collection

import msgspec

from volary.access.levels import Level
from volary.accounts.queries import account_by_id, account_by_username
from volary.db import Reader, Tx
from volary.developers import actions
from volary.developers.errors import AppUnknown
from volary.developers.models import API_KEY, BEARER, CLIENT_SECRET, AppRow, CredentialRow, ProjectRow
from volary.developers.queries import (
    app_by_id,
    app_by_name,
    apps_of_member,
    callback_urls,
    credentials_of_app,
    every_app,
    project_by_id,
    projects_of_team,
)
from volary.developers.rules.settings import Authentication, Details
from volary.developers.rules.texts import name_key
from volary.kit.errors import NotFound
from volary.kit.ids import id_in
from volary.kit.whence import COMMAND_LINE
from volary.language import mark as _
from volary.oauth.oauth1.tokens import make_own_token
from volary.portal.actions.apps import remove

ACCESS_TOKEN = "access_token"
KINDS = (API_KEY, BEARER, CLIENT_SECRET, ACCESS_TOKEN)
"""What `volary app rotate` can renew."""


class AppOrder(msgspec.Struct, frozen=True, kw_only=True):
    """The options of `volary app create`, but for the owner."""

    name: str
    callbacks: tuple[str, ...] = ()
    level: Level = Level.READ
    email: bool = False
    terms_url: str = ""
    privacy_url: str = ""
    type: str | None = None
    """native, spa, web or bot switches OAuth 2.0 on; without it the App has OAuth 1.0a alone."""
    pkce_plain: bool = True
    any_port: bool = False
    project: str | None = None
    """The name of a Project of the owner, which is made if there is none; without it one of the App's name."""
    standalone: bool = False
    description: str = ""
    website: str = ""


class Credentials(msgspec.Struct, frozen=True, kw_only=True):
    """Credentials in plain text, shown this once; None for what the App's type has none of, or what was not renewed."""

    app_id: str
    api_key: str | None = None
    api_key_secret: str | None = None
    access_token: str | None = None
    access_token_secret: str | None = None
    client_id: str | None = None
    client_secret: str | None = None
    bearer_token: str | None = None


class Created(Credentials, frozen=True, kw_only=True):
    """What `volary app create --json` prints."""

    name: str
    owner: str
    project_id: str | None
    project: str | None


class AppFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What `volary app show --json` prints: everything but secrets."""

    app_id: str
    owner_id: str
    owner: str | None
    team_id: str
    name: str
    description: str
    website: str
    callbacks: list[str]
    terms_url: str
    privacy_url: str
    organization: str
    organization_url: str
    use_case: str
    project_id: str | None
    project: str | None
    oauth1: bool
    permission: str
    email_permission: bool
    sign_in: bool
    oauth2: bool
    type: str | None
    pkce_plain: bool
    any_port: bool
    client_id: str | None
    state: str
    state_rule: str
    state_reason: str
    created_at: int
    credentials: list[CredentialRow]


async def create_app_for(tx: Tx, owner: str, order: AppOrder) -> Created:
    """Make an App with all its credentials. Raises NotFound for an unknown owner, and what `create_app` raises."""
    account = await account_by_username(tx, owner)
    if account is None:
        raise NotFound(_("There is no account @%(username)s."), username=owner)
    project = None if order.standalone else await _project(tx, account.id, order.project or order.name)
    project_id = None if project is None else project.id
    details = Details(
        name=order.name,
        description=order.description,
        website=order.website,
        callbacks=order.callbacks,
        terms_url=order.terms_url,
        privacy_url=order.privacy_url,
    )
    chosen = Authentication(
        level=order.level,
        email=order.email,
        oauth2=order.type is not None,
        type=order.type,
        pkce_plain=order.pkce_plain,
        any_port=order.any_port,
    )
    made = await actions.create_app(tx, account.id, details, chosen, project_id=project_id)
    own = await make_own_token(tx, made.app)
    return Created(
        app_id=str(made.app.id),
        name=made.app.name,
        owner=account.username,
        project_id=None if project_id is None else str(project_id),
        project=None if project is None else project.name,
        api_key=made.api_key,
        api_key_secret=made.api_key_secret,
        access_token=own.token,
        access_token_secret=own.secret,
        client_id=made.app.client_id if made.app.oauth2_enabled else None,
        client_secret=made.client_secret,
        bearer_token=made.bearer_token,
    )


async def find_app(reader: Reader, named: str) -> AppRow:
    """An App by its number or its name. Raises AppUnknown."""
    number = id_in(named)
    app = (await app_by_id(reader, number) if number else None) or await app_by_name(reader, named)
    if app is None:
        raise AppUnknown
    return app


async def list_apps(reader: Reader, owner: str | None = None) -> list[AppFacts]:
    """Every App, or those of the teams of one account. Raises NotFound for an unknown owner."""
    if owner is None:
        return [await facts_of(reader, app) for app in await every_app(reader)]
    account = await account_by_username(reader, owner)
    if account is None:
        raise NotFound(_("There is no account @%(username)s."), username=owner)
    return [await facts_of(reader, app) for app in await apps_of_member(reader, account.id)]


async def facts_of(reader: Reader, app: AppRow) -> AppFacts:
    """What may be told of an App."""
    project = None if app.project_id is None else await project_by_id(reader, app.project_id)
    owner = await account_by_id(reader, app.owner_id)
    return AppFacts(
        app_id=str(app.id),
        owner_id=str(app.owner_id),
        owner=owner.username if owner else None,
        team_id=str(app.team_id),
        name=app.name,
        description=app.description,
        website=app.website,
        callbacks=await callback_urls(reader, app.id),
        terms_url=app.terms_url,
        privacy_url=app.privacy_url,
        organization=app.organization,
        organization_url=app.organization_url,
        use_case=app.use_case,
        project_id=None if project is None else str(project.id),
        project=None if project is None else project.name,
        oauth1=bool(app.oauth1_enabled),
        permission=app.oauth1_level,
        email_permission=bool(app.email_permission),
        sign_in=bool(app.sign_in_enabled),
        oauth2=bool(app.oauth2_enabled),
        type=app.oauth2_type,
        pkce_plain=bool(app.pkce_plain),
        any_port=app.takes_any_port,
        client_id=app.client_id if app.oauth2_enabled else None,
        state=app.state,
        state_rule=app.state_rule,
        state_reason=app.state_reason,
        created_at=app.created_at,
        credentials=await credentials_of_app(reader, app.id),
    )


async def rotate_app(tx: Tx, app_id: int, kinds: Collection[str], *, overlap: int = 0) -> Credentials:
    """Renew an App's credentials of these kinds; the owner's access token has no overlap. Raises AppUnknown, AppSuspended, Invalid."""
    app = await app_by_id(tx, app_id)
    if app is None:
        raise AppUnknown
    named = (tx, app.owner_id, app_id)
    pair = await actions.rotate_api_key(*named, overlap=overlap) if API_KEY in kinds else None
    own = await make_own_token(tx, app) if ACCESS_TOKEN in kinds else None
    return Credentials(
        app_id=str(app_id),
        api_key=pair.key if pair else None,
        api_key_secret=pair.secret if pair else None,
        access_token=own.token if own else None,
        access_token_secret=own.secret if own else None,
        client_id=app.client_id if CLIENT_SECRET in kinds else None,
        client_secret=await actions.rotate_client_secret(*named, overlap=overlap) if CLIENT_SECRET in kinds else None,
        bearer_token=await actions.rotate_bearer(*named, overlap=overlap) if BEARER in kinds else None,
    )


async def delete_app_of(tx: Tx, app_id: int) -> int:
    """Delete an App whoever owns it; how many people it was connected to. Raises AppUnknown."""
    app = await app_by_id(tx, app_id)
    if app is None:
        raise AppUnknown
    return await remove(tx, app, COMMAND_LINE)


async def _project(tx: Tx, owner_id: int, name: str) -> ProjectRow:
    """The Project of that name in the owner's own team, made if there is none."""
    team = await actions.own_team(tx, owner_id)
    for project in await projects_of_team(tx, owner_id, team.id):
        if name_key(project.name) == name_key(name):
            return project
    return await actions.create_project(tx, owner_id, name=name, team_id=team.id)
