"""An old session proves the password again before keys change hands (SR-163)."""

import pytest

from tests.cast import DEV
from tests.developers.making import EVERYTHING, new_app
from tests.portal.site import Place, form_with, shown
from volary.developers import queries
from volary.kit.clock import DAY, HOUR

pytestmark = [pytest.mark.anyio, pytest.mark.attack("SR-163")]

DOORS = [
    ("keys/api-key/regenerate", "Regenerate"),
    ("keys/client-secret/regenerate", "Regenerate"),
    ("keys/app-access-token/regenerate", "Regenerate"),
    ("keys/access-token/regenerate", "Generate"),
    ("keys/api-key/revoke", "Revoke"),
    ("authentication", "Save"),
    ("delete", "Delete App"),
]


@pytest.mark.parametrize(("path", "button"), DOORS)
async def test_an_old_session_needs_the_password(sqlite_place: Place, path: str, button: str) -> None:
    app = (await new_app(sqlite_place.db, sqlite_place.cast.dev.id, authentication=EVERYTHING)).app
    browser = await sqlite_place.browser_of(DEV)
    here = f"/portal/apps/{app.id}/{path}"
    assert "Your password" not in (await browser.open(here)).text
    sqlite_place.db.clock.advance(2 * DAY)
    before = await queries.credentials_of_app(sqlite_place.db, app.id)
    page = await browser.open(here)
    assert "Your password" in page.text
    typed = {"typed": app.name} if path == "delete" else {}
    for password in ("", "wrong"):
        refused = await browser.send(form_with(page, button).filled(password=password, **typed), button)
        assert refused.status == 400
        assert refused.root.one("p", id="error-password").text
    assert await queries.credentials_of_app(sqlite_place.db, app.id) == before
    assert await queries.app_by_id(sqlite_place.db, app.id) == app
    done = await browser.send(form_with(page, button).filled(password=DEV.password, **typed), button)
    assert done.status in (200, 303)


async def test_a_fresh_session_generates_in_one_press_and_an_old_one_is_asked(sqlite_place: Place) -> None:
    app = (await new_app(sqlite_place.db, sqlite_place.cast.dev.id)).app
    browser = await sqlite_place.browser_of(DEV)
    keys = await browser.open(f"/portal/apps/{app.id}/keys")
    sqlite_place.db.clock.advance(DAY + HOUR)
    asked = await browser.send(form_with(keys, "Generate"), "Generate")
    assert asked.status == 400
    made = await browser.send(form_with(asked, "Generate").filled(password=DEV.password), "Generate")
    assert "Access Token" in shown(made)


async def test_guessing_at_this_door_is_throttled_like_at_the_front_door(sqlite_place: Place) -> None:
    app = (await new_app(sqlite_place.db, sqlite_place.cast.dev.id)).app
    browser = await sqlite_place.browser_of(DEV)
    sqlite_place.db.clock.advance(2 * DAY)
    page = await browser.open(f"/portal/apps/{app.id}/keys/api-key/revoke")
    for _ in range(30):
        await browser.send(form_with(page, "Revoke").filled(password="wrong"), "Revoke")
    right = await browser.send(form_with(page, "Revoke").filled(password=DEV.password), "Revoke")
    assert right.status == 400
    assert await queries.credentials_of_app(sqlite_place.db, app.id)
