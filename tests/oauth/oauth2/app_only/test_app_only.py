"""The app on its own behalf: one live token, given again and again, given back, recognised."""

import asyncio
from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import quote, unquote, urlencode

import pytest

from tests.oauth.oauth2.stage import FORM, Got, Stage, basic
from volary.access.caller import Scheme
from volary.access.levels import Level
from volary.developers.actions import (
    delete_app,
    revoke_api_keys,
    revoke_bearer,
    rotate_api_key,
    rotate_bearer,
    suspend_app,
)
from volary.oauth.api import APP_ONLY_CALLS
from volary.oauth.identify import identify

TOKEN, INVALIDATE = "/oauth2/token", "/oauth2/invalidate_token"
NO_99 = {"errors": [{"code": 99, "label": "authenticity_token_error", "message": "Unable to verify your credentials"}]}
GRANT = MappingProxyType({"grant_type": "client_credentials"})


async def asked(stage: Stage, form: Mapping[str, str] = GRANT, authorization: str | None = None) -> Got:
    header = basic(stage.c1.api_key, stage.c1.api_key_secret) if authorization is None else authorization
    return await stage.post(TOKEN, form, headers={"authorization": header} if header else {})


async def given_back(stage: Stage, token: str, authorization: str | None = None, *, query: bool = False) -> Got:
    header = authorization or basic(stage.c1.api_key, stage.c1.api_key_secret)
    target = f"{INVALIDATE}?{urlencode({'access_token': token})}" if query else INVALIDATE
    form = {} if query else {"access_token": token}
    return await stage.post(target, form, headers={"authorization": header})


async def lives(stage: Stage, token: str) -> bool:
    return await stage.status(headers={"authorization": f"Bearer {token}"}) == 200


@pytest.mark.attack("SR-114")
@pytest.mark.claim("C138", "C144")
async def test_the_same_token_is_given_at_every_call(stage: Stage) -> None:
    got = await asked(stage)
    assert (got.status, got.json) == (200, {"token_type": "bearer", "access_token": stage.c1.bearer_token})
    assert got.header("cache-control") == "no-store"
    assert (await asked(stage)).json == got.json
    assert got.json["access_token"].startswith("A" * 20)
    assert "%" in got.json["access_token"]
    caller = await identify(stage.raw("GET", "/2/tweets/1", {"authorization": f"Bearer {stage.c1.bearer_token}"}, ""))
    assert (caller.scheme, caller.app_id, caller.account_id) == (Scheme.APP_ONLY, stage.c1.app.id, None)
    assert (caller.level, caller.scopes, caller.enrolled) == (Level.READ, frozenset(), True)
    other = await identify(stage.raw("GET", "/2/tweets/1", {"authorization": f"Bearer {stage.p1.bearer_token}"}, ""))
    assert not other.enrolled


@pytest.mark.attack("SR-114")
async def test_many_calls_at_once_give_one_token_also_after_it_was_given_back(stage: Stage) -> None:
    answers = await asyncio.gather(*(asked(stage) for _ in range(20)))
    assert {(got.status, got.json["access_token"]) for got in answers} == {(200, stage.c1.bearer_token)}
    assert (await given_back(stage, stage.c1.bearer_token)).status == 200
    answers = await asyncio.gather(*(asked(stage) for _ in range(20)))
    assert {got.status for got in answers} == {200}
    (new,) = {got.json["access_token"] for got in answers}
    assert new != stage.c1.bearer_token
    assert [await lives(stage, token) for token in (stage.c1.bearer_token, new)] == [False, True]


@pytest.mark.attack("SR-114")
@pytest.mark.parametrize("spelling", ["verbatim", "decoded"])
@pytest.mark.parametrize("query", [True, False])
async def test_a_token_is_given_back_in_either_spelling_in_body_or_query(
    stage: Stage, spelling: str, query: bool
) -> None:
    token = stage.c1.bearer_token
    assert await lives(stage, token)
    sent = token if spelling == "verbatim" else unquote(token)
    got = await given_back(stage, sent, query=query)
    assert (got.status, got.json) == (200, {"access_token": token})
    assert not await lives(stage, token)
    again = await given_back(stage, sent, query=query)
    assert (again.status, again.json) == (403, NO_99)


@pytest.mark.attack("SR-116", "SR-088")
@pytest.mark.claim("C137")
@pytest.mark.parametrize(
    ("form", "authorization"),
    [
        ({}, None),
        ({"grant_type": ""}, None),
        ({"grant_type": "password"}, None),
        ({"grant_type": "authorization_code"}, None),
        (GRANT, ""),
        (GRANT, "Basic ???"),
        (GRANT, basic("unknown", "secret")),
        (GRANT, basic("", "")),
        (GRANT, "Bearer x"),
    ],
)
async def test_everything_that_is_wrong_is_number_99(
    stage: Stage, form: Mapping[str, str], authorization: str | None
) -> None:
    got = await asked(stage, form, authorization)
    assert (got.status, got.json) == (403, NO_99)
    assert (await asked(stage)).status == 200


@pytest.mark.attack("SR-116", "SR-101")
async def test_no_other_credentials_open_it(stage: Stage) -> None:
    pairs = [
        (stage.c1.api_key, stage.c2.api_key_secret),
        (stage.c1.api_key, stage.c1.api_key_secret + " "),
        (stage.c1.api_key.swapcase(), stage.c1.api_key_secret),
        (stage.c1.app.client_id, stage.c1.client_secret or ""),
        (stage.c1.api_key, stage.c1.client_secret or ""),
        (stage.c1.api_key, ""),
    ]
    for user, password in pairs:
        got = await asked(stage, authorization=basic(user, password))
        assert (got.status, got.json) == (403, NO_99)


@pytest.mark.attack("SR-091")
async def test_credentials_are_understood_encoded(stage: Stage) -> None:
    """RFC 1738 encoding is a step of X's own description; of plain letters and digits it changes nothing."""
    hexed = "".join(f"%{ord(letter):02X}" for letter in stage.c1.api_key_secret)
    assert (await asked(stage, authorization=basic(quote(stage.c1.api_key), hexed))).status == 200


@pytest.mark.attack("SR-116")
async def test_asking_too_often_is_refused(stage: Stage) -> None:
    for _ in range(APP_ONLY_CALLS):
        assert (await asked(stage)).status == 200
    got = await asked(stage)
    assert (got.status, got.json) == (429, {"errors": [{"code": 88, "message": "Rate limit exceeded"}]})
    assert await lives(stage, stage.c1.bearer_token)


@pytest.mark.attack("SR-105")
async def test_another_apps_token_cannot_be_given_back(stage: Stage) -> None:
    for token in (stage.c2.bearer_token, "unknown", "", stage.c1.api_key):
        got = await given_back(stage, token)
        assert (got.status, got.json) == (403, NO_99)
    assert await lives(stage, stage.c2.bearer_token)
    held = await stage.connect(stage.c1)
    assert (await given_back(stage, held.access)).status == 403
    assert await stage.lives(held.access)


@pytest.mark.attack("SR-117", "SR-218", "SR-220")
@pytest.mark.claim("C182", "C184")
async def test_renewing_revoking_suspending_and_deleting_end_it_at_once(stage: Stage) -> None:
    dev, app, old = stage.cast.dev.id, stage.c1.app.id, stage.c1.bearer_token
    new = await stage.db.write(rotate_bearer, dev, app)
    assert [await lives(stage, token) for token in (old, new)] == [False, True]
    assert (await asked(stage)).json["access_token"] == new
    await stage.db.write(revoke_bearer, dev, app)
    assert not await lives(stage, new)
    newest = (await asked(stage)).json["access_token"]
    assert newest not in {old, new}
    assert await lives(stage, newest)
    await stage.db.write(suspend_app, stage.p1.app.id, reason="spam")
    assert not await lives(stage, stage.p1.bearer_token)
    await stage.db.write(delete_app, dev, stage.s1.app.id)
    assert not await lives(stage, stage.s1.bearer_token)


@pytest.mark.attack("SR-117")
@pytest.mark.parametrize("how", ["renewed", "revoked", "suspended"])
async def test_an_api_key_that_ended_gets_nothing(stage: Stage, how: str) -> None:
    dev, app = stage.cast.dev.id, stage.c1.app.id
    if how == "renewed":
        await stage.db.write(rotate_api_key, dev, app)
    elif how == "revoked":
        await stage.db.write(revoke_api_keys, dev, app)
    else:
        await stage.db.write(suspend_app, app, reason="spam")
    got = await asked(stage)
    assert (got.status, got.json) == (403, NO_99)


async def test_a_body_of_another_kind_is_refused(stage: Stage) -> None:
    header = {"authorization": basic(stage.c1.api_key, stage.c1.api_key_secret), "content-type": "text/plain"}
    got = await stage.send("POST", TOKEN, b"grant_type=client_credentials", header)
    assert got.status == 400
    form = {**header, "content-type": FORM}
    got = await stage.send("POST", TOKEN, b"grant_type=client_credentials&grant_type=client_credentials", form)
    assert got.status == 400
