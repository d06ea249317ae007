"""Every door of the portal, entered by somebody else: 404, like a number that nobody has, and nothing changes (SR-172)."""

import pytest

from tests.cast import DAVE, DEV
from tests.developers.making import EVERYTHING, new_app, new_project
from tests.portal.site import DOORS, Place, form_with
from volary.developers import queries
from volary.portal.actions import make_own_token_of
from volary.web import Door

pytestmark = [pytest.mark.anyio, pytest.mark.attack("SR-172"), pytest.mark.claim("C152")]

OWNED = [door for door in DOORS if door.path.startswith("/portal/") and "{" in door.path]
OTHERS = [door for door in DOORS if door.path.startswith("/portal") and "{" not in door.path]


def names(doors: list[Door]) -> list[str]:
    return [f"{door.method} {door.path}" for door in doors]


def filled(path: str, app_id: object, project_id: object, kind: str = "api-key") -> str:
    ids = {"app_id": app_id, "project_id": project_id, "kind": kind}
    ids |= dict.fromkeys(("team_id", "invitation_id", "account_id"), project_id)
    for name, number in ids.items():
        path = path.replace(f"{{{name}}}", str(number))
    return path


def test_the_matrix_is_not_empty() -> None:
    assert len(OWNED) >= 20
    assert len(OTHERS) >= 6


@pytest.mark.parametrize("door", OWNED, ids=names(OWNED))
async def test_somebody_else_finds_nothing(sqlite_place: Place, door: Door) -> None:
    dev = sqlite_place.cast.dev.id
    project = await new_project(sqlite_place.db, dev)
    app = (await new_app(sqlite_place.db, dev, "Photo Frame", EVERYTHING, project_id=project.id)).app
    own = await new_app(sqlite_place.db, sqlite_place.cast.dave.id, "Dave's")
    browser = await sqlite_place.browser_of(DAVE)
    csrf = form_with(await browser.open(f"/portal/apps/{own.app.id}"), "Save").values["csrf"]
    before = (
        app,
        await queries.credentials_of_app(sqlite_place.db, app.id),
        await queries.callback_urls(sqlite_place.db, app.id),
    )
    texts = set()
    for app_id, project_id in ((app.id, project.id), (12345, 12345)):
        path = filled(door.path, app_id, project_id)
        if door.method == "GET":
            page = await browser.open(path)
        else:
            page = await browser.posted(
                path, {"csrf": csrf, "name": "Taken", "typed": app.name, "url": "https://evil.test/", "level": "read"}
            )
        assert page.status == 404, path
        texts.add(page.text.replace(path, ""))
        assert "Photo Frame" not in page.text
    assert len({text.partition("For developers")[0] for text in texts}) == 1
    after = await queries.app_of_member(sqlite_place.db, dev, app.id)
    now = (
        after,
        await queries.credentials_of_app(sqlite_place.db, app.id),
        await queries.callback_urls(sqlite_place.db, app.id),
    )
    assert now == before
    assert len(await queries.projects_of_member(sqlite_place.db, dev)) == 1


ODD_NUMBERS = ["0", "-1", "x", "1e3", "٣", "007", "9" * 19, "9" * 400, "%2e%2e", "1%00"]


@pytest.mark.parametrize("door", OWNED, ids=names(OWNED))
async def test_odd_numbers_are_not_found(sqlite_place: Place, door: Door) -> None:
    browser = await sqlite_place.browser_of(DEV)
    csrf = (await browser.open("/portal/signup")).form().values["csrf"]
    for number in ODD_NUMBERS:
        path = filled(door.path, number, number)
        page = await browser.open(path) if door.method == "GET" else await browser.posted(path, {"csrf": csrf})
        assert page.status == 404, number


@pytest.mark.attack("SR-181")
@pytest.mark.parametrize("door", OWNED + OTHERS, ids=names(OWNED + OTHERS))
async def test_nobody_gets_in_without_a_session(sqlite_place: Place, door: Door) -> None:
    """Neither a visitor nor an app: no token of any kind opens the portal."""
    made = await new_app(sqlite_place.db, sqlite_place.cast.dev.id, authentication=EVERYTHING)
    own = await sqlite_place.db.write(make_own_token_of, sqlite_place.cast.dev.id, made.app.id)
    browser = sqlite_place.browser()
    path = filled(door.path, made.app.id, 1)
    for credential in ("", f"Bearer {made.bearer_token}", f"Bearer {own.token}", f'OAuth oauth_token="{own.token}"'):
        headers = {"authorization": credential}
        page = (
            await browser.open(path, headers=headers)
            if door.method == "GET"
            else await browser.posted(path, {}, headers)
        )
        assert page.status == 303
        assert page.location.startswith("/login")


@pytest.mark.parametrize("door", [door for door in OWNED if door.method == "POST"], ids=lambda door: door.path)
async def test_a_form_of_another_site_does_nothing(sqlite_place: Place, door: Door) -> None:
    app = (await new_app(sqlite_place.db, sqlite_place.cast.dev.id, authentication=EVERYTHING)).app
    before = await queries.credentials_of_app(sqlite_place.db, app.id)
    browser = await sqlite_place.browser_of(DEV)
    path = filled(door.path, app.id, 1)
    page = await browser.posted(path, {"name": "Taken", "typed": app.name, "csrf": "guessed"})
    assert page.status == 403
    assert await queries.app_of_member(sqlite_place.db, sqlite_place.cast.dev.id, app.id) == app
    assert await queries.credentials_of_app(sqlite_place.db, app.id) == before


async def test_an_unknown_kind_of_credential_is_not_found(sqlite_place: Place) -> None:
    app = (await new_app(sqlite_place.db, sqlite_place.cast.dev.id)).app
    browser = await sqlite_place.browser_of(DEV)
    for action in ("regenerate", "revoke"):
        assert (await browser.open(f"/portal/apps/{app.id}/keys/master-key/{action}")).status == 404
