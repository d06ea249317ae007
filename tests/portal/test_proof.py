"""A session whose password was entered long ago is asked for it once more, before an App, its keys or its callbacks change (SR-163)."""

import pytest

from tests.cast import DEV
from tests.developers.making import EVERYTHING, new_app, new_developer, new_project
from tests.oauth.consent.walking import Browser, Form, Page
from tests.portal.site import Place, form_with, shown
from volary.developers import queries
from volary.kit.clock import DAY, HOUR, MINUTE
from volary.oauth.oauth1.tokens import own_token
from volary.sessions.rules.browsers import COOKIE

pytestmark = [pytest.mark.anyio, pytest.mark.attack("SR-163")]

ASKED = "Confirm that it is you"
DOORS = [
    ("/portal/apps/{app}/keys/api-key/regenerate", "Regenerate", {"overlap": "hour"}),
    ("/portal/apps/{app}/keys/client-secret/regenerate", "Regenerate", {"overlap": "day"}),
    ("/portal/apps/{app}/keys/app-access-token/regenerate", "Regenerate", {"overlap": "now"}),
    ("/portal/apps/{app}/keys/access-token/regenerate", "Generate", {}),
    ("/portal/apps/{app}/keys/api-key/revoke", "Revoke", {}),
    ("/portal/apps/{app}", "Save", {"callbacks": "https://app.example/cb\nhttps://evil.example/cb?a=%3Cb%3E&c"}),
    ("/portal/apps/{app}/authentication", "Save", {}),
    ("/portal/apps/{app}/delete", "Delete App", {"typed": "{name}"}),
    ("/portal/projects/{project}/delete", "Delete Project", {"typed": "Project"}),
    (
        "/portal/apps/new",
        "Create App",
        {"name": "Another one", "project": "standalone", "website": "https://a.example"},
    ),
]
TESTER = "/portal/apps/{app}/callback-tester?url=https%3A%2F%2Fapp.example%2Fnew"


async def hints(place: Place, app_id: int) -> object:
    """Everything of an App, and of its owner's others, that these doors change."""
    app = await queries.app_by_id(place.db, app_id)
    return (
        app,
        await queries.credentials_of_app(place.db, app_id),
        await own_token(place.db, app) if app else None,
        await queries.callback_urls(place.db, app_id),
        [app.id for app in await queries.apps_of_member(place.db, place.cast.dev.id)],
        [project.id for project in await queries.projects_of_member(place.db, place.cast.dev.id)],
    )


async def prepared(place: Place, path: str, button: str, typed: dict[str, str]) -> tuple[Browser, Form, int]:
    """A signed-in developer's browser, a form filled in, and the App that it is about."""
    owner = place.cast.dev.id
    app = (await new_app(place.db, owner, authentication=EVERYTHING)).app
    project = await new_project(place.db, owner, "Project")
    await new_developer(place.db, owner)
    browser = await place.browser_of(DEV)
    page = await browser.open(path.format(app=app.id, project=project.id))
    filled = {name: value.format(name=app.name) for name, value in typed.items()}
    return browser, form_with(page, button).filled(**filled), app.id


def asked(page: Page) -> bool:
    return page.status in {401, 403, 429} and page.root.one("h1").text == ASKED


@pytest.mark.parametrize(("path", "button", "typed"), [*DOORS, (TESTER, "Add it to the list", {})])
async def test_an_old_session_needs_the_password_and_loses_nothing(
    place: Place, path: str, button: str, typed: dict[str, str]
) -> None:
    browser, form, app_id = await prepared(place, path, button, typed)
    place.db.clock.advance(2 * DAY)
    before = await hints(place, app_id)
    page = await browser.send(form, button)
    assert asked(page)
    for password in ("", "wrong wrong"):
        page = await browser.send(form_with(page, "Confirm").filled(password_again=password), "Confirm")
        assert asked(page)
        assert page.root.one("p", id="error-password_again").text
        assert "wrong wrong" not in str(page.root.text)
    assert await hints(place, app_id) == before
    done = await browser.send(form_with(page, "Confirm").filled(password_again=DEV.password), "Confirm")
    assert done.status in {200, 303}
    if path != TESTER and "authentication" not in path:
        assert await hints(place, app_id) != before
    if path == "/portal/apps/{app}":
        assert await queries.callback_urls(place.db, app_id) == typed["callbacks"].split("\n")


@pytest.mark.parametrize(("path", "button", "typed"), DOORS)
async def test_a_fresh_session_is_not_asked(sqlite_place: Place, path: str, button: str, typed: dict[str, str]) -> None:
    browser, form, _ = await prepared(sqlite_place, path, button, typed)
    sqlite_place.db.clock.advance(2 * HOUR - 1)
    assert (await browser.send(form, button)).status in {200, 303}


async def test_after_two_hours_it_is_asked_and_then_not_for_two_more(place: Place) -> None:
    browser, form, _ = await prepared(place, *DOORS[0])
    place.db.clock.advance(2 * HOUR)
    page = await browser.send(form, "Regenerate")
    assert asked(page)
    made = await browser.send(form_with(page, "Confirm").filled(password_again=DEV.password), "Confirm")
    assert shown(made)
    place.db.clock.advance(2 * HOUR - MINUTE)
    assert shown(await browser.send(form, "Regenerate"))
    place.db.clock.advance(MINUTE)
    assert asked(await browser.send(form, "Regenerate"))


async def test_whoever_stole_the_cookie_before_has_nothing_after_the_proof(place: Place) -> None:
    """Entering the password gives the session a new token (ASVS 7.2.4); the owner goes on, the copy is dead."""
    browser, form, _ = await prepared(place, *DOORS[0])
    stolen = browser.client.cookies.get(COOKIE) or ""
    place.db.clock.advance(DAY)
    page = await browser.send(form, "Regenerate")
    await browser.send(form_with(page, "Confirm").filled(password_again=DEV.password), "Confirm")
    thief = place.browser()
    thief.hold(COOKIE, stolen)
    assert (await thief.open("/portal")).status == 303
    assert (await browser.open("/portal")).status == 200


async def test_what_a_form_does_not_have_is_not_sent_on(place: Place) -> None:
    """A proof in the first request counts at once; and one for somebody else's App helps nobody."""
    browser, form, app_id = await prepared(place, *DOORS[4])
    place.db.clock.advance(DAY)
    before = await hints(place, app_id)
    assert asked(await browser.send(form.edited(password_again="wrong wrong"), "Revoke"))
    assert await hints(place, app_id) == before
    assert (await browser.send(form.edited(password_again=DEV.password), "Revoke")).status == 303
    assert await hints(place, app_id) != before


async def test_guessing_at_this_door_is_throttled_like_at_the_front_door(place: Place) -> None:
    browser, form, app_id = await prepared(place, *DOORS[4])
    place.db.clock.advance(2 * DAY)
    before = await hints(place, app_id)
    page = await browser.send(form, "Revoke")
    answers = []
    for number in range(12):
        page = await browser.send(form_with(page, "Confirm").filled(password_again=f"wrong {number}"), "Confirm")
        answers.append(page.status)
    assert answers == [401] * 10 + [429] * 2
    right = await browser.send(form_with(page, "Confirm").filled(password_again=DEV.password), "Confirm")
    assert right.status == 429
    assert await hints(place, app_id) == before


@pytest.mark.parametrize(
    ("language", "title"), [("nl", "Bevestig dat jij het bent"), ("de", "Bestätigen Sie, dass Sie es sind")]
)
async def test_the_page_speaks_three_languages(sqlite_place: Place, language: str, title: str) -> None:
    app = (await new_app(sqlite_place.db, sqlite_place.cast.dev.id)).app
    browser = await sqlite_place.browser_of(DEV, language)
    page = await browser.open(f"/portal/apps/{app.id}/keys/api-key/revoke")
    sqlite_place.db.clock.advance(DAY)
    form = next(form for form in page.forms() if "/revoke" in form.action)
    assert (await browser.send(form, form.buttons[0])).root.one("h1").text == title
