"""Apps as operators find and see them: of every team, in every state, deleted ones too."""

import msgspec
from sqlalchemy import bindparam, func, or_, select

from volary.accounts.models import accounts
from volary.accounts.rules.names import username_key
from volary.db import Reader, Statement, statement
from volary.db.paging import Bounds, Pages
from volary.developers.models import AppRow, apps, projects, teams
from volary.developers.queries.apps import APP_COLUMNS
from volary.developers.rules.texts import name_key
from volary.kit.ids import id_in
from volary.oauth.models import grants

PAGE = 50
"""How many rows stand on a page."""


class FoundApp(msgspec.Struct, frozen=True):
    """An App as the list shows it."""

    id: int
    name: str
    state: str
    client_id: str
    created_at: int
    owner_id: int
    owner: str
    team_id: int
    team: str


class SeenApp(AppRow, frozen=True):
    """An App with whose it is."""

    owner: str
    team: str
    tier: str
    project: str | None
    people: int


_FOUND = (
    select(
        *(apps.c[name] for name in ("id", "name", "state", "client_id", "created_at", "owner_id")),
        accounts.c.username.label("owner"),
        apps.c.team_id,
        teams.c.name.label("team"),
    )
    .join_from(apps, accounts, accounts.c.id == apps.c.owner_id)
    .join(teams, teams.c.id == apps.c.team_id)
    .where(or_(bindparam("state") == "", apps.c.state == bindparam("state")))
)
# A deleted App has given its key away. What is looked for is no pattern: every character of it counts.
_KEY = func.coalesce(apps.c.name_key, func.lower(apps.c.name))
_ALL = Pages(_FOUND, apps.c.id, FoundApp)
_OF_OWNER = Pages(_FOUND.where(accounts.c.username_key == bindparam("owner")), apps.c.id, FoundApp)
_NAMED = Pages(_FOUND.where(func.replace(_KEY, bindparam("name"), "") != _KEY), apps.c.id, FoundApp)
_BY_ID: Statement[FoundApp] = statement(_FOUND.where(apps.c.id == bindparam("id")), FoundApp)
_BY_CLIENT = statement(_FOUND.where(apps.c.client_id == bindparam("client_id")), FoundApp)
_PEOPLE = select(func.count()).where(grants.c.app_id == apps.c.id, grants.c.ended_at.is_(None)).scalar_subquery()
_SEEN = statement(
    select(
        *APP_COLUMNS,
        accounts.c.username.label("owner"),
        teams.c.name.label("team"),
        teams.c.tier,
        projects.c.name.label("project"),
        _PEOPLE.label("people"),
    )
    .join_from(apps, accounts, accounts.c.id == apps.c.owner_id)
    .join(teams, teams.c.id == apps.c.team_id)
    .outerjoin(projects, projects.c.id == apps.c.project_id)
    .where(apps.c.id == bindparam("id")),
    SeenApp,
)


async def find_apps(reader: Reader, text: str, state: str, page: Bounds) -> list[FoundApp]:
    """Apps in a state, or in any where it is empty, by number, client id, @owner, or a part of the name; all when nothing is asked.

    One more than a page, the newest first.
    """
    text = text.strip()
    if text.startswith("@"):
        return await _OF_OWNER.read(reader, page, PAGE + 1, state=state, owner=username_key(text[1:]) or "")
    if not text:
        return await _ALL.read(reader, page, PAGE + 1, state=state)
    exact = [await reader.one(_BY_CLIENT, state=state, client_id=text)]
    if number := id_in(text):
        exact.insert(0, await reader.one(_BY_ID, state=state, id=number))
    found = [one for one in exact if one is not None]
    return found[:1] or await _NAMED.read(reader, page, PAGE + 1, state=state, name=name_key(text))


async def seen_app(reader: Reader, app_id: int) -> SeenApp | None:
    """An App with its owner, team, Project and how many people it is connected to; deleted ones too."""
    return await reader.one(_SEEN, id=app_id)
