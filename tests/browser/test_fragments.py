"""What stands behind the # of an address that somebody was sent to does not travel on to the app (SR-034)."""

import pytest

from tests.browser.conftest import Stage

pytestmark = [pytest.mark.anyio, pytest.mark.browser, pytest.mark.xdist_group("browser")]

PLANTED = "#access_token=planted"


@pytest.mark.attack("SR-034")
async def test_no_redirect_carries_a_planted_fragment_to_the_app(stage: Stage) -> None:
    ann, app = await stage.person(), await stage.app()
    window = await stage.window(ann)
    await window.open(app.asking() + PLANTED)
    await window.press("Authorize app")
    assert app.connected(window.page.url).username == ann.username
    assert "planted" not in window.page.url

    await window.open(app.asking().replace("response_type=code", "response_type=token") + PLANTED)
    assert "unsupported_response_type" in window.page.url
    assert "planted" not in window.page.url

    await window.open(app.asking1())
    await window.press("Authorize app")
    app.connected1(window.page.url)
    await window.open(app.asking1("authenticate") + PLANTED)
    assert "oauth_verifier" in window.page.url, "signed in without a page"
    assert "planted" not in window.page.url
