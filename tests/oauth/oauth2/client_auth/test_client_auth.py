"""Which client is calling the token and revocation endpoints, and what is told to those who cannot prove it."""

import base64
from collections.abc import Awaitable, Callable
from urllib.parse import quote, urlencode

import msgspec
import pytest

from tests.oauth.oauth2.stage import CALLBACK, FORM, VERIFIER, Got, Stage, basic
from volary.access.levels import Level
from volary.developers.actions import (
    delete_app,
    edit_authentication,
    revoke_client_secrets,
    rotate_client_secret,
    suspend_app,
)
from volary.developers.rules.settings import Authentication

DENIED = {"error": "unauthorized_client", "error_description": "Missing valid authorization header"}
PATHS = ["/2/oauth2/token", "/2/oauth2/revoke"]


def honest(code: str) -> dict[str, str]:
    return {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": CALLBACK,
        "code_verifier": VERIFIER,
        "token": "unknown",
    }


async def sent(stage: Stage, path: str, form: dict[str, str], authorization: str | None = None) -> Got:
    headers = {} if authorization is None else {"authorization": authorization}
    return await stage.post(path, form, headers=headers)


@pytest.mark.claim("C142", "C195", "C196")
@pytest.mark.parametrize("app", ["c1", "c2", "p1", "s1"])
async def test_each_type_of_app_proves_itself_in_its_own_way(stage: Stage, app: str) -> None:
    chosen = getattr(stage, app)
    assert (await stage.exchange(chosen, await stage.code(chosen))).status == 200
    assert (chosen.client_secret is None) == (app in {"p1", "s1"})


def right(stage: Stage) -> str:
    return stage.c1.client_secret or ""


WRONG: dict[str, Callable[[Stage], str | None]] = {
    "no header": lambda stage: None,
    "wrong secret": lambda stage: basic(stage.c1.app.client_id, "x" * 50),
    "secret of another App": lambda stage: basic(stage.c1.app.client_id, stage.c2.client_secret or ""),
    "empty secret": lambda stage: basic(stage.c1.app.client_id, ""),
    "secret with a blank": lambda stage: basic(stage.c1.app.client_id, right(stage) + " "),
    "secret in capitals": lambda stage: basic(stage.c1.app.client_id, right(stage).swapcase()),
    "API key and secret": lambda stage: basic(stage.c1.api_key, stage.c1.api_key_secret),
    "unknown client": lambda stage: basic("bm9ib2R5OjE6Y2k", right(stage)),
    "client in capitals": lambda stage: basic(stage.c1.app.client_id.swapcase(), right(stage)),
    "bearer": lambda stage: f"Bearer {stage.c1.bearer_token}",
    "not base64": lambda stage: "Basic ???",
    "base64 cut short": lambda stage: basic(stage.c1.app.client_id, right(stage))[:-1],
    "no colon": lambda stage: "Basic " + base64.b64encode(stage.c1.app.client_id.encode()).decode(),
    "not UTF-8": lambda stage: "Basic " + base64.b64encode(b"\xff\xfe:\xff").decode(),
    "encoded, not UTF-8": lambda stage: basic("%ff", "%fe"),
    "NUL": lambda stage: basic(stage.c1.app.client_id + "\0", right(stage)),
    "empty client": lambda stage: basic("", right(stage)),
    "empty": lambda stage: "",
    "scheme alone": lambda stage: "Basic",
    "100 KB": lambda stage: basic(stage.c1.app.client_id, "x" * 100_000),
}


@pytest.mark.attack("SR-088", "SR-091", "SR-101", "SR-105")
@pytest.mark.claim("C142", "C196")
@pytest.mark.parametrize("wrong", WRONG)
async def test_a_confidential_client_without_its_secret_is_told_one_thing(stage: Stage, wrong: str) -> None:
    code = await stage.code(stage.c1)
    before = await stage.rows()
    authorization = WRONG[wrong](stage)
    for path in PATHS:
        got = await sent(stage, path, {**honest(code), "client_id": stage.c1.app.client_id}, authorization)
        if wrong in {"unknown client", "client in capitals", "API key and secret"}:  # the body may not name another one
            assert got.status == 400
            got = await sent(stage, path, honest(code), authorization)
        assert (got.status, got.json) == (401, DENIED)
        assert got.header("www-authenticate") == (None if authorization is None else 'Basic realm="OAuth 2.0"')
        assert got.header("cache-control") == "no-store"
    assert await stage.rows() == before
    assert (await stage.exchange(stage.c1, code)).status == 200  # the code is still its owner's


async def suspended(stage: Stage) -> None:
    await stage.db.write(suspend_app, stage.c1.app.id, reason="spam")


async def deleted(stage: Stage) -> None:
    await stage.db.write(delete_app, stage.cast.dev.id, stage.c1.app.id)


async def switched_off(stage: Stage) -> None:
    how = Authentication(level=Level.READ, oauth2=False)
    await stage.db.write(edit_authentication, stage.cast.dev.id, stage.c1.app.id, how)


async def renewed(stage: Stage) -> None:
    await stage.db.write(rotate_client_secret, stage.cast.dev.id, stage.c1.app.id)


async def revoked(stage: Stage) -> None:
    await stage.db.write(revoke_client_secrets, stage.cast.dev.id, stage.c1.app.id)


@pytest.mark.attack("SR-088", "SR-117", "SR-218")
@pytest.mark.parametrize("ended", [suspended, deleted, switched_off, renewed, revoked])
async def test_a_client_that_ended_is_told_the_same_as_an_unknown_one(
    stage: Stage, ended: Callable[[Stage], Awaitable[None]]
) -> None:
    code = await stage.code(stage.c1)
    await ended(stage)
    before = await stage.rows()
    for path in PATHS:
        got = await stage.post(path, honest(code), stage.c1)
        assert (got.status, got.json) == (401, DENIED)
    assert await stage.rows() == before


@pytest.mark.claim("C181")
async def test_two_secrets_may_overlap_for_a_while(stage: Stage) -> None:
    new = await stage.db.write(rotate_client_secret, stage.cast.dev.id, stage.c1.app.id, overlap=60_000)
    assert (await stage.exchange(stage.c1, await stage.code(stage.c1))).status == 200
    renewed_app = msgspec.structs.replace(stage.c1, client_secret=new)
    assert (await stage.exchange(renewed_app, await stage.code(stage.c1))).status == 200
    stage.db.clock.advance(60_001)
    assert (await stage.exchange(stage.c1, await stage.code(stage.c1))).status == 401


@pytest.mark.attack("SR-089")
@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "added", [{"client_id": "c2"}, {"client_id": "p1"}, {"client_secret": "another"}, {"client_id": "bm9ib2R5"}]
)
async def test_a_body_that_names_another_client_than_the_header_is_nobody(
    stage: Stage, path: str, added: dict[str, str]
) -> None:
    code = await stage.code(stage.c1)
    extra = {
        name: getattr(stage, value).app.client_id if value in {"c2", "p1"} else value for name, value in added.items()
    }
    got = await stage.post(path, honest(code) | extra, stage.c1)
    assert (got.status, got.json["error"]) == (400, "invalid_request")
    assert (await stage.exchange(stage.c1, code)).status == 200


@pytest.mark.attack("SR-105")
@pytest.mark.parametrize("path", PATHS)
async def test_a_secret_in_the_body_alone_is_no_proof(stage: Stage, path: str) -> None:
    code = await stage.code(stage.c1)
    form = honest(code) | {"client_id": stage.c1.app.client_id, "client_secret": right(stage)}
    got = await sent(stage, path, form)
    assert (got.status, got.json) == (401, DENIED)


@pytest.mark.parametrize("path", PATHS)
async def test_clients_repeat_in_the_body_what_stands_in_the_header(stage: Stage, path: str) -> None:
    """tweepy sends the client id twice; twitter-api-v2 all of it, as JSON (X facts 12.2)."""
    code = await stage.code(stage.c1)
    form = honest(code) | {"client_id": stage.c1.app.client_id, "client_secret": right(stage)}
    authorization = {"authorization": basic(stage.c1.app.client_id, right(stage))}
    as_form = await stage.send("POST", path, urlencode(form).encode(), {"content-type": FORM, **authorization})
    assert as_form.status == 200
    form["code"] = await stage.code(stage.c1)
    json = {"content-type": "application/json", **authorization}
    assert (await stage.send("POST", path, msgspec.json.encode(form), json)).status == 200


@pytest.mark.attack("SR-091")
async def test_credentials_are_understood_encoded_and_as_they_are(stage: Stage) -> None:
    user, password = stage.c1.app.client_id, right(stage)
    hexed = "".join(f"%{ord(character):02x}" for character in password)
    for header in (
        basic(user, password),
        basic(quote(user, safe=""), hexed),
        basic(user, password).replace("Basic", "bASIC"),
    ):
        got = await sent(stage, PATHS[0], honest(await stage.code(stage.c1)), header)
        assert got.status == 200, header


@pytest.mark.claim("C195")
async def test_a_public_client_may_name_itself_by_an_empty_basic(stage: Stage) -> None:
    """oauthlib does, where it was given no secret."""
    code = await stage.code(stage.p1)
    got = await sent(stage, PATHS[0], honest(code), basic(stage.p1.app.client_id, ""))
    assert got.status == 200
    got = await sent(stage, PATHS[0], honest(await stage.code(stage.p1)), basic(stage.p1.app.client_id, "secret"))
    assert (got.status, got.json) == (401, DENIED)


@pytest.mark.parametrize("path", PATHS)
async def test_nobody_at_all_is_asked_for_a_client_id(stage: Stage, path: str) -> None:
    got = await sent(stage, path, honest("x"))
    expected = {"error": "invalid_request", "error_description": "Missing required parameter [client_id]."}
    assert (got.status, got.json) == (400, expected)


@pytest.mark.attack("SR-088")
@pytest.mark.parametrize("client_id", ["nobody", "bm9ib2R5OjE6Y2k", "x" * 10_000, "a\tb", "' OR 1=1 --"])
async def test_an_unknown_public_client_is_told_the_same(stage: Stage, client_id: str) -> None:
    got = await sent(stage, PATHS[0], honest("x") | {"client_id": client_id})
    assert (got.status, got.json) == (401, DENIED)


@pytest.mark.attack("SR-091")
async def test_two_authorization_headers_are_none(stage: Stage) -> None:
    header = ("authorization", basic(stage.c1.app.client_id, right(stage)))
    body = urlencode(honest(await stage.code(stage.c1))).encode()
    got = await stage.send("POST", PATHS[0], body, [("content-type", FORM), header, header])
    assert (got.status, got.json) == (401, DENIED)


async def test_the_use_of_a_secret_is_noted(stage: Stage) -> None:
    from volary.developers.queries import credentials_of_app
    from volary.oauth.uses import Uses

    await stage.connect(stage.c1)
    stage.db.clock.advance(5_000)
    await stage.resources[Uses].flush(stage.db)
    used = {row.kind: row.last_used_at for row in await credentials_of_app(stage.db, stage.c1.app.id)}
    assert used["client_secret"] == stage.db.now - 5_000
    assert used["api_key"] is None
