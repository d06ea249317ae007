"""The second leg without its page: what may be shown, and what a decision leads to."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from sqlalchemy import func, select, update

from tests.oauth.oauth1.stage import CALLBACK, Stage, error, make_app
from volary.access.levels import Level
from volary.accounts.models import SUSPENDED, accounts
from volary.db import Tx, statement
from volary.developers.actions import delete_app, edit_authentication, edit_details, suspend_app
from volary.developers.models import apps
from volary.developers.rules.settings import Authentication, Details
from volary.kit.clock import MINUTE
from volary.oauth.asking import Request
from volary.oauth.errors import PageRefusal
from volary.oauth.grants import live_grant
from volary.oauth.models import OAUTH1, grants, oauth1_tokens
from volary.oauth.oauth1.authorize import begin
from volary.oauth.oauth1.request_token import LIFETIME

GRANTS = statement(select(func.count()).select_from(grants), int)
TOKENS = statement(select(func.count()).select_from(oauth1_tokens), int)


async def shown(stage: Stage, query: bytes, path: str = "/oauth/authorize") -> str:
    """No page is shown; what the log is told."""
    with pytest.raises(PageRefusal) as caught:
        await begin(stage.db, stage.settings, path, query)
    assert caught.value.status == 400
    return caught.value.why


async def test_a_request_that_may_be_shown(stage: Stage) -> None:
    asked = await stage.request_token(stage.rw1)
    request = await stage.begin(asked.token, screen_name="ann", force_login="true")
    assert request == Request(
        protocol=OAUTH1,
        app_id=stage.rw1.row.id,
        target=CALLBACK,
        level="read-write",
        force_login=True,
        screen_name="ann",
        extra={"oauth_token": asked.token, "epoch": "0"},
    )


@pytest.mark.claim("C213")
@pytest.mark.attack("SR-065")
@pytest.mark.parametrize("path, sign_in", [("authorize", False), ("authenticate", True)])
async def test_the_two_doors_differ_in_one_thing(stage: Stage, path: str, sign_in: bool) -> None:
    for place in (f"/oauth/{path}", f"/i/oauth/{path}"):
        asked = await stage.request_token(stage.r1)
        assert (await stage.begin(asked.token, place)).sign_in is sign_in


@pytest.mark.attack("SR-065")
async def test_signing_in_needs_the_switch_and_a_way_back(stage: Stage) -> None:
    asked = await stage.request_token(stage.r1, "oob")
    assert not (await stage.begin(asked.token, "/oauth/authenticate")).sign_in
    off = Authentication(level=Level.READ, sign_in=False)
    await stage.db.write(edit_authentication, stage.people.dev.id, stage.r1.row.id, off)
    asked = await stage.request_token(stage.r1)
    assert not (await stage.begin(asked.token, "/oauth/authenticate")).sign_in


@pytest.mark.parametrize(
    "query",
    [
        b"",
        b"oauth_token=",
        b"oauth_token",
        b"oauth_token=a&oauth_token=b",
        b"oauth_token=%zz",
        b"oauth_token=%ff",
        b"x=1",
    ],
    ids=repr,
)
async def test_no_request_token(stage: Stage, query: bytes) -> None:
    await shown(stage, query)


@pytest.mark.parametrize("token", ["x", "%00", "%F0%9F%8D%8B", "t" * 10_000, "1-%27"])
async def test_an_unknown_request_token(stage: Stage, token: str) -> None:
    assert (await shown(stage, f"oauth_token={token}".encode())).startswith("the request token is unknown")


@pytest.mark.attack("SR-060")
async def test_a_request_token_is_shown_until_it_is_decided_or_too_old(stage: Stage) -> None:
    approved, denied, old = [(await stage.request_token(stage.r1)).token for _ in range(3)]
    await stage.approve(approved, stage.people.ann.id)
    await stage.decide(await stage.begin(denied), None, approved=False)
    stage.db.clock.advance(LIFETIME - 1)
    assert await stage.begin(old) is not None
    stage.db.clock.advance(1)
    for token in (approved, denied, old):
        await shown(stage, f"oauth_token={token}".encode())


@pytest.mark.attack("SR-057")
async def test_a_callback_in_the_address_is_not_looked_at(stage: Stage) -> None:
    asked = await stage.request_token(stage.r1)
    request = await stage.begin(
        asked.token, oauth_callback="https://evil.example/", callback_url="https://evil.example/"
    )
    assert request.target == CALLBACK
    outcome = await stage.decide(request, stage.people.ann.id)
    assert outcome.url.startswith(CALLBACK + "?oauth_token=")
    asked = await stage.request_token(stage.r1)
    assert (await stage.begin(asked.token, oauth_callback="oob")).target == CALLBACK


@pytest.mark.claim("C214")
async def test_an_approval_goes_back_with_a_verifier(stage: Stage) -> None:
    asked = await stage.request_token(stage.r1)
    outcome = await stage.decide(await stage.begin(asked.token), stage.people.ann.id)
    answer = dict(parse_qsl(urlsplit(outcome.url).query))
    assert outcome.url.split("?")[0] == CALLBACK
    assert list(answer) == ["oauth_token", "oauth_verifier"]
    assert answer["oauth_token"] == asked.token
    assert len(answer["oauth_verifier"]) == 32
    assert (outcome.pin, outcome.denied, outcome.back) == ("", False, "")
    grant = await live_grant(stage.db, stage.people.ann.id, stage.r1.row.id)
    assert grant is not None
    assert (grant.level, grant.email, grant.scopes) == ("read", 0, "")
    assert await stage.db.one(TOKENS) == 0, "the token comes with the exchange"


@pytest.mark.claim("C013")
async def test_a_refusal_grants_nothing_and_says_so(stage: Stage) -> None:
    asked = await stage.request_token(stage.r1)
    outcome = await stage.decide(await stage.begin(asked.token), None, approved=False)
    assert (outcome.denied, outcome.back) == (True, f"{CALLBACK}?denied={asked.token}")
    assert (outcome.url, outcome.pin) == ("", "")
    assert await stage.db.one(GRANTS) == 0
    oob = await stage.request_token(stage.r1, "oob")
    outcome = await stage.decide(await stage.begin(oob.token), None, approved=False)
    assert (outcome.denied, outcome.back, outcome.url) == (True, "", "")


@pytest.mark.attack("SR-126")
async def test_one_decision_counts(stage: Stage) -> None:
    asked = await stage.request_token(stage.r1)
    request = await stage.begin(asked.token)
    outcome = await stage.decide(request, stage.people.ann.id)
    for account in (stage.people.ann.id, stage.people.bob.id):
        with pytest.raises(PageRefusal):
            await stage.decide(request, account)
    await stage.decide(request, None, approved=False)
    verifier = dict(parse_qsl(urlsplit(outcome.url).query))["oauth_verifier"]
    assert (await stage.door(stage.exchanging(stage.r1, asked, verifier))).status == 200
    assert await stage.db.one(GRANTS) == 1


@pytest.mark.attack("SR-218")
@pytest.mark.parametrize("what", ["suspended", "deleted", "off", "epoch", "callback"])
async def test_what_changes_meanwhile_is_noticed(stage: Stage, what: str) -> None:
    asked = await stage.request_token(stage.r1)
    request = await stage.begin(asked.token)
    app, dev = stage.r1.row.id, stage.people.dev.id
    if what == "suspended":
        await stage.db.write(suspend_app, app, reason="test")
    elif what == "deleted":
        await stage.db.write(delete_app, dev, app)
    elif what == "off":
        await stage.db.write(edit_authentication, dev, app, Authentication(oauth1=False, oauth2=True, type="web"))
    elif what == "epoch":
        await stage.db.write(_raise_epoch, app)
    else:
        await stage.db.write(edit_details, dev, app, Details(name="R1", callbacks=("https://other.example/",)))
    with pytest.raises(PageRefusal):
        await stage.decide(request, stage.people.ann.id)
    await shown(stage, f"oauth_token={asked.token}".encode())
    assert await stage.db.one(GRANTS) == 0


_EPOCH = statement(update(apps).where(apps.c.state == "active").values(epoch=apps.c.epoch + 1))
_SUSPEND = statement(update(accounts).where(accounts.c.username == "ann").values(state=SUSPENDED))


async def _raise_epoch(tx: Tx, app_id: int) -> None:
    await tx.run(_EPOCH)


async def _suspend_ann(tx: Tx) -> None:
    await tx.run(_SUSPEND)


async def test_an_account_that_is_not_active_grants_nothing(stage: Stage) -> None:
    asked = await stage.request_token(stage.r1)
    request = await stage.begin(asked.token)
    await stage.db.write(_suspend_ann)
    for account in (stage.people.ann.id, None, 12345):
        with pytest.raises(PageRefusal):
            await stage.decide(request, account)
    assert await stage.db.one(GRANTS) == 0
    assert await stage.approve(asked.token, stage.people.bob.id)


@pytest.mark.claim("C190")
@pytest.mark.attack("SR-063")
async def test_what_is_shown_is_the_tokens_real_level(stage: Stage) -> None:
    """Also with a PIN, and also when the level was lowered or raised since the first leg."""
    for app, callback, level in (
        (stage.rwd1, "oob", "read-write-directmessages"),
        (stage.rwd1, CALLBACK, "read-write-directmessages"),
        (stage.rw1, "oob", "read-write"),
        (stage.r1, CALLBACK, "read"),
    ):
        asked = await stage.request_token(app, callback)
        assert (await stage.begin(asked.token)).level == level
    lowered = await stage.request_token(stage.rwd1)
    raised = await stage.request_token(stage.r1)
    for app, level_now in ((stage.rwd1, Level.READ), (stage.r1, Level.DIRECT_MESSAGES)):
        await stage.db.write(edit_authentication, stage.people.dev.id, app.row.id, Authentication(level=level_now))
    assert (await stage.begin(lowered.token)).level == "read"
    assert (await stage.begin(raised.token)).level == "read"


async def test_a_level_that_is_lowered_while_the_page_is_open(stage: Stage) -> None:
    asked = await stage.request_token(stage.rwd1)
    request = await stage.begin(asked.token)
    await stage.db.write(edit_authentication, stage.people.dev.id, stage.rwd1.row.id, Authentication(level=Level.READ))
    await stage.decide(request, stage.people.ann.id)
    grant = await live_grant(stage.db, stage.people.ann.id, stage.rwd1.row.id)
    assert grant is not None
    assert grant.level == "read"


async def test_the_email_address_is_asked_for_where_the_app_may(stage: Stage) -> None:
    app = await make_app(stage.db, stage.people.dev.id, "Mailer", Level.READ, email=True)
    asked = await stage.request_token(app)
    assert (await stage.begin(asked.token)).email
    asked = await stage.request_token(stage.r1)
    assert not (await stage.begin(asked.token)).email


@pytest.mark.parametrize(
    "name, kept", [("ann", "ann"), ("a" * 101, ""), ("a\x00b", ""), ("<b>", "<b>"), ("ann@example.org",) * 2]
)
async def test_the_name_to_fill_in(stage: Stage, name: str, kept: str) -> None:
    asked = await stage.request_token(stage.r1)
    assert (await stage.begin(asked.token, screen_name=name)).screen_name == kept


async def test_an_approval_waits_ten_minutes_for_its_exchange(stage: Stage) -> None:
    asked, late = await stage.request_token(stage.r1), await stage.request_token(stage.r1)
    stage.db.clock.advance(14 * MINUTE)
    verifiers = [await stage.approve(pair.token, stage.people.ann.id) for pair in (asked, late)]
    stage.db.clock.advance(10 * MINUTE - 1)
    assert (await stage.door(stage.exchanging(stage.r1, asked, verifiers[0]))).status == 200
    stage.db.clock.advance(1)
    assert error(await stage.door(stage.exchanging(stage.r1, late, verifiers[1]))) == (401, 89)
