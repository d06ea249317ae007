"""Apps and Projects for the tests of this room and of those above it."""

from tests.conftest import HeldDatabase
from volary.access.levels import Level
from volary.accounts.queries import account_by_username
from volary.developers import actions
from volary.developers.actions import NewApp, create_app, create_project, sign_up
from volary.developers.models import OwnTeamRow, ProjectRow
from volary.developers.queries import invitations_to
from volary.developers.rules.settings import Authentication, Details

CALLBACK = "https://frame.test/cb"
LINKS = {"terms_url": "https://frame.test/terms", "privacy_url": "https://frame.test/privacy"}

FULL = Details(
    name="Photo Frame",
    description="Shows photos.",
    website="https://frame.test/",
    callbacks=(CALLBACK, "http://127.0.0.1:8000/cb"),
    organization="Frames Ltd",
    organization_url="https://frames.test/",
    use_case="We show photos of the people who ask us to.",
    **LINKS,
)
EVERYTHING = Authentication(level=Level.DIRECT_MESSAGES, email=True, oauth2=True, type="web")


async def new_app(
    db: HeldDatabase,
    owner_id: int,
    name: str = "Photo Frame",
    authentication: Authentication | None = None,
    *,
    project_id: int | None = None,
) -> NewApp:
    """An App with one callback URL; standalone unless it is given a Project."""
    details = Details(name=name, callbacks=(CALLBACK,), **LINKS)
    return await db.write(create_app, owner_id, details, authentication, project_id=project_id)


async def new_project(db: HeldDatabase, owner_id: int, name: str = "Pictures") -> ProjectRow:
    """A Project without Apps."""
    return await db.write(create_project, owner_id, name=name)


async def own_team(db: HeldDatabase, account_id: int) -> OwnTeamRow:
    """The team that an account founded."""
    return await db.write(actions.own_team, account_id)


async def new_developer(db: HeldDatabase, account_id: int) -> None:
    """The developer account of an account."""
    await db.write(sign_up, account_id, agreed=True, use_case="Testing.")


async def join(db: HeldDatabase, team_id: int, administrator_id: int, username: str, role: str) -> None:
    """Let an account into a team, as it goes: invited and accepted."""
    await db.write(actions.invite, administrator_id, team_id, username, role)
    account = await account_by_username(db, username)
    assert account is not None
    [invitation] = [one for one in await invitations_to(db, account.id) if one.team_id == team_id]
    await db.write(actions.accept_invitation, account.id, invitation.id)
