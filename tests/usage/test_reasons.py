"""The reason of each refusal, as the App's developer reads it, and whose log it stands in."""

import base64
from urllib.parse import urlencode

import pytest

from tests.server.house import CALLBACK, Bearer, House, Signed
from tests.usage.looking import Looked
from volary.developers.actions import suspend_app
from volary.oauth.revoking import revoke

pytestmark = pytest.mark.anyio

FORM = "application/x-www-form-urlencoded"
MARKER = "Nightingales+sing%21"


def basic(user: str, password: str) -> tuple[str, str]:
    return "authorization", "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


async def test_an_honest_call_is_written_down_without_a_reason(house: House, looked: Looked) -> None:
    ann = await house.bearer(house.cast.ann)
    got = await house.get("/2/users/me", ann)
    call = await looked.last()
    assert (call.endpoint, call.status, call.scheme, call.reason) == ("GET /2/users/me", 200, "oauth2", "")
    assert call.account_id == house.cast.ann.id
    assert call.request_id == got.header("x-transaction-id")
    assert abs(call.at - house.clock.now()) < 10_000
    assert await looked.counted() == {"GET /2/users/me": (1, 0, 0, 0)}


async def test_a_missing_scope_is_named_with_those_that_are_there(house: House, looked: Looked) -> None:
    ann = await house.bearer(house.cast.ann, "tweet.read users.read")
    assert (await house.json("POST", "/2/tweets", ann, {"text": "hello"})).status == 403
    call = await looked.last()
    assert (call.reason, call.facts) == ("scope", {"missing": "tweet.write", "has": "tweet.read users.read"})


async def test_a_level_that_is_too_low_is_named(house: House, looked: Looked) -> None:
    ann = await house.signed(house.cast.ann, "Reader")
    assert (await house.json("POST", "/2/tweets", ann, {"text": "hello"})).status == 403
    call = await looked.last("Reader")
    assert (call.reason, call.facts, call.scheme) == ("level", {"level": "read"}, "oauth1")


async def test_the_wrong_kind_of_credentials_and_no_project(house: House, looked: Looked) -> None:
    assert (await house.get("/2/users/me", house.app_only())).status == 403
    assert (await looked.last()).reason == "scheme"
    assert (await house.get("/2/users/by/username/ann", house.app_only("Loner"))).status == 403
    call = await looked.last("Loner")
    assert (call.reason, call.scheme, call.account_id) == ("no_project", "app", None)


async def test_a_limit_says_how_long(house: House, looked: Looked) -> None:
    ann = await house.bearer(house.cast.ann)
    path = f"/2/users/{house.cast.ann.id}/bookmarks"
    got = [(await house.get(path, ann)).status for _ in range(181)]
    assert got[-1] == 429
    call = await looked.last()
    assert call.reason == "limit"
    assert 0 < int(call.facts["seconds"]) <= 900
    assert (await looked.counted())["GET /2/users/{id}/bookmarks"] == (181, 0, 1, 0)


@pytest.mark.parametrize("late,reason", [(-412, "time_old"), (400, "time_ahead")])
async def test_a_clock_that_goes_wrong_is_told_with_its_seconds(
    house: House, looked: Looked, late: int, reason: str
) -> None:
    ann = await house.signed(house.cast.ann)
    now = house.clock.now()
    headers = ann.headers("GET", "http://localhost:8000/2/users/me", b"", "", now + late * 1000)
    assert (await house.get("/2/users/me", headers=headers)).status == 401
    call = await looked.last(proven=False)
    assert (call.reason, call.facts) == (reason, {"seconds": abs(late)})


async def test_a_wrong_signature_shows_the_base_string_without_what_was_written(house: House, looked: Looked) -> None:
    ann = await house.signed(house.cast.ann)
    wrong = Signed(ann.key, "another secret", ann.token, ann.token_secret)
    body = f"status={MARKER}&trim_user=1".encode()
    got = await house.send("POST", "/1.1/statuses/update.json?tweet_mode=extended", wrong, body=body, kind=FORM)
    assert got.status == 401
    call = await looked.last(proven=False)
    base = str(call.facts["base"])
    assert call.reason == "signature"
    assert base.startswith("POST&http%3A%2F%2Flocalhost%3A8000%2F1.1%2Fstatuses%2Fupdate.json&oauth_consumer_key%3D")
    assert "status%3D[18 bytes with space, !]" in base
    assert "trim_user%3D1" in base
    assert "tweet_mode%3Dextended" in base
    assert f"oauth_token%3D[{len(ann.token)} bytes]" in base
    for secret in ("Nightingales", ann.key, ann.token, ann.secret, ann.token_secret, "another secret"):
        assert secret not in base


async def test_a_nonce_that_was_used_stands_in_the_app_s_own_log(house: House, looked: Looked) -> None:
    ann = await house.signed(house.cast.ann)
    headers = ann.headers("GET", "http://localhost:8000/2/users/me", b"", "", house.clock.now())
    assert [(await house.get("/2/users/me", headers=headers)).status for _ in range(2)] == [200, 401]
    assert (await looked.last()).reason == "nonce"


async def test_tokens_that_ended_say_when_and_why(house: House, looked: Looked) -> None:
    ann, carol = await house.bearer(house.cast.ann), await house.bearer(house.cast.carol)
    signed = await house.signed(house.cast.dave)
    for person in (house.cast.ann, house.cast.dave):
        await house.db.write(revoke, person.id, app_id=looked.app_id("Messenger"))
    ended = house.clock.now()
    assert (await house.get("/2/users/me", ann)).status == 401
    assert (await looked.last(proven=False)).facts == {"at": ended}
    assert (await looked.last(proven=False)).reason == "token_revoked"
    assert (await house.get("/2/users/me", signed)).status == 401
    assert (await looked.last(proven=False)).reason == "token_revoked"
    house.clock.advance(3 * 3_600_000)
    assert (await house.get("/2/users/me", carol)).status == 401
    assert (await looked.last(proven=False)).reason == "token_expired"


async def test_a_suspended_app_reads_that_it_is(house: House, looked: Looked) -> None:
    signed = await house.signed(house.cast.ann)
    bearer = await house.bearer(house.cast.ann)
    await house.db.write(suspend_app, looked.app_id("Messenger"), reason="Spam")
    assert (await house.get("/2/users/me", signed)).status == 401
    assert (await looked.last()).reason == "app_suspended"
    for who in (bearer, house.app_only()):
        assert (await house.get("/2/users/me", who)).status == 401
        assert (await looked.last(proven=False)).reason == "app_suspended"


async def test_whoever_names_no_app_is_in_nobody_s_log_but_the_operator_s(house: House, looked: Looked) -> None:
    assert (await house.get("/2/users/me")).status == 401
    assert (await looked.last("", proven=False)).reason == "credentials_none"
    assert (await house.get("/2/users/me", Bearer("nothing"))).status == 401
    assert (await looked.last("", proven=False)).reason == "token"
    assert (await house.get("/2/users/me", Signed("no", "s", "t", "u"))).status == 401
    assert (await looked.last("", proven=False)).reason == "key"
    for app in house.apps:
        assert await looked.log(app) == []
        assert await looked.log(app, proven=False) == []


async def test_the_token_endpoint_tells_what_was_wrong(house: House, looked: Looked) -> None:
    app = house.apps["Messenger"]
    right, wrong = basic(app.app.client_id, app.client_secret or ""), basic(app.app.client_id, "wrong")
    code = {"grant_type": "authorization_code", "code": "x" * 20, "redirect_uri": CALLBACK, "code_verifier": "v" * 43}

    async def ask(given: dict[str, str], header: tuple[str, str]) -> None:
        body = urlencode(given).encode()
        got = await house.send("POST", "/2/oauth2/token", body=body, kind=FORM, headers=[header])
        assert got.status in {400, 401}

    await ask(code, right)
    assert (await looked.last()).reason == "code_unknown"
    await ask({"grant_type": "refresh_token", "refresh_token": "y"}, right)
    assert (await looked.last()).reason == "refresh_unknown"
    await ask({"grant_type": "password"}, right)
    assert (await looked.last()).reason == "grant_type"
    await ask(code, wrong)
    assert (await looked.last(proven=False)).reason == "client_secret"
    assert {call.endpoint for call in await looked.log()} == {"POST /2/oauth2/token"}


async def test_a_callback_that_is_not_on_the_list_is_named(house: House, looked: Looked) -> None:
    made = house.apps["Reader"]
    who = Signed(made.api_key, made.api_key_secret, "", "")
    target = "/oauth/request_token?oauth_callback=https%3A%2F%2Felsewhere.example%2Fcb"
    assert (await house.send("POST", target, who)).status == 403
    call = await looked.last("Reader")
    assert (call.reason, call.facts) == ("callback", {"url": "https://elsewhere.example/cb"})


async def test_what_the_consent_page_refuses_is_told_to_the_app_that_was_named(house: House, looked: Looked) -> None:
    client_id = house.apps["Messenger"].app.client_id
    elsewhere = "https%3A%2F%2Felsewhere.example%2Fcb"
    asking = f"/i/oauth2/authorize?response_type=code&client_id={client_id}&scope=users.read&state=s"
    assert (await house.get(f"{asking}&redirect_uri={elsewhere}")).status == 400
    call = await looked.last(proven=False)
    assert (call.reason, call.facts) == ("callback", {"url": "https://elsewhere.example/cb"})
    assert call.endpoint == "GET /i/oauth2/authorize"
    assert (await house.get(asking)).status == 400
    assert (await looked.last(proven=False)).reason == "redirect_missing"
    assert (await house.get(f"{asking}&redirect_uri=https%3A%2F%2Fapp.example%2Fcb")).status == 400
    call = await looked.last(proven=False)
    assert call.reason == "told"
    assert "code_challenge" in str(call.facts["answer"])
    assert (await house.get("/i/oauth2/authorize?client_id=unknown")).status == 400
    assert await looked.log("", proven=False) == []
    assert await looked.log() == []
