"""Whose scripts a browser lets read the API's answers: those of the Single page App that called, from its own origins."""

from urllib.parse import urlencode

import pytest

from tests.server.house import NOBODY, PAGE_ORIGIN, Bearer, Credentials, House
from volary.developers.actions import NewApp, create_app, restore_app, suspend_app
from volary.developers.rules.settings import Authentication, Details
from volary.oauth.revoking import revoke


async def other_page(house: House) -> NewApp:
    """A second Single page App, of somebody else, at a site of its own."""
    details = Details(name="Other page", callbacks=("https://other.example/cb",))
    return await house.db.write(create_app, house.cast.bob.id, details, Authentication(oauth2=True, type="spa"))


@pytest.mark.attack("SR-300", "SR-308")
async def test_what_is_opened_by_the_visitors_address_is_read_by_no_script(house: House) -> None:
    """An operator, at the server's own machine, opens the site of somebody's Single page App: it must not read the counters."""
    asking = [("origin", PAGE_ORIGIN)]
    for method, path in (("GET", "/metrics"), ("HEAD", "/metrics"), ("OPTIONS", "/metrics"), ("GET", "/metrics/")):
        got = await house.send(method, path, headers=asking, peer="127.0.0.1")
        assert got.status in {200, 204}
        assert got.header("access-control-allow-origin") is None, method
    assert (await house.get("/2/users/me", headers=asking)).header("access-control-allow-origin") == PAGE_ORIGIN


@pytest.mark.attack("SR-300")
async def test_an_answer_is_read_by_scripts_of_the_app_that_called_alone(house: House) -> None:
    """Another live Single page App's site gets hold of a token or a code: its scripts cannot use it from a visitor's browser."""
    other = await other_page(house)
    page, both = house.apps["Page"], (PAGE_ORIGIN, "https://other.example")
    who = await house.bearer(house.cast.ann, app="Page")
    ended = Bearer((await house.bearer(house.cast.bob, app="Page")).token)
    await house.db.write(revoke, house.cast.bob.id, app_id=page.app.id)

    def asking(app: NewApp, **more: str) -> bytes:
        return urlencode({"client_id": app.app.client_id, "grant_type": "refresh_token", **more}).encode()

    async def readers(method: str, path: str, who: Credentials = NOBODY, body: bytes = b"") -> list[str]:
        found = []
        for origin in both:
            kind = "application/x-www-form-urlencoded" if body else ""
            got = await house.send(method, path, who, body=body, kind=kind, headers=[("origin", origin)])
            assert "Origin" in {value for name, value in got.headers if name == "vary"}
            found += [origin] if got.header("access-control-allow-origin") == origin else []
        return found

    assert await readers("GET", "/2/users/me", who) == [PAGE_ORIGIN]
    assert await readers("POST", "/2/tweets", who) == [PAGE_ORIGIN]
    # Its App learns that a token has ended, and nobody else does.
    assert await readers("GET", "/2/users/me", ended) == [PAGE_ORIGIN]
    assert await readers("GET", "/2/users/by/username/ann", house.app_only("Page")) == [PAGE_ORIGIN]
    for path in ("/2/oauth2/token", "/2/oauth2/revoke"):
        assert await readers("POST", path, body=asking(page, refresh_token="unknown", token="unknown")) == [PAGE_ORIGIN]
        assert await readers("POST", path, body=asking(other, refresh_token="x", token="x")) == [
            "https://other.example"
        ]
    # A Web App's answers are its server's alone.
    web = await house.bearer(house.cast.ann)
    assert await readers("GET", "/2/users/me", web) == []
    assert await readers("GET", "/2/users/me", await house.signed(house.cast.ann)) == []
    assert await readers("POST", "/2/oauth2/token", body=asking(house.apps["Messenger"])) == []
    # Credentials that are nobody's, and none: the refusal says only that there is no access.
    assert await readers("GET", "/2/users/me", Bearer("bm9ib2R5")) == list(both)
    assert await readers("GET", "/2/users/me") == list(both)
    assert await readers("POST", "/2/oauth2/token", body=b"client_id=%00&grant_type=refresh_token") == list(both)
    assert await readers("OPTIONS", "/2/users/me") == list(both)
    # What a public App's own database row does not allow any more ends at once.
    await house.db.write(suspend_app, page.app.id, reason="a test")
    try:
        assert await readers("GET", "/2/users/me", who) == []
    finally:
        await house.db.write(restore_app, page.app.id)
