"""The first leg: who may ask, where the answer goes, how much is asked for."""

from typing import Any
from urllib.parse import quote, urlencode

import pytest
from sqlalchemy import func, select

from tests.oauth.oauth1.stage import CALLBACK, FORM, ME, Stage, error, make_app, message, pair_of, values
from volary.access.levels import Level
from volary.db import statement
from volary.developers.actions import edit_authentication, edit_details
from volary.developers.rules.settings import Authentication, Details
from volary.oauth.models import request_tokens
from volary.oauth.oauth1 import request_token

COUNT = statement(select(func.count()).select_from(request_tokens), int)
PATH = "/oauth/request_token"


async def tokens(stage: Stage) -> int:
    return await stage.db.one(COUNT) or 0


@pytest.mark.claim("C215")
async def test_the_callback_must_be_passed(stage: Stage) -> None:
    answer = await stage.door(stage.asking(stage.rw1))
    assert values(answer)["oauth_callback_confirmed"] == "true"
    for path in (PATH, f"{PATH}?oauth_callback=", f"{PATH}?callback_url="):
        answer = await stage.door(stage.signed(stage.rw1, None, "POST", path))
        assert error(answer) == (403, 38)
        assert message(answer) == "oauth_callback parameter is missing."
    assert await tokens(stage) == 1


@pytest.mark.parametrize("method", ["POST", "GET"])
@pytest.mark.parametrize("place", ["header", "query", "form"])
@pytest.mark.parametrize("name", ["oauth_callback", "callback_url"])
async def test_the_callback_may_come_in_several_ways(stage: Stage, method: str, place: str, name: str) -> None:
    """Contradiction 17: the seeds write `GET` and `callback_url`, clients send `POST` and `oauth_callback`."""
    pair = urlencode({name: CALLBACK})
    options: dict[str, Any] = {}
    path = PATH
    if place == "query":
        path = f"{PATH}?{pair}"
    elif place == "form":
        method = "POST"
        options = {"body": pair, "headers": FORM}
    elif name == "oauth_callback":
        options = {"callback_uri": CALLBACK}
    else:
        path = f"{PATH}?{pair}"
    assert pair_of(await stage.door(stage.signed(stage.rw1, None, method, path, **options))).token


async def test_two_callbacks(stage: Stage) -> None:
    same = await stage.door(stage.asking(stage.rw1, path=f"{PATH}?callback_url={quote(CALLBACK, safe='')}"))
    assert same.status == 200
    other = await stage.door(stage.asking(stage.rw1, path=f"{PATH}?callback_url=oob"))
    assert error(other) == (400, 215)
    assert message(other) == "oauth_callback and callback_url are both there and are different."
    twice = await stage.door(stage.signed(stage.rw1, None, "POST", f"{PATH}?callback_url=oob&callback_url=oob"))
    assert error(twice) == (400, 215)


@pytest.mark.claim("C217", "C226", "C227")
@pytest.mark.attack("SR-058")
@pytest.mark.parametrize(
    "callback",
    [
        "https://evil.example/cb",
        CALLBACK + "/",
        CALLBACK + "?x=1",
        CALLBACK + "#",
        CALLBACK.replace("/cb", "/CB"),
        CALLBACK.replace("https", "http"),
        CALLBACK.replace("app.example", "APP.example"),
        CALLBACK.replace("app.example", "app.example:443"),
        CALLBACK.replace("https://", "https://mallory@"),
        " " + CALLBACK,
        CALLBACK + "\n",
        CALLBACK + "\0",
        CALLBACK + "/../cb",
        "OOB",
        "javascript:alert(1)",
        "cb",
        "ä" * 5000,
    ],
    ids=lambda text: ascii(text)[:40],
)
async def test_a_callback_that_is_not_on_the_list(stage: Stage, callback: str) -> None:
    assert (await stage.door(stage.asking(stage.rw1))).status == 200
    before = await tokens(stage)
    answer = await stage.door(
        stage.signed(stage.rw1, None, "POST", f"{PATH}?{urlencode({'oauth_callback': callback})}")
    )
    assert error(answer) == (403, 415)
    assert message(answer).startswith(
        "Callback URL not approved for this client application. "
        "Approved callback URLs can be adjusted in your application settings. "
    )
    assert b"location" not in dict(answer.headers)
    assert await tokens(stage) == before


@pytest.mark.claim("C217")
async def test_the_list_decides_at_this_moment(stage: Stage) -> None:
    async def listed(*urls: str) -> None:
        details = Details(name=stage.rw1.row.name, callbacks=urls)
        await stage.db.write(edit_details, stage.people.dev.id, stage.rw1.row.id, details)

    assert (await stage.door(stage.asking(stage.rw1))).status == 200
    await listed("https://other.example/")
    assert error(await stage.door(stage.asking(stage.rw1))) == (403, 415)
    await listed("https://other.example/", CALLBACK)
    assert (await stage.door(stage.asking(stage.rw1))).status == 200


@pytest.mark.claim("C229")
async def test_the_error_says_when_the_callback_is_encoded_twice(stage: Stage) -> None:
    answer = await stage.door(stage.asking(stage.rw1, quote(CALLBACK, safe="")))
    assert error(answer) == (403, 415)
    assert "HTTP-encode the callback URL once, not twice" in message(answer)


@pytest.mark.claim("C230")
async def test_the_error_names_the_app_whose_keys_were_used(stage: Stage) -> None:
    await make_app(stage.db, stage.people.dev.id, "Second", Level.READ, ("https://second.example/",))
    await make_app(stage.db, stage.people.ann.id, "Foreign", Level.READ, ("https://second.example/",))
    answer = await stage.door(stage.asking(stage.rw1, "https://second.example/"))
    assert error(answer) == (403, 415)
    assert "those of the App RW1. The callback URL is on the list of Second." in message(answer)
    assert "Foreign" not in message(answer)


async def test_an_app_without_a_callback(stage: Stage) -> None:
    app = await make_app(stage.db, stage.people.dev.id, "Nowhere", Level.READ, ())
    assert error(await stage.door(stage.asking(app))) == (401, 417)
    pin = await stage.door(stage.asking(app, "oob"))
    assert error(pin) == (403, 415)
    assert "needs at least one callback URL" in message(pin)


@pytest.mark.claim("C187")
async def test_a_protocol_that_is_off_is_refused_at_its_first_request(stage: Stage) -> None:
    assert (await stage.door(stage.asking(stage.rw1))).status == 200
    off = Authentication(oauth1=False, oauth2=True, type="web")
    await stage.db.write(edit_authentication, stage.people.dev.id, stage.rw1.row.id, off)
    answer = await stage.door(stage.asking(stage.rw1))
    assert error(answer) == (401, 416)
    assert message(answer) == "Invalid / suspended application"


@pytest.mark.claim("C137")
async def test_only_the_secret_of_the_key_signs(stage: Stage) -> None:
    assert (await stage.door(stage.asking(stage.rw1))).status == 200
    answer = await stage.door(stage.asking(stage.rw1, client_secret=stage.r1.secret))
    assert error(answer) == (401, 32)
    assert message(answer) == "Could not authenticate you."


@pytest.mark.attack("SR-064")
@pytest.mark.parametrize(
    "app, wanted, level",
    [
        ("rwd1", "read", Level.READ),
        ("rwd1", "write", Level.READ_WRITE),
        ("rwd1", "", Level.DIRECT_MESSAGES),
        ("rw1", "read", Level.READ),
        ("rw1", "write", Level.READ_WRITE),
        ("r1", "write", Level.READ),
        ("r1", "read", Level.READ),
    ],
)
async def test_x_auth_access_type_only_narrows(stage: Stage, app: str, wanted: str, level: Level) -> None:
    of = getattr(stage, app)
    path = f"{PATH}?x_auth_access_type={wanted}" if wanted else PATH
    pair = await stage.connect(of, stage.people.ann.id, path=path)
    assert (await stage.caller(stage.signed(of, pair, "GET", ME))).level == level


@pytest.mark.attack("SR-064")
@pytest.mark.parametrize(
    "wanted", ["dm", "admin", "READ", "read-write", "direct_messages", "read%00", "write&x_auth_access_type=read"]
)
async def test_another_x_auth_access_type_is_refused(stage: Stage, wanted: str) -> None:
    answer = await stage.door(stage.asking(stage.rwd1, path=f"{PATH}?x_auth_access_type={wanted}"))
    assert error(answer) == (400, 215)
    assert await tokens(stage) == 0


async def test_as_xdk_asks(stage: Stage) -> None:
    """The callback in the query alone, all else in the header (X facts 12.2)."""
    sent = stage.signed(stage.rw1, None, "POST", f"{PATH}?{urlencode({'oauth_callback': CALLBACK})}")
    assert "oauth_callback" not in sent.authorization
    assert (await stage.door(sent)).status == 200
    both = stage.asking(stage.rw1).changed(url=sent.url)
    assert "oauth_callback" in both.authorization
    assert (await stage.door(both)).status == 200


@pytest.mark.attack("SR-086")
async def test_nothing_that_works_stands_in_the_table(stage: Stage) -> None:
    asked = await stage.request_token(stage.rw1)
    row = await stage.db.one(statement(select(request_tokens.c.digest), bytes))
    sealed = await stage.db.one(statement(select(request_tokens.c.secret), bytes))
    for kept in (row, sealed):
        assert kept is not None
        assert asked.token.encode() not in kept
        assert asked.secret.encode() not in kept


@pytest.mark.attack("SR-367")
async def test_an_app_cannot_fill_the_database_with_request_tokens(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(request_token, "MOST", 3)
    answers = [await stage.door(stage.asking(stage.rw1)) for _ in range(5)]
    assert [answer.status for answer in answers] == [200, 200, 200, 429, 429]
    assert error(answers[-1]) == (429, 88)
    assert b"retry-after" in dict(answers[-1].headers)
    assert await tokens(stage) == 3
    assert (await stage.door(stage.asking(stage.r1))).status == 200
