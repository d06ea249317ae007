"""What developers change while people are connected, and what it means for them: seen from their tokens."""

import pytest
from requests_oauthlib.oauth1_session import TokenRequestDenied

from tests.flows.conftest import Walk
from volary.access.levels import Level

pytestmark = pytest.mark.xdist_group("flows")


@pytest.mark.claim("C011", "C191", "C198", "C200", "C202", "C207", "C208", "C209")
def test_the_level_goes_up_and_down(walk: Walk) -> None:
    dev, ann = walk.person("Dev Devrient"), walk.person()
    made, app = walk.app(dev, level=Level.READ)
    at_portal, browser = walk.browser(dev), walk.browser(ann)
    settings = f"{walk.base}/portal/apps/{made.app.id}/authentication"
    first = walk.connect1(browser, app)
    refused = first.post("May I?")
    assert (refused.status_code, refused.headers["x-access-level"]) == (403, "read")

    at_portal.open(settings)
    at_portal.press("Save", level="read-write")
    assert first.post("And now?").status_code == 403, "a wider level reaches nobody who has not agreed to it"
    at_portal.open(settings)
    assert "1 connected person has tokens of another permission level." in at_portal.text
    browser.open(app.asking1())
    assert "What you had not allowed it yet is marked as new." in browser.text
    browser.press("Authorize app")
    second = app.connected1(browser.url)
    posted = second.post("Thanks")
    assert (posted.status_code, posted.headers["x-access-level"]) == (201, "read-write")

    at_portal.open(settings)
    at_portal.press("Save", level="read")
    refused = second.post("Still?")
    assert (refused.status_code, refused.headers["x-access-level"]) == (403, "read")
    at_portal.open(settings)
    at_portal.press("Discard their tokens")
    assert second.me().status_code == 401
    browser.open(f"{walk.base}/settings/apps")
    third = walk.connect1(browser, app)
    assert third.username == ann.username


@pytest.mark.claim("C214", "C217", "C220", "C226", "C227", "C228")
def test_a_callback_leaves_the_list_and_comes_back(walk: Walk) -> None:
    dev, ann = walk.person("Dev Devrient"), walk.person()
    made, app = walk.app(dev)
    at_portal, browser = walk.browser(dev), walk.browser(ann)
    waiting = app.asking1()
    details = f"{walk.base}/portal/apps/{made.app.id}"
    at_portal.open(details)
    at_portal.press("Save", callbacks="https://elsewhere.example/cb", name=app.name)
    browser.open(app.asking())
    assert (browser.status, browser.has("Authorize app")) == (400, False)
    with pytest.raises(TokenRequestDenied) as refused:
        app.asking1()
    assert refused.value.status_code == 403
    assert refused.value.response.json()["errors"][0]["code"] == 415
    # A request that was let in before the change does not get through either.
    browser.open(waiting)
    assert (browser.status, browser.has("Authorize app")) == (400, False)
    assert not [one for one in walk.sink.arrivals if "oauth_verifier" in one.url]

    at_portal.open(f"{details}/callback-tester?url={walk.sink.callback}")
    at_portal.press("Add it to the list")
    assert walk.connect(browser, app).username == ann.username
    assert walk.connect1(browser, app).username == ann.username


@pytest.mark.claim("C182", "C183", "C187")
def test_a_protocol_and_a_key_are_taken_away(walk: Walk) -> None:
    dev, ann = walk.person("Dev Devrient"), walk.person()
    made, app = walk.app(dev)
    at_portal, browser = walk.browser(dev), walk.browser(ann)
    new, old = walk.connect(browser, app), walk.connect1(browser, app)
    keys = f"{walk.base}/portal/apps/{made.app.id}/keys"
    at_portal.open(f"{keys}/api-key/regenerate")
    at_portal.press("Regenerate", overlap="hour")
    assert old.me().status_code == 200, "the old key lives on for an hour"
    at_portal.open(f"{keys}/api-key/revoke")
    at_portal.press("Revoke")
    assert (old.me().status_code, new.me().status_code) == (401, 200)

    at_portal.open(f"{walk.base}/portal/apps/{made.app.id}/authentication")
    (form,) = [form for form in at_portal.forms if "oauth2_type" in form.fields]
    del form.fields["oauth2"]
    at_portal.press("Save")
    assert new.me().status_code == 401
    browser.open(app.asking())
    assert (browser.status, browser.has("Authorize app")) == (400, False)


@pytest.mark.claim("C155")
def test_an_app_is_deleted_while_people_use_it(walk: Walk) -> None:
    dev, ann = walk.person("Dev Devrient"), walk.person()
    made, app = walk.app(dev)
    at_portal, browser = walk.browser(dev), walk.browser(ann)
    new, old = walk.connect(browser, app), walk.connect1(browser, app)
    browser.open(app.asking())
    at_portal.open(f"{walk.base}/portal/apps/{made.app.id}/delete")
    assert "1 person is connected to it now." in at_portal.text
    at_portal.press("Delete App", typed=app.name)
    assert [connection.me().status_code for connection in (new, old)] == [401, 401]
    browser.press("Authorize app")
    assert browser.status == 400, "the question that still stood there leads nowhere"
    browser.open(f"{walk.base}/settings/apps")
    assert app.name not in browser.text
