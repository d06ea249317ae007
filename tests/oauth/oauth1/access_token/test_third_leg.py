"""The third leg under attack: fixation, guessing, replays, foreign apps, passwords."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
import pytest
from sqlalchemy import func, select, update

from tests.oauth.oauth1.stage import DOORS, FORM, ME, Pair, Stage, error, message, pair_of, values
from volary.accounts.models import LOCKED, SUSPENDED, accounts
from volary.api.limits import OwnCounters
from volary.db import Statement, Tx, statement
from volary.developers.actions import delete_app, edit_authentication, rotate_api_key, suspend_app
from volary.developers.models import apps
from volary.developers.rules.settings import Authentication
from volary.kit.clock import MINUTE
from volary.kit.errors import Refusal
from volary.oauth.models import oauth1_tokens, request_tokens
from volary.oauth.revoking import drop_pending, revoke
from volary.oauth.throttle import FAILURES, Throttle

TOKENS = statement(select(func.count()).select_from(oauth1_tokens), int)
PATH = "/oauth/access_token"


async def tokens(stage: Stage) -> int:
    return await stage.db.one(TOKENS) or 0


async def approved(stage: Stage, callback: str | None = None) -> tuple[Pair, str]:
    asked = await (stage.request_token(stage.rw1, callback) if callback else stage.request_token(stage.rw1))
    return asked, await stage.approve(asked.token, stage.people.ann.id)


@pytest.mark.attack("SR-056")
@pytest.mark.parametrize("verifier", [None, "", "guess", "0", "%00"])
async def test_without_the_verifier_there_is_no_token(stage: Stage, verifier: str | None) -> None:
    asked, right = await approved(stage)
    sent = stage.exchanging(stage.rw1, asked, verifier)
    if verifier == "":
        sent = stage.signed(stage.rw1, asked, "POST", PATH + "?oauth_verifier=")
    answer = await stage.door(sent)
    assert error(answer) == (401, 32)
    assert message(answer) == "Error processing your OAuth request: Invalid oauth_verifier parameter"
    assert await tokens(stage) == 0
    assert (await stage.door(stage.exchanging(stage.rw1, asked, right))).status == 200


@pytest.mark.attack("SR-056")
@pytest.mark.parametrize("tries, answered", [(4, 200), (5, 401)])
async def test_the_fifth_wrong_verifier_ends_the_request_token(stage: Stage, tries: int, answered: int) -> None:
    asked, right = await approved(stage, "oob")
    for number in range(tries):
        answer = await stage.door(stage.exchanging(stage.rw1, asked, str(1_000_000 + number)))
        assert error(answer) == (401, 32)
    assert (await stage.door(stage.exchanging(stage.rw1, asked, right))).status == answered
    assert await tokens(stage) == (1 if answered == 200 else 0)


@pytest.mark.attack("SR-056")
async def test_guesses_before_the_approval_count_as_well(stage: Stage) -> None:
    asked = await stage.request_token(stage.rw1, "oob")
    for number in range(5):
        await stage.door(stage.exchanging(stage.rw1, asked, str(1_000_000 + number)))
    with pytest.raises(Refusal):
        await stage.begin(asked.token)


@pytest.mark.attack("SR-056", "SR-083")
@pytest.mark.parametrize("door", ["request_token", "access_token", "x_auth", "invalidate_token"])
async def test_whoever_guesses_at_any_door_is_slowed_down_and_others_are_not(stage: Stage, door: str) -> None:
    stage.resources.put(Throttle, Throttle(OwnCounters(), 0.02))
    allowed = int(FAILURES * 0.02)
    asked, right = await approved(stage)
    x_auth = "x_auth_mode=client_auth&x_auth_username=ann&x_auth_password=guess"
    guesses = {
        "request_token": lambda: stage.asking(stage.rw1, client_secret="guess"),
        "access_token": lambda: stage.exchanging(stage.rw1, Pair("unknown", "guess"), "guess"),
        "x_auth": lambda: stage.signed(stage.rw1, None, "POST", PATH, body=x_auth, headers=FORM),
        "invalidate_token": lambda: stage.signed(stage.rw1, Pair("1-a", "b"), "POST", "/1.1/oauth/invalidate_token"),
    }
    told = {(await stage.door(guesses[door]())).body for _ in range(allowed)}
    assert len(told) == 1
    slowed = await stage.door(guesses[door]())
    assert error(slowed) == (429, 88)
    assert 0 < int(dict(slowed.headers)[b"retry-after"]) <= 900
    # Who proves who they are is let in from the same network, and a guess from another one is answered as before.
    assert (await stage.door(stage.exchanging(stage.rw1, asked, right))).status == 200
    elsewhere = msgspec.structs.replace(stage.arrived(guesses[door]()), address="198.51.100.9")
    assert (await DOORS[elsewhere.method, elsewhere.path](elsewhere)).body in told


@pytest.mark.attack("SR-056", "SR-314")
async def test_many_guesses_at_once_are_not_more_than_five(stage: Stage) -> None:
    asked, right = await approved(stage, "oob")
    guesses = [stage.exchanging(stage.rw1, asked, str(1_000_000 + number)) for number in range(20)]
    answers = await asyncio.gather(*(stage.door(sent) for sent in guesses))
    assert {answer.status for answer in answers} <= {401, 503}
    assert (await stage.door(stage.exchanging(stage.rw1, asked, right))).status == 401
    assert await tokens(stage) == 0


@pytest.mark.attack("SR-060")
async def test_a_request_token_is_exchanged_once(stage: Stage) -> None:
    asked, verifier = await approved(stage)
    first = await stage.door(stage.exchanging(stage.rw1, asked, verifier))
    assert first.status == 200
    again = await stage.door(stage.exchanging(stage.rw1, asked, verifier))
    assert error(again) == (401, 89)
    assert message(again) == "Invalid request token."
    assert await tokens(stage) == 1
    assert (await stage.caller(stage.signed(stage.rw1, pair_of(first), "GET", ME))).username == "ann"


@pytest.mark.attack("SR-060")
async def test_a_request_token_that_is_too_old_denied_or_undecided(stage: Stage) -> None:
    old, verifier = await approved(stage)
    stage.db.clock.advance(15 * MINUTE)
    assert error(await stage.door(stage.exchanging(stage.rw1, old, verifier))) == (401, 89)
    denied = await stage.request_token(stage.rw1)
    await stage.decide(await stage.begin(denied.token), None, approved=False)
    assert error(await stage.door(stage.exchanging(stage.rw1, denied, "x"))) == (401, 89)
    undecided = await stage.request_token(stage.rw1)
    assert error(await stage.door(stage.exchanging(stage.rw1, undecided, "x"))) == (401, 32)
    assert await tokens(stage) == 0


@pytest.mark.attack("SR-061")
async def test_another_app_cannot_exchange_it_and_burns_nothing(stage: Stage) -> None:
    asked, verifier = await approved(stage)
    for _ in range(6):
        answer = await stage.door(stage.exchanging(stage.r1, asked, verifier))
        assert error(answer) == (401, 89)
    assert await tokens(stage) == 0
    assert (await stage.door(stage.exchanging(stage.rw1, asked, verifier))).status == 200


@pytest.mark.attack("SR-061")
async def test_a_verifier_belongs_to_its_request_token(stage: Stage) -> None:
    one, of_one = await approved(stage)
    other, of_other = await approved(stage)
    assert error(await stage.door(stage.exchanging(stage.rw1, other, of_one))) == (401, 32)
    assert await tokens(stage) == 0
    assert (await stage.door(stage.exchanging(stage.rw1, one, of_one))).status == 200
    assert (await stage.door(stage.exchanging(stage.rw1, other, of_other))).status == 200


@pytest.mark.attack("SR-314")
async def test_of_many_exchanges_at_once_one_gives_a_token(stage: Stage) -> None:
    asked, verifier = await approved(stage)
    sent = [stage.exchanging(stage.rw1, asked, verifier) for _ in range(50)]
    answers = await asyncio.gather(*(stage.door(one) for one in sent))
    statuses = [answer.status for answer in answers]
    assert statuses.count(200) == 1
    assert set(statuses) <= {200, 401, 503}
    assert await tokens(stage) == 1


@pytest.mark.attack("SR-085")
async def test_a_revocation_between_consent_and_exchange(stage: Stage) -> None:
    asked, verifier = await approved(stage)
    assert await stage.db.write(revoke, stage.people.ann.id, app_id=stage.rw1.row.id)
    assert (await stage.door(stage.exchanging(stage.rw1, asked, verifier))).status == 401
    assert await tokens(stage) == 0


_ANN = update(accounts).where(accounts.c.username == "ann")
_SUSPEND = statement(_ANN.values(state=SUSPENDED))
_LOCK = statement(_ANN.values(state=LOCKED))
_EPOCH = statement(update(apps).values(epoch=apps.c.epoch + 1))


async def person_suspended(stage: Stage) -> None:
    await stage.db.write(_run, _SUSPEND)


async def person_locked(stage: Stage) -> None:
    await stage.db.write(_run, _LOCK)


async def new_password(stage: Stage) -> None:
    await stage.db.write(drop_pending, stage.people.ann.id)


async def app_suspended(stage: Stage) -> None:
    await stage.db.write(suspend_app, stage.rw1.row.id, reason="spam")


async def app_deleted(stage: Stage) -> None:
    await stage.db.write(delete_app, stage.people.dev.id, stage.rw1.row.id)


async def app_tokens_ended(stage: Stage) -> None:
    await stage.db.write(_run, _EPOCH)


async def protocol_off(stage: Stage) -> None:
    off = Authentication(oauth1=False, oauth2=True, type="web")
    await stage.db.write(edit_authentication, stage.people.dev.id, stage.rw1.row.id, off)


async def key_renewed(stage: Stage) -> None:
    await stage.db.write(rotate_api_key, stage.people.dev.id, stage.rw1.row.id)


async def _run(tx: Tx, change: Statement[None]) -> None:
    await tx.run(change)


MEANWHILE: dict[Callable[[Stage], Awaitable[None]], int] = {
    person_suspended: 32,
    person_locked: 32,
    new_password: 89,
    app_suspended: 416,
    app_deleted: 32,
    app_tokens_ended: 32,
    protocol_off: 416,
    key_renewed: 32,
}


@pytest.mark.attack("SR-085", "SR-117", "SR-161", "SR-218", "SR-221")
@pytest.mark.parametrize("event", MEANWHILE)
async def test_what_happens_between_consent_and_exchange_counts(
    stage: Stage, event: Callable[[Stage], Awaitable[None]]
) -> None:
    honest, verifier = await approved(stage)
    assert (await stage.door(stage.exchanging(stage.rw1, honest, verifier))).status == 200
    asked, verifier = await approved(stage)
    await event(stage)
    answer = await stage.door(stage.exchanging(stage.rw1, asked, verifier))
    assert error(answer) == (401, MEANWHILE[event])
    assert await tokens(stage) == 1


@pytest.mark.claim("C091")
@pytest.mark.parametrize("place", ["form", "query", "header"])
async def test_passwords_are_not_taken(stage: Stage, place: str) -> None:
    """xAuth: an app that collects passwords is what OAuth is there to prevent."""
    part = "x_auth_mode=client_auth&x_auth_username=ann&x_auth_password=bees+in+the+attic"
    options: dict[str, Any] = {"body": part, "headers": FORM} if place == "form" else {}
    path = PATH if place == "form" else f"{PATH}?{part}"
    if place == "header":
        path = f"{PATH}?x_auth_username=ann"
    answer = await stage.door(stage.signed(stage.rw1, None, "POST", path, **options))
    assert error(answer) == (403, 87)
    assert await tokens(stage) == 0


async def test_no_request_token_at_all(stage: Stage) -> None:
    answer = await stage.door(stage.signed(stage.rw1, None, "POST", PATH, verifier="x"))
    assert error(answer) == (401, 89)
    assert message(answer) == "Request token missing"


@pytest.mark.parametrize("place", ["header", "query", "form"])
async def test_the_verifier_may_come_in_several_places(stage: Stage, place: str) -> None:
    asked, verifier = await approved(stage)
    if place == "header":
        sent = stage.exchanging(stage.rw1, asked, verifier)
    elif place == "query":
        sent = stage.signed(stage.rw1, asked, "POST", f"{PATH}?oauth_verifier={verifier}")
    else:
        sent = stage.signed(stage.rw1, asked, "POST", PATH, body=f"oauth_verifier={verifier}", headers=FORM)
    assert values(await stage.door(sent))["screen_name"] == "ann"


async def test_as_xdk_exchanges(stage: Stage) -> None:
    """`oauth_token` in the header and in the query, signed once; another one in the query is refused (X facts 12.2)."""
    asked, verifier = await approved(stage)
    for token, status in (("other", 400), (asked.token, 200)):
        sent = stage.signed(stage.rw1, asked, "POST", f"{PATH}?oauth_verifier={verifier}")
        answer = await stage.door(sent.changed(url=f"{sent.url}&oauth_token={token}"))
        assert answer.status == status


@pytest.mark.attack("SR-086")
async def test_nothing_that_works_stands_in_the_tables(stage: Stage) -> None:
    asked, pin = await approved(stage, "oob")
    kept = [await stage.db.one(statement(select(request_tokens.c[name]), bytes)) for name in ("digest", "verifier")]
    pair = pair_of(await stage.door(stage.exchanging(stage.rw1, asked, pin)))
    kept += [await stage.db.one(statement(select(oauth1_tokens.c[name]), bytes)) for name in ("digest", "secret")]
    hint = await stage.db.one(statement(select(oauth1_tokens.c.hint), str))
    assert hint == pair.token[-4:]
    for value in kept:
        assert value is not None
        for secret in (asked.token, asked.secret, pin, pair.token, pair.secret):
            assert secret.encode() not in value
