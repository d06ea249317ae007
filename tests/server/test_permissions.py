"""Every operation with every kind of credentials: who is let in, who is refused and how, and that a refusal leaves nothing behind."""

import base64
import json
import re

import pytest
from msgspec import structs

from tests.cast import ANN
from tests.server.calls import ASK, NAMES, OPERATION, V1, V2, Ask, of
from tests.server.house import EVERYTHING, NOBODY, Bearer, Credentials, Got, House, Signed
from tests.sessions.arriving import signed_in
from volary.access.caller import Scheme
from volary.access.levels import Level
from volary.accounts.rules.hashing import PasswordHasher
from volary.sessions.rules.browsers import COOKIE

UNAUTHORIZED = {"title": "Unauthorized", "type": "about:blank", "status": 401, "detail": "Unauthorized"}
LEVEL_APPS = {Level.READ: "Reader", Level.READ_WRITE: "Writer", Level.DIRECT_MESSAGES: "Messenger"}
TYPES = "https://api.twitter.com/2/problems/"


def test_every_operation_has_an_honest_call() -> None:
    assert set(ASK) == set(OPERATION)


async def ask(house: House, name: str, who: Credentials, asked: Ask | None = None) -> Got:
    asked = asked or await ASK[name](house)
    return await house.send(of(name).method, asked.target, who, body=asked.body, kind=asked.kind)


async def refused(house: House, name: str, who: Credentials) -> Got:
    """A call that must not do anything: the database is as it was."""
    asked = await ASK[name](house)
    before = house.rows()
    got = await ask(house, name, who, asked)
    assert house.rows() == before, name
    return got


async def everyone(house: House, name: str, app: str = "Messenger") -> dict[Scheme, Credentials]:
    """Ann's credentials of each kind that an operation takes, with all permissions."""
    need = of(name).need
    found: dict[Scheme, Credentials] = {}
    if need.oauth1 is not None:
        found[Scheme.OAUTH1] = await house.signed(house.cast.ann, app)
    if need.scopes is not None:
        found[Scheme.OAUTH2_USER] = await house.bearer(house.cast.ann, app=app)
    if need.app_only:
        found[Scheme.APP_ONLY] = house.app_only(app)
    return found


# ---------------------------------------------------------------------------------------------------------- who is let in


@pytest.mark.claim("C135", "C136", "C143", "C207", "C209")
@pytest.mark.parametrize("name", NAMES)
async def test_each_accepted_kind_of_credentials_gets_an_answer(each_house: House, name: str) -> None:
    levels = {
        Scheme.OAUTH1: "read-write-directmessages",
        Scheme.OAUTH2_USER: "read-write-directmessages",
        Scheme.APP_ONLY: "read",
    }
    for scheme, who in (await everyone(each_house, name)).items():
        got = await ask(each_house, name, who)
        assert got.status == of(name).status, (scheme, got.body)
        assert got.header("x-access-level") == levels[scheme]
        if got.status == 204:
            assert (got.body, got.header("content-type")) == (b"", None)
            continue
        if of(name).gives_bytes:
            assert (got.header("content-type"), got.body[:4]) == ("image/png", b"\x89PNG")
            continue
        assert got.header("content-type") == "application/json; charset=utf-8"
        assert "errors" not in got.json, got.json


@pytest.mark.claim("C042", "C055", "C202", "C203", "C204", "C205", "C206")
@pytest.mark.attack("SR-187")
@pytest.mark.parametrize("name", [name for name in NAMES if of(name).need.oauth1 is not None])
async def test_a_level_reaches_as_far_as_it_says(house: House, name: str) -> None:
    for level, app in LEVEL_APPS.items():
        who = await house.signed(house.cast.ann, app)
        needed = of(name).need.oauth1
        assert needed is not None
        if level >= needed:
            got = await ask(house, name, who)
            assert got.status == of(name).status, (level, got.body)
        else:
            got = await refused(house, name, who)
            _assert_level_too_low(name, got)
        assert got.header("x-access-level") == level.wire


def _assert_level_too_low(name: str, got: Got) -> None:
    if name in V2:
        assert (got.status, got.header("content-type")) == (403, "application/problem+json; charset=utf-8")
        assert got.json == {
            "title": "Forbidden",
            "status": 403,
            "detail": "Your client app is not configured with the appropriate oauth1 app permissions for this endpoint.",
            "type": TYPES + "oauth1-permissions",
        }
    else:
        if "/direct_messages/" in name:
            text = "This application is not allowed to access or delete your direct messages."
            assert (got.status, got.json) == (403, {"errors": [{"code": 93, "message": text}]})
            return
        assert got.status == 401
        said = got.json
        assert re.fullmatch(re.sub(r"\{\w+\}", "[0-9]+", name.split()[1]), said.pop("request"))
        assert said == {"error": "Read-only application cannot POST."}


@pytest.mark.claim("C011", "C075", "C080", "C143", "C190")
@pytest.mark.attack("SR-184")
@pytest.mark.parametrize("name", [name for name in V2 if of(name).need.scopes])
async def test_without_any_one_of_its_scopes_it_is_refused_and_with_them_alone_it_works(
    house: House, name: str
) -> None:
    needed = of(name).need.scopes
    assert needed
    got = await ask(house, name, await house.bearer(house.cast.ann, " ".join(needed)))
    assert got.status == of(name).status, got.body
    for scope in needed:
        rest = " ".join(one for one in EVERYTHING.split() if one != scope)
        got = await refused(house, name, await house.bearer(house.cast.ann, rest))
        assert (got.status, got.header("content-type")) == (403, "application/problem+json; charset=utf-8")
        assert got.json == {"title": "Forbidden", "type": "about:blank", "status": 403, "detail": "Forbidden"}
        assert got.header("x-access-level")
    got = await refused(house, name, await house.bearer(house.cast.ann, "offline.access"))
    assert got.status == 403


@pytest.mark.claim("C136", "C144", "C205", "C206")
@pytest.mark.parametrize("name", [name for name in V2 if not of(name).need.app_only])
async def test_an_app_alone_is_refused_where_a_person_is_needed(house: House, name: str) -> None:
    got = await refused(house, name, house.app_only())
    both = "OAuth 1.0a User Context, OAuth 2.0 User Context"
    taken = both if of(name).need.oauth1 is not None else "OAuth 2.0 User Context"
    assert got.json == unsupported("OAuth 2.0 Application-Only", taken)
    assert (got.status, got.header("x-access-level")) == (403, "read")


@pytest.mark.claim("C136", "C144")
@pytest.mark.parametrize("name", [name for name in V2 if of(name).need.oauth1 is None])
async def test_a_signed_request_is_refused_where_oauth_2_is_needed(house: House, name: str) -> None:
    got = await refused(house, name, await house.signed(house.cast.ann))
    need = of(name).need
    taken = ["OAuth 2.0 Application-Only"] * need.app_only + ["OAuth 2.0 User Context"] * (need.scopes is not None)
    assert got.json == unsupported("OAuth 1.0a User Context", ", ".join(taken))
    assert got.status == 403


def unsupported(used: str, taken: str) -> dict[str, object]:
    return {
        "title": "Unsupported Authentication",
        "detail": f"Authenticating with {used} is forbidden for this endpoint.  Supported "
        f"authentication types are [{taken}].",
        "type": TYPES + "unsupported-authentication",
        "status": 403,
    }


@pytest.mark.claim("C136", "C188")
@pytest.mark.parametrize("name", V1)
async def test_v1_1_takes_signed_requests_only(house: House, name: str) -> None:
    for who in (await house.bearer(house.cast.ann), house.app_only()):
        got = await refused(house, name, who)
        assert got.status == 403
        assert got.json == {
            "errors": [{"code": 220, "message": "Your credentials do not allow access to this resource"}]
        }


# --------------------------------------------------------------------------------------------------------------- projects


@pytest.mark.claim("C148")
@pytest.mark.parametrize("name", V2)
async def test_an_app_outside_every_project_cannot_call_v2(house: House, name: str) -> None:
    app_id = str(house.apps["Loner"].app.id)
    for who in (await everyone(house, name, "Loner")).values():
        got = await refused(house, name, who)
        assert got.status == 403
        assert got.json == {
            "client_id": app_id,
            "detail": "When authenticating requests to v2 endpoints, you must use keys and tokens from a developer App that is "
            "attached to a Project. You can create a Project, and attach the App to it, in the developer portal.",
            "registration_url": "http://localhost:8000/portal",
            "title": "Client Forbidden",
            "required_enrollment": "Appropriate Level of API Access",
            "reason": "client-not-enrolled",
            "type": TYPES + "client-forbidden",
        }
        assert got.header("x-access-level")


@pytest.mark.claim("C148")
@pytest.mark.parametrize("name", V1)
async def test_it_can_call_v1_1(house: House, name: str) -> None:
    assert (await ask(house, name, await house.signed(house.cast.ann, "Loner"))).status == of(name).status


# ------------------------------------------------------------------------------------------------------------------ nobody


def _foreign() -> list[Credentials]:
    header = base64.urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=").decode()
    payload = base64.urlsafe_b64encode(b'{"sub":"1","scope":"tweet.read users.read"}').rstrip(b"=").decode()
    texts = ["x", "AAAA", "AAAAAAAAAAAAAAAAAAAAAAAAx%2Fy", f"{header}.{payload}.", "é", "null", " ", "a b", "x" * 5_000]
    return [Bearer(text) for text in texts]


@pytest.mark.claim("C135", "C207")
@pytest.mark.attack("SR-186")
@pytest.mark.parametrize("name", V2)
async def test_without_valid_credentials_v2_tells_nobody_anything(house: House, name: str) -> None:
    expired = await house.bearer(house.cast.ann)
    house.clock.advance(2 * 3_600_000 + 1)
    signed = await house.signed(house.cast.ann)
    wrong = [
        structs.replace(signed, secret="another"),
        structs.replace(signed, token_secret="another"),
        structs.replace(signed, token="1-another"),
        structs.replace(signed, key="another"),
    ]
    for who in (NOBODY, expired, *wrong, *_foreign()):
        got = await refused(house, name, who)
        assert (got.status, got.json) == (401, UNAUTHORIZED), who
        assert got.header("www-authenticate") == "Bearer"
        assert got.header("x-access-level") is None
        assert got.header("content-type") == "application/problem+json; charset=utf-8"
        assert not got.told("x-rate-limit")


@pytest.mark.claim("C135", "C207")
@pytest.mark.attack("SR-186")
@pytest.mark.parametrize("name", V1)
async def test_without_valid_credentials_v1_1_answers_with_its_numbers(house: House, name: str) -> None:
    signed = await house.signed(house.cast.ann)
    table: list[tuple[Credentials, int, int]] = [
        (NOBODY, 400, 215),
        (structs.replace(signed, secret="another"), 401, 32),
        (structs.replace(signed, key="another"), 401, 32),
        (structs.replace(signed, token="1-another"), 401, 89),
        (Bearer("x"), 401, 89),
    ]
    for who, status, code in table:
        got = await refused(house, name, who)
        assert (got.status, [error["code"] for error in got.json["errors"]]) == (status, [code]), who
        assert got.header("x-access-level") is None


@pytest.mark.attack("SR-186")
async def test_two_kinds_of_credentials_or_two_headers_are_none(house: House) -> None:
    bearer, signed = await house.bearer(house.cast.ann), await house.signed(house.cast.ann)
    now = house.clock.now()
    url = "http://localhost:8000/2/users/me"
    one = bearer.headers("GET", url, b"", "", now)
    other = signed.headers("GET", url, b"", "", now)
    for headers in ([*one, *one], [*one, *other], [*other, *other]):
        got = await house.get("/2/users/me", headers=headers)
        assert (got.status, got.json) == (401, UNAUTHORIZED)
    got = await house.get(f"/2/users/me?access_token={bearer.token}")
    assert (got.status, got.json) == (401, UNAUTHORIZED)


@pytest.mark.attack("SR-148", "SR-181")
async def test_a_session_has_no_power_over_the_api_and_a_token_none_over_pages(house: House) -> None:

    opened = await signed_in(house.db, house.application.resources[PasswordHasher], ANN)
    cookie = [("cookie", f"{COOKIE}={opened.token}"), ("origin", "https://evil.example")]
    before = house.rows()
    assert (await house.get("/2/users/me", headers=cookie)).status == 401
    assert (await house.json("POST", "/2/tweets", NOBODY, {"text": "forged"}, headers=cookie)).status == 401
    assert (await house.get("/settings", headers=cookie[:1])).status == 200
    everything = await house.bearer(house.cast.dev)
    signed = await house.signed(house.cast.dev)
    before = house.rows()
    for path in ("/settings", "/settings/apps", "/settings/sessions", "/settings/password", "/portal"):
        for who in (everything, signed, house.app_only()):
            got = await house.get(path, who)
            assert (got.status, (got.header("location") or "").partition("?")[0]) == (303, "/login"), path
            got = await house.send("POST", path, who, body=b"a=b", kind="application/x-www-form-urlencoded")
            assert got.status in {303, 403, 405}, path
    assert house.rows() == before


# ------------------------------------------------------------------------------------------------------- what ends a token


@pytest.mark.claim("C191", "C208")
async def test_the_header_says_the_level_of_this_moment(house: House) -> None:
    signed, before = await house.signed(house.cast.ann, "Writer"), []
    try:
        for level in (Level.READ, Level.READ_WRITE):
            await house.set_level("Writer", level)
            got = await house.json("POST", "/2/tweets", signed, {"text": f"at {level.wire}"})
            before.append((got.status, got.header("x-access-level")))
    finally:
        await house.set_level("Writer", Level.READ_WRITE)
    assert before == [(403, "read"), (201, "read-write")]


@pytest.mark.claim("C139", "C141", "C210")
async def test_each_token_acts_for_its_own_person(house: House) -> None:
    ann, carol = await house.signed(house.cast.ann), await house.bearer(house.cast.carol)
    assert (await house.get("/2/users/me", ann)).json["data"]["username"] == "ann"
    assert (await house.get("/2/users/me", carol)).json["data"]["username"] == "Carol_C"
    made = (await house.json("POST", "/2/tweets", carol, {"text": "mine"})).json["data"]["id"]
    got = await house.send("DELETE", f"/2/tweets/{made}", ann)
    assert (got.status, got.json["detail"]) == (403, "You are not authorized to delete this Tweet.")
    assert (await house.send("DELETE", f"/2/tweets/{made}", carol)).json == {"data": {"deleted": True}}


async def test_the_answers_of_both_protocols_are_the_same(house: House) -> None:
    """From identification on, protocols are forgotten (decision 0006)."""
    for name in V2:
        if of(name).method == "GET" and of(name).need.oauth1 is not None and of(name).need.scopes is not None:
            asked = await ASK[name](house)
            answers = {
                json.dumps((await ask(house, name, who, asked)).json)
                for who in (await house.signed(house.cast.ann), await house.bearer(house.cast.ann))
            }
            assert len(answers) == 1, name


def test_signed_and_bearer_are_what_they_claim() -> None:
    """A control: with an empty list of names everything above would pass."""
    assert len(V2) >= 13
    assert len(V1) >= 2
    assert isinstance(Signed("a", "b", "c", "d"), Signed)
