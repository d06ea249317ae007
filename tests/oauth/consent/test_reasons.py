"""Why a request was refused stands in the log, for whoever runs the server and helps a developer; those who sent it never read it."""

import logging
from collections.abc import Awaitable, Callable

import pytest

from tests.oauth.consent.site import CALLBACK, Pair, Place
from volary.api.reasons import Reasons, reasons

pytestmark = pytest.mark.anyio

FORM = {"content-type": "application/x-www-form-urlencoded"}


async def unlisted(place: Place) -> None:
    await place.browser().open(place.app.asking(redirect_uri="https://evil.example/"))


async def unknown_client(place: Place) -> None:
    await place.browser().open(place.app.asking(client_id="nobody"))


async def bad_scope(place: Place) -> None:
    await place.browser().open(place.app.asking(scope="make.coffee"))


async def spent(place: Place) -> None:
    await place.browser().open("/oauth/authorize?oauth_token=spent")


async def unknown_code(place: Place) -> None:
    form = {"grant_type": "authorization_code", "code": "x", "redirect_uri": CALLBACK, "code_verifier": "v" * 43}
    auth = (place.app.made.app.client_id, place.app.made.client_secret or "")
    await place.app.client.post("/2/oauth2/token", data=form, auth=auth)


async def no_secret(place: Place) -> None:
    await place.app.client.post("/2/oauth2/token", data={"client_id": place.app.made.app.client_id})


async def no_app(place: Place) -> None:
    await place.app.client.post("/oauth2/token", data={"grant_type": "client_credentials"}, auth=("x", "y"))


async def unknown_token(place: Place) -> None:
    await place.app.signed("GET", "/2/users/me", Pair("1-x", "y"))


async def wrong_verifier(place: Place) -> None:
    await place.app.signed("POST", "/oauth/access_token", await place.app.request_token(), verifier="x")


async def wrong_callback(place: Place) -> None:
    await place.app.client.post("/oauth/request_token", headers=FORM, content=b"oauth_callback=x")


REASONS: dict[Callable[[Place], Awaitable[None]], str] = {
    unlisted: "redirect_uri is not listed by app",
    unknown_client: "no such app",
    bad_scope: "unknown ['make.coffee']",
    spent: "the request token is unknown",
    unknown_code: "unknown code",
    no_secret: "did not send its secret by Basic",
    no_app: "unknown API key, wrong secret",
    unknown_token: "the access token is unknown",
    wrong_verifier: "or the verifier is wrong",
    wrong_callback: "'oauth_consumer_key' is not there",
}


@pytest.mark.attack("SR-302")
@pytest.mark.parametrize("refuse", REASONS)
async def test_the_reason_is_in_the_log_and_nowhere_else(
    sqlite_place: Place, caplog: pytest.LogCaptureFixture, refuse: Callable[[Place], Awaitable[None]]
) -> None:
    Reasons.__init__(reasons)  # what other tests told in this second does not count
    with caplog.at_level(logging.INFO):
        await refuse(sqlite_place)
    told = [str(record.__dict__.get("why", "")) for record in caplog.records]
    assert [why for why in told if REASONS[refuse] in why], told
    app = sqlite_place.app.made
    for secret in (app.api_key_secret, app.client_secret or "", app.bearer_token):
        assert secret not in caplog.text + " ".join(told)
