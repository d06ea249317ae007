"""Role × act: every door of the portal, entered by everybody who may stand before it (C162, SR-172, SR-183).

Whoever is not in the team finds nothing (404); a member whose role does not reach that far is told so (403); an operator has the console
and the command line, and is nobody in the team's portal; a visitor signs in first. What may be done is read from the product's one table
only to be compared with the one below, which is written by hand.
"""

import msgspec
import pytest
from sqlalchemy import func, select

from tests.cast import ANN, BOB, CAROL, DAVE, Part
from tests.developers.making import EVERYTHING, LINKS, join, new_app, new_developer, new_project, own_team
from tests.portal.site import DOORS, Place
from volary.accounts.actions import set_operator
from volary.activity.models import events
from volary.db import statement
from volary.developers import actions, queries
from volary.developers.rules.roles import ADMINISTRATOR, DEVELOPER, OWNER, WHO_MAY, Act
from volary.portal.actions import give_app, remove_app

pytestmark = [pytest.mark.anyio, pytest.mark.attack("SR-172", "SR-183"), pytest.mark.claim("C162")]

_COUNT = statement(select(func.count()).where(events.c.team_id.is_not(None)), int)

EVERYBODY, IN_CARE, ADMINISTRATORS = {ADMINISTRATOR, OWNER, DEVELOPER}, {ADMINISTRATOR, OWNER}, {ADMINISTRATOR}
_APP, _TEAM, _PROJECT = "/portal/apps/{app_id}", "/portal/teams/{team_id}", "/portal/projects/{project_id}"

MAY: dict[str, set[str]] = {
    f"GET {_APP}": EVERYBODY,
    f"POST {_APP}": IN_CARE,
    f"POST {_APP}/icon": IN_CARE,
    f"POST {_APP}/icon/remove": IN_CARE,
    f"GET {_APP}/callback-tester": EVERYBODY,
    f"POST {_APP}/callbacks": IN_CARE,
    f"GET {_APP}/keys": EVERYBODY,
    f"GET {_APP}/connections": EVERYBODY,
    f"GET {_APP}/usage": EVERYBODY,
    f"GET {_APP}/log": EVERYBODY,
    f"GET {_APP}/keys/{{kind}}/regenerate": IN_CARE,
    f"POST {_APP}/keys/{{kind}}/regenerate": IN_CARE,
    f"GET {_APP}/keys/{{kind}}/revoke": IN_CARE,
    f"POST {_APP}/keys/{{kind}}/revoke": IN_CARE,
    f"GET {_APP}/authentication": EVERYBODY,
    f"POST {_APP}/authentication": IN_CARE,
    f"POST {_APP}/authentication/discard": IN_CARE,
    f"GET {_APP}/appeal": EVERYBODY,
    f"POST {_APP}/appeal": IN_CARE,
    f"GET {_APP}/attach": ADMINISTRATORS,
    f"POST {_APP}/attach": ADMINISTRATORS,
    f"GET {_APP}/owner": ADMINISTRATORS,
    f"POST {_APP}/owner": ADMINISTRATORS,
    f"GET {_APP}/delete": ADMINISTRATORS,
    f"POST {_APP}/delete": ADMINISTRATORS,
    f"GET {_APP}/undelete": ADMINISTRATORS,
    f"POST {_APP}/undelete": ADMINISTRATORS,
    f"GET {_APP}/try/{{operation}}": IN_CARE,
    f"POST {_APP}/try/{{operation}}": IN_CARE,
    f"GET {_PROJECT}": EVERYBODY,
    f"POST {_PROJECT}": ADMINISTRATORS,
    f"GET {_PROJECT}/delete": ADMINISTRATORS,
    f"POST {_PROJECT}/delete": ADMINISTRATORS,
    f"GET {_TEAM}": EVERYBODY,
    f"POST {_TEAM}": ADMINISTRATORS,
    f"GET {_TEAM}/history": EVERYBODY,
    f"POST {_TEAM}/invite": ADMINISTRATORS,
    f"POST {_TEAM}/invitations/{{invitation_id}}/withdraw": ADMINISTRATORS,
    f"GET {_TEAM}/members/{{account_id}}": ADMINISTRATORS,
    f"POST {_TEAM}/members/{{account_id}}": ADMINISTRATORS,
    f"POST {_TEAM}/members/{{account_id}}/remove": ADMINISTRATORS,
    f"GET {_TEAM}/leave": EVERYBODY,
    f"POST {_TEAM}/leave": EVERYBODY,
    f"GET {_TEAM}/tier": ADMINISTRATORS,
    f"POST {_TEAM}/tier": ADMINISTRATORS,
    "GET /portal/apps/new?team={team_id}": ADMINISTRATORS,
    "POST /portal/apps/new": ADMINISTRATORS,
    "GET /portal/projects/new?team={team_id}": ADMINISTRATORS,
    "POST /portal/projects/new": ADMINISTRATORS,
    "GET /portal?team={team_id}": EVERYBODY,
}
"""Which members enter, by door. The owner is a developer in the team who owns the App."""

NO_TEAM = {
    "GET /portal/try/{operation}",
    "GET /portal",
    "GET /portal/signup",
    "POST /portal/signup",
    "GET /portal/apps/new",
    "GET /portal/projects/new",
    "GET /portal/invitations/{invitation_id}",
    "POST /portal/invitations/{invitation_id}/accept",
    "POST /portal/invitations/{invitation_id}/decline",
}
"""Doors that are about one's own account, or that name their team in the query."""

PEOPLE: dict[str, Part] = {ADMINISTRATOR: ANN, OWNER: CAROL, DEVELOPER: BOB}

ACTS: dict[Act, set[str]] = {
    Act.SEE: {ADMINISTRATOR, DEVELOPER},
    Act.LEAVE: {ADMINISTRATOR, DEVELOPER},
    Act.EDIT_APP: {ADMINISTRATOR, OWNER},
    Act.SET_PERMISSIONS: {ADMINISTRATOR, OWNER},
    Act.RENEW_CREDENTIALS: {ADMINISTRATOR, OWNER},
    Act.REVOKE_CREDENTIALS: {ADMINISTRATOR, OWNER},
    Act.OWN_TOKEN: {OWNER},
}
"""Who may do what; everything else takes an administrator."""


class Scene(msgspec.Struct, frozen=True):
    """A team of dev's with everybody in it but dave, and what their doors name."""

    paths: dict[str, str]
    form: dict[str, str]
    app_id: int
    deleted_id: int

    def path(self, door: str) -> str:
        path = door.partition(" ")[2]
        if path.endswith("/undelete"):
            path = path.replace("{app_id}", str(self.deleted_id))
        for name, text in self.paths.items():
            path = path.replace(f"{{{name}}}", text)
        return path


async def scene(place: Place) -> Scene:
    db, cast = place.db, place.cast
    await new_developer(db, cast.dev.id)
    team = await own_team(db, cast.dev.id)
    await join(db, team.id, cast.dev.id, "ann", ADMINISTRATOR)
    for username in ("bob", "Carol_C"):
        await join(db, team.id, cast.dev.id, username, DEVELOPER)
    await db.write(actions.set_tier, team.id, "elevated")
    project = await new_project(db, cast.dev.id)
    app = (await new_app(db, cast.dev.id, "Photo Frame", EVERYTHING)).app
    dead = (await new_app(db, cast.dev.id, "Dead Frame", EVERYTHING)).app
    for one in (app, dead):
        await db.write(give_app, cast.dev.id, one.id, cast.carol.id)
    await db.write(remove_app, cast.dev.id, dead.id)
    await db.write(actions.invite, cast.dev.id, team.id, "dave", DEVELOPER)
    [waiting] = await queries.invitations_from(db, team.id)
    ids = {"app_id": app.id, "team_id": team.id, "project_id": project.id, "invitation_id": waiting.id}
    paths = {name: str(number) for name, number in ids.items()} | {"account_id": str(cast.dev.id), "kind": "api-key"}
    paths["operation"] = "get_2_users_me"
    form = {
        "name": "Another Frame",
        "typed": app.name,
        "url": "https://frame.test/other",
        "level": "read",
        "oauth1": "1",
        "project": str(project.id),
        "team": str(team.id),
        "owner": str(cast.dev.id),
        "role": DEVELOPER,
        "username": "dave",
        "tier": "academic",
        "why": "To learn how frames are used.",
        "callbacks": "https://frame.test/cb",
        **LINKS,
    }
    return Scene(paths, form, app.id, dead.id)


def test_every_door_is_in_the_table() -> None:
    doors = {f"{door.method} {door.path}" for door in DOORS if door.path.startswith("/portal")}
    named = {door.partition("?")[0] for door in MAY} | NO_TEAM
    assert doors == named


def test_the_product_s_table_says_the_same_as_this_one() -> None:
    assert {act: set(who) for act, who in WHO_MAY.items()} == {act: ACTS.get(act, {ADMINISTRATOR}) for act in Act}


async def knock(place: Place, part: Part | None, door: str, scene: Scene) -> int | str:
    """What somebody meets at a door: the status, or where they are sent who have to sign in."""
    browser = place.browser() if part is None else await place.browser_of(part)
    path = scene.path(door)
    if door.startswith("GET"):
        page = await browser.open(path)
    else:
        form = scene.form
        if part is not None:
            csrf = (await browser.open("/portal/signup?then=/portal")).root.every("input", name="csrf")[0]["value"]
            form = scene.form | {"csrf": csrf}
            if path.endswith("/projects/" + scene.paths["project_id"] + "/delete"):
                form["typed"] = "Pictures"
        page = await browser.posted(path, form)
    return page.location.partition("?")[0] if page.status == 303 and page.location.startswith("/login") else page.status


@pytest.mark.parametrize("door", MAY)
async def test_who_enters(sqlite_place: Place, door: str) -> None:
    ready = await scene(sqlite_place)
    before = await sqlite_place.db.one(_COUNT)
    refused = [who for who in PEOPLE if who not in MAY[door]]
    for who in refused:
        assert await knock(sqlite_place, PEOPLE[who], door, ready) == 403, who
    assert await knock(sqlite_place, DAVE, door, ready) == 404, "another team"
    await sqlite_place.db.write(set_operator, sqlite_place.cast.dave.id, True)
    assert await knock(sqlite_place, DAVE, door, ready) == 404, "an operator, who has the console"
    assert await knock(sqlite_place, None, door, ready) == "/login"
    assert await sqlite_place.db.one(_COUNT) == before, "nothing happened so far"
    for who in sorted(MAY[door]) if door.startswith("GET") else ():
        assert await knock(sqlite_place, PEOPLE[who], door, ready) == 200, who


FORMS = [(door, who) for door in MAY if door.startswith("POST") for who in sorted(MAY[door])]
UNSAID = ("/icon", "/icon/remove", "/discard", "/try/{operation}", "/appeal")
"""Doors whose forms hold a file, or which may have nothing to do here; they have tests of their own."""


@pytest.mark.parametrize("door, who", [(door, who) for door, who in FORMS if not door.endswith(UNSAID)])
async def test_what_a_member_may_do_is_done_and_stands_in_the_history(sqlite_place: Place, door: str, who: str) -> None:
    ready = await scene(sqlite_place)
    before = await sqlite_place.db.one(_COUNT)
    assert await knock(sqlite_place, PEOPLE[who], door, ready) in {200, 303}
    assert await sqlite_place.db.one(_COUNT) != before
