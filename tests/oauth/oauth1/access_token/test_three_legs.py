"""The whole walk: request token, consent, access token, call."""

import pytest

from tests.oauth.oauth1.stage import CALLBACK, JSON, ME, Stage, make_app, pair_of, values
from volary.access.caller import Scheme
from volary.access.levels import Level
from volary.access.scopes import scopes_of


@pytest.mark.claim("C137", "C138", "C139", "C212")
async def test_an_app_connects_to_a_person_and_acts_as_them(stage: Stage) -> None:
    ann = stage.people.ann
    asked = await stage.request_token(stage.rw1)
    verifier = await stage.approve(asked.token, ann.id)
    answer = await stage.door(stage.exchanging(stage.rw1, asked, verifier))
    found = values(answer)
    assert found["user_id"] == str(ann.id)
    assert found["screen_name"] == "ann"
    assert found["oauth_token"].startswith(f"{ann.id}-")
    caller = await stage.caller(stage.signed(stage.rw1, pair_of(answer), "GET", ME))
    assert (caller.scheme, caller.app_id, caller.account_id) == (Scheme.OAUTH1, stage.rw1.row.id, ann.id)
    assert (caller.username, caller.level, caller.email) == ("ann", Level.READ_WRITE, False)
    assert caller.scopes == scopes_of(Level.READ_WRITE)


async def test_the_pin_of_an_app_without_a_browser(stage: Stage) -> None:
    asked = await stage.request_token(stage.r1, "oob")
    pin = await stage.approve(asked.token, stage.people.bob.id)
    assert len(pin) == 7
    assert pin.isdigit()
    pair = pair_of(await stage.door(stage.exchanging(stage.r1, asked, pin)))
    assert (await stage.caller(stage.signed(stage.r1, pair, "GET", ME))).username == "bob"


@pytest.mark.attack("SR-110")
async def test_the_answers_look_like_those_of_x(stage: Stage) -> None:
    asking = await stage.door(stage.asking(stage.rw1))
    asked = pair_of(asking)
    exchanged = await stage.door(
        stage.exchanging(stage.rw1, asked, await stage.approve(asked.token, stage.people.ann.id))
    )
    refused = await stage.door(stage.exchanging(stage.rw1, asked, "again"))
    assert list(values(asking)) == ["oauth_token", "oauth_token_secret", "oauth_callback_confirmed"]
    assert values(asking)["oauth_callback_confirmed"] == "true"
    assert list(values(exchanged)) == ["oauth_token", "oauth_token_secret", "user_id", "screen_name"]
    for answer in (asking, exchanged):
        assert (answer.status, answer.content_type) == (200, b"text/html; charset=utf-8")
        assert not answer.body.endswith(b"\n")
    for answer in (asking, exchanged, refused):
        headers = dict(answer.headers)
        assert b"no-store" in headers[b"cache-control"]
        assert headers[b"pragma"] == b"no-cache"
        assert headers[b"expires"] == b"Tue, 31 Mar 1981 05:00:00 GMT"
        assert headers[b"x-content-type-options"] == b"nosniff"
    assert refused.content_type == b"application/json; charset=utf-8"


@pytest.mark.claim("C198", "C199")
async def test_each_app_acts_by_its_own_level(stage: Stage) -> None:
    levels = []
    for app in (stage.r1, stage.rw1, stage.rwd1):
        pair = await stage.connect(app, stage.people.ann.id)
        levels.append((await stage.caller(stage.signed(app, pair, "GET", ME))).level)
    assert levels == [Level.READ, Level.READ_WRITE, Level.DIRECT_MESSAGES]


async def test_the_email_permission_is_part_of_the_token(stage: Stage) -> None:
    app = await make_app(stage.db, stage.people.dev.id, "Mailer", Level.READ, email=True)
    pair = await stage.connect(app, stage.people.ann.id)
    caller = await stage.caller(stage.signed(app, pair, "GET", ME))
    assert caller.email
    assert caller.scopes == scopes_of(Level.READ, email=True)


async def test_connecting_again_gives_another_token_and_keeps_the_first(stage: Stage) -> None:
    """X gives the same pair again; a server that keeps no secret in clear cannot. Both devices stay connected under one grant."""
    first = await stage.connect(stage.rw1, stage.people.ann.id)
    second = await stage.connect(stage.rw1, stage.people.ann.id)
    callers = [await stage.caller(stage.signed(stage.rw1, pair, "GET", ME)) for pair in (first, second)]
    assert first.token != second.token
    assert callers[0].grant_id == callers[1].grant_id
    assert callers[0].family_id != callers[1].family_id


async def test_uses_are_noted(stage: Stage) -> None:
    pair = await stage.connect(stage.rw1, stage.people.ann.id)
    caller = await stage.caller(stage.signed(stage.rw1, pair, "POST", "/2/tweets", body='{"text":"hi"}', headers=JSON))
    assert stage.uses._families[caller.family_id or 0] == (caller.grant_id, stage.db.now, "192.0.2.1")
    assert len(stage.uses._credentials) == 1


async def test_the_callback_keeps_its_own_query(stage: Stage) -> None:
    callback = CALLBACK + "?a=1&b=%20x"
    app = await make_app(stage.db, stage.people.dev.id, "Query", Level.READ, (callback,))
    asked = await stage.request_token(app, callback)
    outcome = await stage.decide(await stage.begin(asked.token), stage.people.ann.id)
    assert outcome.url.startswith(f"{callback}&oauth_token={asked.token}&oauth_verifier=")
