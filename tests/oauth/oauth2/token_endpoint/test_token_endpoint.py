"""The token endpoint as a door: what it reads, what is missing, how it answers."""

from collections.abc import Mapping
from urllib.parse import urlencode

import msgspec
import pytest

from tests.cast import People
from tests.conftest import HeldDatabase
from tests.oauth.oauth2.stage import CALLBACK, FORM, VERIFIER, Got, Stage, basic, stage_of
from volary.api.limits import OwnCounters
from volary.oauth.throttle import FAILURES, Throttle
from volary.settings import Settings

TOKEN = "/2/oauth2/token"
MISSING = "Missing required parameter [{}]."


def invalid(description: str) -> dict[str, str]:
    return {"error": "invalid_request", "error_description": description}


async def raw(stage: Stage, body: bytes, content_type: str | None = FORM, target: str = TOKEN) -> Got:
    """A body as c1 sends it."""
    headers = {"authorization": basic(stage.c1.app.client_id, stage.c1.client_secret or "")}
    if content_type is not None:
        headers["content-type"] = content_type
    return await stage.send("POST", target, body, headers)


@pytest.mark.parametrize(
    ("form", "name"),
    [
        ({}, "grant_type"),
        ({"grant_type": ""}, "grant_type"),
        ({"grant_type": "authorization_code"}, "code"),
        ({"grant_type": "authorization_code", "code": ""}, "code"),
        ({"grant_type": "authorization_code", "code": "x"}, "redirect_uri"),
        ({"grant_type": "authorization_code", "code": "x", "redirect_uri": CALLBACK}, "code_verifier"),
        ({"grant_type": "refresh_token"}, "refresh_token"),
        ({"grant_type": "refresh_token", "refresh_token": ""}, "refresh_token"),
    ],
)
async def test_what_is_missing_is_named(stage: Stage, form: Mapping[str, str], name: str) -> None:
    got = await stage.post(TOKEN, form, stage.c1)
    assert (got.status, got.json) == (400, invalid(MISSING.format(name)))


@pytest.mark.attack("SR-094")
@pytest.mark.parametrize(
    "kind",
    [
        "password",
        "implicit",
        "client_credentials",
        "urn:ietf:params:oauth:grant-type:device_code",
        "urn:ietf:params:oauth:grant-type:jwt-bearer",
        "AUTHORIZATION_CODE",
        "authorization_code ",
        "x" * 5_000,
    ],
)
async def test_other_grant_types_do_not_exist(stage: Stage, kind: str) -> None:
    form = {"grant_type": kind, "username": "ann", "password": "bees in the attic"}
    got = await stage.post(TOKEN, form, stage.c1)
    assert (got.status, got.json["error"]) == (400, "unsupported_grant_type")


@pytest.mark.attack("SR-093")
@pytest.mark.parametrize("name", ["grant_type", "code", "client_id", "redirect_uri", "code_verifier"])
@pytest.mark.parametrize("same", [True, False])
async def test_a_parameter_that_is_there_twice_is_refused(stage: Stage, name: str, same: bool) -> None:
    form = {
        "grant_type": "authorization_code",
        "code": await stage.code(stage.c1),
        "redirect_uri": CALLBACK,
        "code_verifier": VERIFIER,
        "client_id": stage.c1.app.client_id,
    }
    pairs = [*form.items(), (name, form[name] if same else "another")]
    got = await stage.post(TOKEN, pairs, stage.c1)
    assert (got.status, got.json) == (400, invalid(f"Duplicate parameter [{name}]."))
    members = ",".join(f'"{key}":{msgspec.json.encode(value).decode()}' for key, value in pairs)
    got = await raw(stage, f"{{{members}}}".encode(), "application/json")
    assert (got.status, got.json) == (400, invalid(f"Duplicate parameter [{name}]."))
    assert (await stage.post(TOKEN, form, stage.c1)).status == 200


@pytest.mark.parametrize("content_type", ["application/json", "application/json; charset=utf-8", "Application/JSON"])
async def test_the_same_can_be_said_in_json(stage: Stage, content_type: str) -> None:
    form: dict[str, str | None] = {
        "grant_type": "authorization_code",
        "code": await stage.code(stage.c1),
        "redirect_uri": CALLBACK,
        "code_verifier": VERIFIER,
        "client_secret": None,
    }
    assert (await raw(stage, msgspec.json.encode(form), content_type)).status == 200


@pytest.mark.parametrize("content_type", [FORM, FORM + ";charset=UTF-8", FORM.upper(), None])
async def test_forms_may_say_their_charset_or_nothing(stage: Stage, content_type: str | None) -> None:
    form = {
        "grant_type": "authorization_code",
        "code": await stage.code(stage.c1),
        "redirect_uri": CALLBACK,
        "code_verifier": VERIFIER,
        "unknown": "ignored",
        "scope": "dm.read",
    }
    assert (await raw(stage, urlencode(form).encode(), content_type)).status == 200


BROKEN: list[tuple[bytes, str]] = [
    (b"{", "application/json"),
    (b"[]", "application/json"),
    (b'["grant_type"]', "application/json"),
    (b'[["grant_type","authorization_code"]]', "application/json"),
    (b'"grant_type"', "application/json"),
    (b"null", "application/json"),
    (b'{"grant_type":1}', "application/json"),
    (b'{"grant_type":{"a":"b"}}', "application/json"),
    (b'{"grant_type":["authorization_code"]}', "application/json"),
    (b'{"grant_type":"\\ud800"}', "application/json"),
    (b'{"grant_type":"a\\u0000b"}', "application/json"),
    (b"\xff\xfe{", "application/json"),
    (b"[" * 16_000, "application/json"),
    (b'{"a":' * 3_000, "application/json"),
    (b"grant_type=%ff", FORM),
    (b"grant_type=\xff", FORM),
    (b"grant_type=%00", FORM),
    (b"&".join(b"a%d=1" % n for n in range(400)), FORM),
    (b"grant_type=authorization_code", "text/plain"),
    (b"--x\r\n\r\n--x--", "multipart/form-data; boundary=x"),
]


async def test_bodies_that_cannot_be_read_are_said_to_be_so(stage: Stage) -> None:
    for body, content_type in BROKEN:
        got = await raw(stage, body, content_type)
        assert (got.status, got.json["error"]) == (400, "invalid_request"), body


async def test_a_body_above_the_limit_is_not_read(stage: Stage) -> None:
    assert (await raw(stage, b"a=" + b"b" * 20_000)).status == 413


@pytest.mark.attack("SR-024")
async def test_parameters_in_the_query_are_not_read(stage: Stage) -> None:
    form = urlencode(
        {
            "grant_type": "authorization_code",
            "code": await stage.code(stage.c1),
            "redirect_uri": CALLBACK,
            "code_verifier": VERIFIER,
        }
    )
    got = await raw(stage, b"", target=f"{TOKEN}?{form}")
    assert (got.status, got.json) == (400, invalid(MISSING.format("grant_type")))
    assert (await raw(stage, form.encode(), target=f"{TOKEN}?code=another")).status == 200


@pytest.mark.attack("SR-110")
async def test_no_answer_may_be_stored(stage: Stage) -> None:
    right = await stage.exchange(stage.c1, await stage.code(stage.c1))
    wrong = await stage.exchange(stage.c1, "unknown")
    stranger = await stage.post(TOKEN, {}, None)
    revoked = await stage.post("/2/oauth2/revoke", {"token": "x"}, stage.c1)
    assert [got.status for got in (right, wrong, stranger, revoked)] == [200, 400, 400, 200]
    for got in (right, wrong, stranger, revoked):
        assert got.header("cache-control") == "no-store"
        assert got.header("pragma") == "no-cache"
        assert got.header("x-content-type-options") == "nosniff"
        assert (got.header("content-type") or "").startswith("application/json")


@pytest.mark.attack("SR-107")
async def test_other_methods_are_not_allowed(stage: Stage) -> None:
    for path in (TOKEN, "/2/oauth2/revoke", "/oauth2/token", "/oauth2/invalidate_token"):
        for method in ("GET", "PUT", "DELETE", "HEAD"):
            got = await stage.send(method, path)
            assert (got.status, got.header("allow")) == (405, "POST"), (method, path)


STANDARD = [
    ({"grant_type": "authorization_code", "code": "x", "redirect_uri": CALLBACK, "code_verifier": VERIFIER}, "invalid_grant"),
    ({"grant_type": "refresh_token", "refresh_token": "x"}, "invalid_grant"),
    ({"grant_type": "password"}, "unsupported_grant_type"),
    ({}, "invalid_request"),
]  # fmt: skip


@pytest.mark.attack("SR-088")
async def test_the_errors_can_have_the_names_of_the_rfc(db: HeldDatabase, cast: People, settings: Settings) -> None:
    stage = await stage_of(db, cast, msgspec.structs.replace(settings, standard_errors=True))
    for form, name in STANDARD:
        got = await stage.post(TOKEN, form, stage.c1)
        assert (got.status, got.json["error"]) == (400, name)
    got = await stage.post(TOKEN, {"client_id": stage.c1.app.client_id})
    assert (got.status, got.json["error"]) == (401, "invalid_client")


@pytest.mark.attack("SR-083")
async def test_whoever_guesses_is_slowed_down(stage: Stage) -> None:
    stage.resources.put(Throttle, Throttle(OwnCounters(), 1.0))
    mallory = "198.51.100.9"
    guess = {
        "grant_type": "authorization_code",
        "redirect_uri": CALLBACK,
        "code_verifier": VERIFIER,
        "client_id": stage.p1.app.client_id,
    }
    told = set()
    for number in range(FAILURES):
        got = await stage.post(TOKEN, guess | {"code": f"guess{number}"}, address=mallory)
        told.add((got.status, got.body))
    assert len(told) == 1
    assert next(iter(told))[0] == 400
    slowed = await stage.post(TOKEN, guess | {"code": "one more"}, address=mallory)
    assert (slowed.status, slowed.json["error"]) == (429, "temporarily_unavailable")
    assert 0 < int(slowed.header("retry-after") or 0) <= 900
    assert (await stage.exchange(stage.c1, await stage.code(stage.c1))).status == 200  # others are not
    stage.db.clock.advance(900_000)
    assert (await stage.post(TOKEN, guess | {"code": "later"}, address=mallory)).status == 400
