"""A developer's first hour: sign up, a Project, an App, its settings, and the end of it."""

import pytest

from tests.cast import DEV
from tests.developers.making import CALLBACK
from tests.portal.site import Place
from volary.developers import queries
from volary.kit.secrets import digest

pytestmark = pytest.mark.anyio


@pytest.mark.claim("C145", "C154", "C155", "C156", "C157", "C158", "C161", "C185")
async def test_from_sign_up_to_deleting(place: Place) -> None:
    browser = await place.browser_of(DEV)
    dashboard = await browser.open("/portal")
    assert dashboard.status == 200
    assert (await browser.open("/portal/projects/new")).location == "/portal/signup?then=/portal/projects/new"
    sign_up = await browser.open("/portal/signup?then=/portal/projects/new")
    answer = await browser.press(sign_up, "Create developer account", agreed="1", use_case="Frames")
    assert answer.location == "/portal/projects/new"

    answer = await browser.press(await browser.open("/portal/projects/new"), "Create Project", name="Pictures")
    assert answer.location.startswith("/portal/apps/new?project=")
    wizard = await browser.open(answer.location)
    shown = await browser.press(
        wizard, "Create App", name="Photo Frame", callbacks=CALLBACK, website="https://frame.test/"
    )
    assert shown.status == 200
    assert shown.headers["cache-control"] == "no-store"
    [app] = await queries.apps_of_owner(place.db, place.cast.dev.id)
    key, secret, bearer = [code.text for code in shown.root.every("code", class_="copyable-text")]
    assert await queries.app_by_api_key(place.db, digest(key)) is not None
    assert await queries.app_by_bearer(place.db, digest(bearer)) is not None

    for tail in (
        "",
        "/keys",
        "/authentication",
        "/callback-tester",
        "/attach",
        "/delete",
        "/keys/api-key/regenerate",
        "/keys/access-token/revoke",
    ):
        page = await browser.open(f"/portal/apps/{app.id}{tail}")
        assert page.status == 200, tail
        for text in (key, secret, bearer):
            assert text not in page.answer.text
