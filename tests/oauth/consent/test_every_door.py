"""The doors where secrets are asked for and given, through the whole server: how their answers look, and which secret opens what."""

from typing import Any

import httpx2 as httpx
import msgspec
import pytest

from tests.cast import ANN
from tests.oauth.consent.site import CALLBACK, VERIFIER, App, Pair, Place, answer_in, place_of
from tests.oauth.consent.test_page400 import rows
from volary.sessions.rules.browsers import COOKIE
from volary.settings import Settings

pytestmark = pytest.mark.anyio

TOK, REV, APPTOK, APPINV = "/2/oauth2/token", "/2/oauth2/revoke", "/oauth2/token", "/oauth2/invalidate_token"
RT, AT, INV1 = "/oauth/request_token", "/oauth/access_token", "/1.1/oauth/invalidate_token"
DOORS = (TOK, REV, APPTOK, APPINV, RT, AT, INV1)
FORM = "application/x-www-form-urlencoded"
ME = "/2/users/me"


async def connected(place: Place) -> dict[str, Any]:
    """The tokens of ann for the App."""
    browser = await place.browser_of(ANN)
    answer = await browser.press(
        await browser.open(place.app.asking("tweet.read users.read offline.access")), "Authorize app"
    )
    return await place.app.tokens(answer.location)


async def signing(place: Place) -> Pair:
    """ann's token of OAuth 1.0a for the App."""
    browser, asked = await place.browser_of(ANN), await place.app.request_token()
    answer = await browser.press(await browser.open(f"/oauth/authorize?oauth_token={asked.token}"), "Authorize app")
    return await place.app.access_token(asked, answer_in(answer.location)["oauth_verifier"])


def client(app: App) -> tuple[str, str]:
    return app.made.app.client_id, app.made.client_secret or ""


def consumer(app: App) -> tuple[str, str]:
    return app.made.api_key, app.made.api_key_secret


def guarded(answer: httpx.Response, *, pragma: bool) -> None:
    """Nobody keeps it, nobody takes it for something else, and it says what it is."""
    told = answer.headers
    assert "no-store" in told["cache-control"], (answer.request.url, answer.status_code)
    assert "pragma" not in told or told["pragma"] == "no-cache"
    assert not pragma or told["pragma"] == "no-cache", (answer.request.url, answer.status_code)
    assert told["x-content-type-options"] == "nosniff"
    assert len(told.get_list("cache-control")) == len(told.get_list("content-type")) == 1
    if answer.status_code >= 400:
        assert told["content-type"].startswith(("application/json", "application/problem+json"))
        assert answer.json()


@pytest.mark.attack("SR-110", "SR-069")
@pytest.mark.parametrize("path", DOORS)
async def test_no_answer_of_a_door_is_kept_whatever_it_is(place: Place, path: str) -> None:
    app = place.app
    broken: list[dict[str, Any]] = [
        {"content": b""},
        {"content": b"a=%ff", "headers": {"content-type": FORM}},
        {"content": b"{", "headers": {"content-type": "application/json"}},
        {"content": b"a", "headers": {"content-type": "text/plain"}},
        {"content": b"a=" + b"b" * 20_000, "headers": {"content-type": FORM}},
        {"content": b"", "headers": {"authorization": "Basic ???"}},
        {"content": b"", "headers": {"authorization": "Bearer x"}},
        {"content": b"", "headers": {"authorization": 'OAuth oauth_consumer_key="x"'}},
        {"content": b"", "auth": ("nobody", "x")},
        {"content": b"", "auth": client(app)},
        {"content": b"", "auth": consumer(app)},
    ]
    before = await rows(place)
    for request in broken:
        answer = await app.client.post(path, **request)
        assert 400 <= answer.status_code < 500, (path, request)
        guarded(answer, pragma=False)
    for method in ("GET", "PUT", "DELETE", "PATCH"):
        if (method, path) != ("GET", RT):
            answer = await app.client.request(method, path)
            assert answer.status_code == 405
            guarded(answer, pragma=False)
    # These two do not even reach the door, which would answer in JSON.
    for headers, status in (
        ({"authorization": 'OAuth oauth_nonce="' + "x" * 100_000 + '"'}, 431),
        ({"content-encoding": "gzip"}, 415),
    ):
        answer = await app.client.post(path, content=b"x", headers=headers)
        assert (answer.status_code, answer.headers["cache-control"]) == (status, "no-store")
        assert answer.headers["x-content-type-options"] == "nosniff"
    assert await rows(place) == before


@pytest.mark.attack("SR-110")
async def test_what_is_given_is_not_kept_either(place: Place) -> None:
    app, held, pair = place.app, await connected(place), await signing(place)
    refresh = {"grant_type": "refresh_token", "refresh_token": held["refresh_token"]}
    answers = [
        await app.client.post(TOK, data=refresh, auth=client(app)),
        await app.client.post(TOK, data=refresh | {"refresh_token": "x"}, auth=client(app)),
        await app.client.post(REV, data={"token": "x"}, auth=client(app)),
        await app.client.post(APPTOK, data={"grant_type": "client_credentials"}, auth=consumer(app)),
        await app.client.post(APPINV, data={"access_token": app.made.bearer_token}, auth=consumer(app)),
        await app.signed("POST", RT, callback_uri=CALLBACK),
        await app.signed("POST", AT, await app.request_token(), verifier="x"),
        await app.signed("POST", INV1, pair),
    ]
    assert [answer.status_code for answer in answers] == [200, 400, 200, 200, 200, 200, 401, 200]
    for answer in answers:
        guarded(answer, pragma=True)


@pytest.mark.attack("SR-101", "SR-148")
async def test_each_secret_opens_its_own_door_alone(place: Place) -> None:
    app, held, pair = place.app, await connected(place), await signing(place)
    browser = await place.browser_of(ANN)
    page = await browser.open(app.asking())
    waiting, asked = page.form().values, await app.request_token()
    code = answer_in((await browser.press(await browser.open(app.asking()), "Authorize app")).location)["code"]
    secrets = {
        "access token": held["access_token"],
        "refresh token": held["refresh_token"],
        "code": code,
        "app-only token": app.made.bearer_token,
        "API key": app.made.api_key,
        "API key secret": app.made.api_key_secret,
        "client secret": app.made.client_secret or "",
        "client id": app.made.app.client_id,
        "session": browser.client.cookies[COOKIE],
        "form token": waiting["csrf"],
        "waiting request": waiting["request"],
        "request token": asked.token,
        "request token's secret": asked.secret,
        "OAuth 1.0a token": pair.token,
        "OAuth 1.0a token's secret": pair.secret,
    }
    before = await rows(place)
    for name, secret in secrets.items():
        bearer = await app.client.get(ME, headers={"authorization": f"Bearer {secret}"})
        # The app-only token is known there, and refused because it stands for nobody.
        expected = {"access token": 200, "app-only token": 403}.get(name, 401)
        assert bearer.status_code == expected, name
        if name != "refresh token":
            form = {"grant_type": "refresh_token", "refresh_token": secret}
            assert (await app.client.post(TOK, data=form, auth=client(app))).status_code == 400, name
        if name != "code":
            form = {
                "grant_type": "authorization_code",
                "code": secret,
                "redirect_uri": CALLBACK,
                "code_verifier": VERIFIER,
            }
            assert (await app.client.post(TOK, data=form, auth=client(app))).status_code == 400, name
        if name != "OAuth 1.0a token":
            assert (await app.signed("GET", ME, Pair(secret, pair.secret))).status_code == 401, name
        if name != "OAuth 1.0a token's secret":
            assert (await app.signed("GET", ME, Pair(pair.token, secret))).status_code == 401, name
        if name != "session":
            cookies = {"cookie": f"{COOKIE}={secret}"}
            assert (await app.client.get("/settings", headers=cookies)).status_code == 303, name
        if name != "app-only token":
            given = await app.client.post(APPINV, data={"access_token": secret}, auth=consumer(app))
            assert given.status_code == 403, name
        if name != "client secret":
            refused = await app.client.post(REV, data={"token": held["access_token"]}, auth=(client(app)[0], secret))
            assert refused.status_code == 401, name
    assert await rows(place) == before
    assert (await app.me(held["access_token"])).status_code == 200
    assert (await app.verified(pair)).status_code == 200


BASIC = [
    *(
        "Basic ???",
        "Basic",
        "Basic ",
        "Basic eA==",
        "Basic OnNlY3JldA==",
        "Basic //79Ov8=",
        "Basic eDo=",
        "bearer eDp5",
    ),
    *("eDp5", "Basic " + "eDp5" * 25_000),
]


@pytest.mark.attack("SR-091", "SR-116")
@pytest.mark.parametrize("header", BASIC)
@pytest.mark.parametrize("path, refused", [(TOK, 401), (REV, 401), (APPTOK, 403), (APPINV, 403)])
async def test_basic_that_is_none(place: Place, path: str, refused: int, header: str) -> None:
    form = {"grant_type": "client_credentials", "token": "x", "access_token": "x", "client_id": "x"}
    answer = await place.app.client.post(path, data=form, headers={"authorization": header})
    assert answer.status_code in {refused, 431 if len(header) > 1_000 else refused}
    given = await place.app.client.post(APPTOK, data={"grant_type": "client_credentials"}, auth=consumer(place.app))
    assert given.status_code == 200


@pytest.mark.attack("SR-093")
@pytest.mark.parametrize(
    "path, form",
    [
        (
            TOK,
            {"grant_type": "refresh_token", "refresh_token": "x", "scope": "tweet.read", "client_id": "c", "foo": "x"},
        ),
        (REV, {"token": "x", "token_type_hint": "access_token", "client_id": "c"}),
        (APPTOK, {"grant_type": "client_credentials"}),
        (APPINV, {"access_token": "x"}),
    ],
)
async def test_no_parameter_of_any_door_may_be_there_twice(place: Place, path: str, form: dict[str, str]) -> None:
    app = place.app
    auth = client(app) if path.startswith("/2/") else consumer(app)
    before = await rows(place)
    for name, value in form.items():
        for second in (value, "another", ""):
            body = httpx.QueryParams([*form.items(), (name, second)])
            answer = await app.client.post(path, content=str(body), headers={"content-type": FORM}, auth=auth)
            assert answer.status_code == 400, (name, second, answer.text)
    assert await rows(place) == before


@pytest.mark.attack("SR-134", "SR-306")
@pytest.mark.parametrize("on", [True, False])
async def test_the_issuer_stands_in_each_answer_once_or_in_none(place: Place, settings: Settings, on: bool) -> None:
    """Also where the request brings one of its own, in its query or hidden in its state (RFC 9207 §2)."""
    site = await place_of(
        place.db, place.cast, place.hasher, msgspec.structs.replace(settings, issuer_in_answers=on), "Other"
    )
    told = (await site.app.client.get("/.well-known/oauth-authorization-server")).json()
    assert told["authorization_response_iss_parameter_supported"] is on
    for more in ({}, {"iss": "https://evil.example"}, {"state": "x&iss=https://evil.example"}):
        browser = await site.browser_of(ANN)
        page = await browser.open(site.app.asking(**more))
        locations = [
            (await browser.press(page, "Authorize app")).location,
            (await browser.press(await browser.open(site.app.asking(**more)), "Cancel")).location,
            (await browser.open(site.app.asking(scope="nonsense", **more))).location,
        ]
        for location in locations:
            found = httpx.URL(location).params.get_list("iss")
            assert found == ([told["issuer"]] if on else [])
