"""What an authorization request becomes, and what a decision on it leads to."""

import msgspec
import pytest
from sqlalchemy import update

from tests.cast import People
from tests.conftest import HeldDatabase
from tests.oauth.oauth2.stage import ADDRESS, CALLBACK, SCOPE, STATE, Stage, parameters_of, stage_of
from volary.accounts.models import SUSPENDED, accounts
from volary.db import Tx, statement
from volary.developers.actions import delete_app, edit_details, suspend_app
from volary.developers.rules.settings import Details
from volary.oauth.asking import Redirect, Request
from volary.oauth.connected import connected_app
from volary.oauth.errors import PageRefusal
from volary.oauth.oauth2 import authorize
from volary.oauth.oauth2.metadata import issuer
from volary.settings import Settings

_SUSPEND = statement(update(accounts).values(state=SUSPENDED).where(accounts.c.username == "ann"))


async def suspend_ann(tx: Tx) -> None:
    await tx.run(_SUSPEND)


async def test_a_right_request_holds_all_that_the_page_and_the_answer_need(stage: Stage) -> None:
    request = await stage.asked(stage.c1)
    assert (request.protocol, request.app_id, request.target) == ("oauth2", stage.c1.app.id, CALLBACK)
    assert request.scopes == tuple(SCOPE.split())
    assert (request.level, request.email, request.sign_in, request.force_login) == ("", False, False, False)
    assert request.extra["state"] == STATE


async def test_three_paths_are_one_door(stage: Stage) -> None:
    assert authorize.PATHS == ("/i/oauth2/authorize", "/2/oauth2/authorize", "/oauth2/authorize")
    asked = [await authorize.begin(stage.db, stage.settings, path, stage.query(stage.c1)) for path in authorize.PATHS]
    assert asked[0] == asked[1] == asked[2]


@pytest.mark.attack("SR-036", "SR-038")
@pytest.mark.parametrize(
    "extra",
    [
        {"response_mode": "form_post"},
        {"response_mode": "fragment"},
        {"response_mode": "web_message"},
        {"response_mode": "query.jwt"},
        {"foo": "bar", "prompt": "none", "max_age": "0"},
        {"request": "eyJhbGciOiJub25lIn0.e30.", "request_uri": "https://evil.example/"},
        {"approve": "1", "allow": "true", "_method": "POST"},
    ],
)
async def test_what_is_unknown_is_ignored_and_the_code_leaves_in_the_query(stage: Stage, extra: dict[str, str]) -> None:
    before = await stage.rows()
    request = await stage.asked(stage.c1, **extra)
    assert request == await stage.asked(stage.c1)
    assert await stage.rows() == before  # asking alone grants nothing
    assert (await stage.decided(request, stage.cast.ann.id)).keys() == {"state", "code"}


@pytest.mark.claim("C010", "C214")
async def test_approval_makes_one_grant_and_one_code(stage: Stage) -> None:
    before = await stage.rows()
    back = await stage.decided(await stage.asked(stage.c1), stage.cast.ann.id)
    assert list(back) == ["state", "code"]
    after = await stage.rows()
    assert {name: after[name] - before[name] for name in after if after[name] != before[name]} == {
        "grants": 1,
        "codes": 1,
    }


@pytest.mark.claim("C013")
@pytest.mark.parametrize("signed_in", [True, False])
async def test_cancelling_tells_the_app_and_leaves_nothing(stage: Stage, signed_in: bool) -> None:
    before = await stage.rows()
    account_id = stage.cast.ann.id if signed_in else None
    back = await stage.decided(await stage.asked(stage.c1), account_id, approved=False)
    assert back == {"error": "access_denied", "state": STATE}
    assert await stage.rows() == before
    assert await connected_app(stage.db, stage.cast.ann.id, stage.c1.app.id) is None


DESCRIBED: list[tuple[dict[str, str | None], str, str]] = [
    ({"response_type": None}, "invalid_request", "response_type is missing."),
    ({"response_type": "token"}, "unsupported_response_type", "response_type must be code."),
    ({"scope": None}, "invalid_scope", "scope is missing."),
    ({"scope": "x" * 2_001}, "invalid_scope", "scope is longer than 2000 characters."),
    ({"scope": "make.coffee"}, "invalid_scope", "scope names one that does not exist."),
    ({"scope": " "}, "invalid_scope", "scope names none, or one of them twice."),
    ({"code_challenge": None}, "invalid_request", "code_challenge is missing."),
    ({"code_challenge": "x"}, "invalid_request", "code_challenge has not the form that RFC 7636 gives it for S256."),
    ({"code_challenge_method": "S512"}, "invalid_request", "code_challenge_method must be S256 or plain."),
    ({"state": "s" * 501}, "invalid_request", "state is longer than 500 characters."),
]
_DOUBLED = ("response_type", "scope", "code_challenge", "code_challenge_method", "state")


@pytest.mark.parametrize(("changes", "error", "description"), DESCRIBED)
async def test_an_error_at_the_callback_names_the_parameter(
    stage: Stage, changes: dict[str, str | None], error: str, description: str
) -> None:
    redirect = await stage.begin(stage.query(stage.c1, **changes))
    assert isinstance(redirect, Redirect)
    told = parameters_of(redirect.url, CALLBACK)
    assert (told["error"], told["error_description"]) == (error, description)
    assert list(told) == ["error", "error_description", *(["state"] if "state" not in changes else [])]


@pytest.mark.attack("SR-023")
@pytest.mark.parametrize("name", _DOUBLED)
@pytest.mark.parametrize("first", [True, False])
async def test_a_parameter_that_is_there_twice_is_named_and_neither_is_used(
    stage: Stage, name: str, first: bool
) -> None:
    for added in (f"{name}=another", f"{name}=", f"{name}[]=another", f"{name}%5B0%5D=another"):
        query, extra = stage.query(stage.c1), added.encode()
        redirect = await stage.begin(extra + b"&" + query if first else query + b"&" + extra)
        assert isinstance(redirect, Redirect), added
        told = parameters_of(redirect.url, CALLBACK)
        assert told["error"] == ("invalid_scope" if name == "scope" else "invalid_request")
        assert told["error_description"] == f"{name} is there more than once."


async def suspended_app(stage: Stage) -> None:
    await stage.db.write(suspend_app, stage.c1.app.id, reason="spam")


async def deleted_app(stage: Stage) -> None:
    await stage.db.write(delete_app, stage.cast.dev.id, stage.c1.app.id)


async def another_callback(stage: Stage) -> None:
    details = Details(
        name="Web",
        callbacks=("https://new.example/",),
        terms_url="https://a.example/",
        privacy_url="https://a.example/",
    )
    await stage.db.write(edit_details, stage.cast.dev.id, stage.c1.app.id, details)


async def suspended_person(stage: Stage) -> None:
    await stage.db.write(suspend_ann)


@pytest.mark.attack("SR-085", "SR-218", "SR-220", "SR-221")
@pytest.mark.claim("C217")
@pytest.mark.parametrize("meanwhile", [suspended_app, deleted_app, another_callback, suspended_person])
async def test_what_changed_while_the_page_was_open_counts(stage: Stage, meanwhile: object) -> None:
    honest = await stage.asked(stage.c1)
    assert "code" in await stage.decided(honest, stage.cast.bob.id)
    before = await stage.rows()
    await meanwhile(stage)  # type: ignore[operator]
    rows = await stage.rows()
    with pytest.raises(PageRefusal):
        await stage.db.write(authorize.finish, honest, stage.cast.ann.id, approved=True, address=ADDRESS)
    assert await stage.rows() == rows
    assert rows["grants"] == before["grants"]


async def test_nobody_can_approve_without_an_account(stage: Stage) -> None:
    request = await stage.asked(stage.c1)
    with pytest.raises(PageRefusal):
        await stage.db.write(authorize.finish, request, None, approved=True, address=ADDRESS)


@pytest.mark.attack("SR-134")
async def test_the_issuer_is_in_every_answer_once_it_is_switched_on(
    db: HeldDatabase, cast: People, settings: Settings
) -> None:
    stage = await stage_of(db, cast, msgspec.structs.replace(settings, issuer_in_answers=True))
    iss = issuer(stage.settings)
    assert iss == "http://localhost:8000"
    request = await stage.asked(stage.c1)
    assert isinstance(request, Request)
    approved = await stage.decided(request, cast.ann.id)
    assert (list(approved), approved["iss"]) == (["state", "code", "iss"], iss)
    assert (await stage.decided(request, None, approved=False))["iss"] == iss
    assert (await stage.sent_back(stage.c1, scope="nonsense"))["iss"] == iss
