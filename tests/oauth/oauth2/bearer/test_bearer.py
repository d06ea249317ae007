"""An access token at the API: who is calling, with what, and when it stops being anybody."""

from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import update

from tests.oauth.oauth2.stage import Stage
from volary.access.caller import Scheme
from volary.access.levels import Level
from volary.access.scopes import EMAIL
from volary.accounts.models import DEACTIVATED, LOCKED, SUSPENDED, accounts
from volary.api.errors import Numbered
from volary.db import Tx, statement
from volary.developers.actions import (
    delete_app,
    edit_authentication,
    edit_details,
    restore_app,
    rotate_client_secret,
    suspend_app,
)
from volary.developers.models import apps
from volary.developers.rules.settings import Authentication, Details
from volary.kit.errors import Unauthenticated
from volary.kit.secrets import mint
from volary.oauth.identify import identify
from volary.oauth.oauth2.bearer import permissions
from volary.oauth.revoking import revoke, revoke_all
from volary.oauth.tokens import ACCESS, text_of


@pytest.mark.claim("C143", "C073")
async def test_the_caller_is_the_person_and_the_app_with_the_scopes_of_the_consent(stage: Stage) -> None:
    held = await stage.connect(stage.c1, scope="tweet.read users.read tweet.write offline.access")
    caller = await stage.caller(held.access)
    assert caller.scheme is Scheme.OAUTH2_USER
    assert (caller.app_id, caller.account_id, caller.username) == (stage.c1.app.id, stage.cast.ann.id, "ann")
    assert caller.scopes == {"tweet.read", "users.read", "tweet.write", "offline.access"}
    assert (caller.level, caller.enrolled, caller.email) == (Level.READ_WRITE, True, False)
    assert caller.grant_id is not None
    assert caller.family_id is not None
    other = await stage.caller((await stage.connect(stage.c1)).access)
    assert (other.grant_id, other.family_id == caller.family_id) == (caller.grant_id, False)


@pytest.mark.claim("C207", "C209")
@pytest.mark.parametrize(
    ("scopes", "level"),
    [
        ("tweet.read users.read", Level.READ),
        ("offline.access", Level.READ),
        ("like.write", Level.READ_WRITE),
        ("dm.read", Level.DIRECT_MESSAGES),
        ("tweet.write dm.write", Level.DIRECT_MESSAGES),
    ],
)
def test_the_level_follows_from_the_scopes(scopes: str, level: Level) -> None:
    assert permissions(scopes, scopes, email=True).level is level


async def test_a_standalone_app_is_known_as_such(stage: Stage) -> None:
    assert (await stage.caller((await stage.connect(stage.c1)).access)).enrolled
    assert not (await stage.caller((await stage.connect(stage.p1)).access)).enrolled


@pytest.mark.claim("C060", "C063", "C064")
async def test_the_email_scope_ends_with_the_switch_of_the_app_and_comes_back_with_it(stage: Stage) -> None:
    held = await stage.connect(stage.c1, scope="users.read users.email")
    caller = await stage.caller(held.access)
    assert (caller.email, EMAIL in caller.scopes) == (True, True)
    for email in (False, True):
        how = Authentication(email=email, oauth2=True, type="web")
        await stage.db.write(edit_authentication, stage.cast.dev.id, stage.c1.app.id, how)
        caller = await stage.caller(held.access)
        assert (caller.email, EMAIL in caller.scopes) == (email, email)
        assert "users.read" in caller.scopes
    without = await stage.connect(stage.c1, scope="users.read")
    assert not (await stage.caller(without.access)).email


async def suspended(stage: Stage) -> None:
    await stage.db.write(suspend_app, stage.c1.app.id, reason="spam")


async def deleted(stage: Stage) -> None:
    await stage.db.write(delete_app, stage.cast.dev.id, stage.c1.app.id)


async def revoked(stage: Stage) -> None:
    assert await stage.db.write(revoke, stage.cast.ann.id, app_id=stage.c1.app.id)


async def all_revoked(stage: Stage) -> None:
    assert await stage.db.write(revoke_all, stage.cast.ann.id) == 1


async def person_suspended(stage: Stage) -> None:
    await stage.db.write(_change, SUSPENDED)


async def person_locked(stage: Stage) -> None:
    await stage.db.write(_change, LOCKED)


async def person_gone(stage: Stage) -> None:
    await stage.db.write(_change, DEACTIVATED)


async def everything_ended(stage: Stage) -> None:
    await stage.db.write(_change, "epoch")


async def app_epoch(stage: Stage) -> None:
    await stage.db.write(_change, "app epoch")


_ANN = update(accounts).where(accounts.c.username == "ann")
_CHANGES = {
    **{state: statement(_ANN.values(state=state)) for state in (SUSPENDED, LOCKED, DEACTIVATED)},
    "epoch": statement(_ANN.values(epoch=accounts.c.epoch + 1)),
    "app epoch": statement(update(apps).values(epoch=apps.c.epoch + 1)),
}


async def _change(tx: Tx, what: str) -> None:
    await tx.run(_CHANGES[what])


ENDS = [
    suspended,
    deleted,
    revoked,
    all_revoked,
    person_suspended,
    person_locked,
    person_gone,
    everything_ended,
    app_epoch,
]


@pytest.mark.attack("SR-218", "SR-220", "SR-221", "SR-223")
@pytest.mark.claim("C019", "C176")
@pytest.mark.parametrize("end", ENDS)
async def test_whatever_ends_it_holds_for_the_very_next_call(
    stage: Stage, end: Callable[[Stage], Awaitable[None]]
) -> None:
    held = await stage.connect(stage.c1)
    assert await stage.lives(held.access)
    await end(stage)
    with pytest.raises(Unauthenticated):
        await stage.caller(held.access)
    assert not await stage.lives(held.access)
    assert (await stage.refresh(stage.c1, held.refresh)).status in {400, 401}
    assert not await stage.lives(held.access)


@pytest.mark.attack("SR-223")
async def test_one_person_revoking_leaves_the_others_connected(stage: Stage) -> None:
    ann, bob = await stage.connect(stage.c1), await stage.connect(stage.c1, stage.cast.bob.id)
    elsewhere = await stage.connect(stage.p1)
    await revoked(stage)
    assert [await stage.lives(token.access) for token in (ann, bob, elsewhere)] == [False, True, True]
    anew = await stage.connect(stage.c1)
    assert await stage.lives(anew.access)
    assert not await stage.lives(ann.access)


async def test_a_restored_app_has_its_connections_back(stage: Stage) -> None:
    held = await stage.connect(stage.c1)
    await suspended(stage)
    assert not await stage.lives(held.access)
    await stage.db.write(restore_app, stage.c1.app.id)
    assert await stage.lives(held.access)


async def test_what_people_granted_outlives_a_new_secret_and_other_settings(stage: Stage) -> None:
    held = await stage.connect(stage.c1)
    dev, app = stage.cast.dev.id, stage.c1.app
    await stage.db.write(rotate_client_secret, dev, app.id)
    details = Details(
        name="Renamed", callbacks=("https://n.example/",), terms_url="https://a.test/", privacy_url="https://a.test/"
    )
    await stage.db.write(edit_details, dev, app.id, details)
    assert await stage.lives(held.access)


def bearer(scheme: str) -> Callable[[str], str]:
    return lambda token: f"{scheme}{token}"


@pytest.mark.attack("SR-118")
@pytest.mark.parametrize("form", [bearer("Bearer "), bearer("bearer "), bearer("BEARER "), bearer("Bearer  ")])
async def test_the_name_of_the_scheme_has_no_case(stage: Stage, form: Callable[[str], str]) -> None:
    held = await stage.connect(stage.c1)
    assert await stage.status(headers={"authorization": form(held.access)}) == 200


MALFORMED: list[Callable[[str], str]] = [
    bearer(""),
    bearer("BearerX "),
    bearer("Bearer"),
    bearer("Bearer\t"),
    bearer("Token "),
    bearer("Bearer Bearer "),
    bearer(" Bearer "),
    lambda token: "Bearer",
    lambda token: "Bearer ",
    lambda token: f"Bearer {token} {token}",
    lambda token: f"Bearer {token},Bearer {token}",
    lambda token: f"Bearer {token[:-1]}",
    lambda token: f"Bearer {token}=",
    lambda token: f"Bearer {token.swapcase()}",
    lambda token: f"Bearer {token}\u00e9",
    lambda token: "Bearer " + "x" * 100_000,
    lambda token: "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbm4ifQ.",
    lambda token: "Bearer " + text_of(mint(), 1, ACCESS),
    lambda token: "Bearer ' OR '1'='1",
    lambda token: "Basic " + token,
]


@pytest.mark.attack("SR-118", "SR-186")
async def test_what_is_not_exactly_a_token_is_nobody(stage: Stage) -> None:
    held = await stage.connect(stage.c1)
    assert await stage.lives(held.access)
    for form in MALFORMED:
        assert await stage.status(headers={"authorization": form(held.access)}) == 401, form("…")


@pytest.mark.attack("SR-118", "SR-148")
async def test_tokens_elsewhere_than_in_the_header_are_not_looked_at(stage: Stage) -> None:
    held = await stage.connect(stage.c1)
    form = {"content-type": "application/x-www-form-urlencoded"}
    assert await stage.status(f"/2/users/me?access_token={held.access}") == 401
    assert await stage.status("/2/tweets", form, f"access_token={held.access}".encode()) == 401
    assert await stage.status(headers={"cookie": f"access_token={held.access}; session={held.access}"}) == 401
    assert await stage.status() == 401


@pytest.mark.attack("SR-118")
async def test_two_kinds_of_credentials_at_once_are_none(stage: Stage) -> None:
    held, other = await stage.connect(stage.c1), await stage.connect(stage.c1)
    header = ("authorization", f"Bearer {held.access}")
    assert await stage.status(headers=[header]) == 200
    for second in (f"Bearer {held.access}", f"Bearer {other.access}", "OAuth a=b", "Basic eDp5", ""):
        assert await stage.status(headers=[header, ("authorization", second)]) == 401
    signature = "oauth_signature=x&oauth_consumer_key=y"
    assert await stage.status(f"/2/users/me?{signature}", [header]) == 401
    assert await stage.status(f"/2/users/me?access_token={held.access}", [header]) == 401
    form = ("content-type", "application/x-www-form-urlencoded")
    assert await stage.status("/2/tweets", [header, form], signature.encode()) == 401
    json = ("content-type", "application/json")
    assert await stage.status("/2/tweets", [header, json], b'{"text":"oauth_signature=x"}') == 200


@pytest.mark.attack("SR-101")
async def test_no_other_secret_stands_in_for_an_access_token(stage: Stage) -> None:
    held = await stage.connect(stage.c1)
    code = await stage.code(stage.c1)
    for secret in (held.refresh, code, stage.c1.client_secret, stage.c1.app.client_id, stage.c1.api_key):
        assert await stage.status(headers={"authorization": f"Bearer {secret}"}) == 401
    assert (await stage.exchange(stage.c1, code)).status == 200


@pytest.mark.parametrize(("header", "code"), [("", 215), ("Bearer unknown", 89), (f"Bearer {'A' * 80}", 89)])
async def test_on_version_1_the_refusal_has_xs_numbers(stage: Stage, header: str, code: int) -> None:
    headers = {"authorization": header} if header else {}
    with pytest.raises(Numbered) as refused:
        await identify(stage.raw("GET", "/1.1/account/verify_credentials.json", headers, ""))
    assert refused.value.code == code
