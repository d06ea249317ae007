"""PKCE at the authorization endpoint and at the exchange: always there, of the right form, and judged by the method that was named."""

import msgspec
import pytest
from sqlalchemy import select

from tests.cast import People
from tests.conftest import HeldDatabase
from tests.oauth.oauth2.stage import CHALLENGE, STATE, VERIFIER, Stage, stage_of
from volary.access.levels import Level
from volary.db import statement
from volary.developers.actions import edit_authentication
from volary.developers.rules.settings import Authentication
from volary.oauth.models import codes
from volary.oauth.oauth2.checks.pkce import hashed
from volary.oauth.oauth2.metadata import metadata
from volary.settings import Settings

PLAIN = "p" * 64
_CHALLENGE = statement(select(codes.c.challenge), str)


def test_the_published_example_gives_the_published_challenge() -> None:
    """RFC 7636, appendix B."""
    assert hashed("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk") == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


@pytest.mark.attack("SR-077")
@pytest.mark.claim("C211")
async def test_every_type_of_app_must_send_a_challenge(stage: Stage) -> None:
    for app in (stage.c1, stage.c2, stage.p1, stage.s1):
        assert (await stage.asked(app)).app_id == app.app.id
        for challenge in (None, ""):
            back = await stage.sent_back(app, code_challenge=challenge, code_challenge_method=None)
            assert back == {"error": "invalid_request", "state": STATE}


@pytest.mark.attack("SR-080")
@pytest.mark.parametrize(
    ("challenge", "methods"),
    [
        ("c" * 42, ()),
        ("c" * 43, ("S256", "plain")),
        ("c" * 44, ("plain",)),
        ("c" * 128, ("plain",)),
        ("c" * 129, ()),
        ("c" * 42 + "+", ()),
        ("c" * 42 + "/", ()),
        ("c" * 42 + "=", ()),
        ("c" * 42 + " ", ()),
        ("c" * 42 + "\0", ()),
        ("c" * 42 + "\u0661", ()),
        ("c" * 42 + "~", ("plain",)),
        ("challenge", ()),
    ],
)
async def test_only_challenges_of_the_right_form_are_taken(
    stage: Stage, challenge: str, methods: tuple[str, ...]
) -> None:
    for method in ("S256", "plain"):
        if method in methods:
            await stage.asked(stage.c1, code_challenge=challenge, code_challenge_method=method)
        else:
            back = await stage.sent_back(stage.c1, code_challenge=challenge, code_challenge_method=method)
            assert back == {"error": "invalid_request", "state": STATE}


@pytest.mark.parametrize("method", ["s256", "S256", "plain", "PLAIN", None])
async def test_methods_are_named_without_case(stage: Stage, method: str | None) -> None:
    await stage.asked(stage.c1, code_challenge_method=method)


@pytest.mark.parametrize("method", ["S512", "none", "sha256", " S256"])
async def test_other_methods_are_an_error(stage: Stage, method: str) -> None:
    back = await stage.sent_back(stage.c1, code_challenge_method=method)
    assert back == {"error": "invalid_request", "state": STATE}


async def test_two_methods_or_challenges_are_an_error(stage: Stage) -> None:
    for added in (b"&code_challenge_method=S256", b"&code_challenge=" + CHALLENGE.encode()):
        redirect = await stage.begin(stage.query(stage.c1) + added)
        assert "error=invalid_request" in redirect.url  # type: ignore[union-attr]


@pytest.mark.attack("SR-078")
async def test_a_missing_method_means_plain_and_nothing_else(stage: Stage) -> None:
    code = await stage.code(stage.c1, code_challenge_method=None)
    assert (await stage.exchange(stage.c1, code, code_verifier=VERIFIER)).status == 400  # its S256 preimage
    assert (await stage.exchange(stage.c1, code, code_verifier=CHALLENGE)).status == 200


@pytest.mark.attack("SR-078")
async def test_a_challenge_of_s256_is_never_compared_as_it_is(stage: Stage) -> None:
    code = await stage.code(stage.c1)
    assert (await stage.exchange(stage.c1, code, code_verifier=CHALLENGE)).status == 400
    assert (await stage.exchange(stage.c1, code, code_verifier=VERIFIER)).status == 200


@pytest.mark.attack("SR-081")
async def test_plain_can_be_switched_off_for_an_app(stage: Stage) -> None:
    await stage.asked(stage.c1, code_challenge=PLAIN, code_challenge_method="plain")
    how = Authentication(level=Level.READ, oauth2=True, type="web", pkce_plain=False)
    await stage.db.write(edit_authentication, stage.cast.dev.id, stage.c1.app.id, how)
    for method in ("plain", None):
        back = await stage.sent_back(stage.c1, code_challenge=PLAIN, code_challenge_method=method)
        assert back == {"error": "invalid_request", "state": STATE}
    await stage.asked(stage.c1)


@pytest.mark.attack("SR-081", "SR-306")
async def test_plain_can_be_switched_off_for_the_installation(
    db: HeldDatabase, cast: People, settings: Settings
) -> None:
    assert metadata(settings)["code_challenge_methods_supported"] == ["S256", "plain"]
    safe = msgspec.structs.replace(settings, pkce_plain=False)
    stage = await stage_of(db, cast, safe)
    back = await stage.sent_back(stage.c1, code_challenge=PLAIN, code_challenge_method="plain")
    assert back == {"error": "invalid_request", "state": STATE}
    assert metadata(safe)["code_challenge_methods_supported"] == ["S256"]


@pytest.mark.attack("SR-086")
async def test_no_verifier_stands_in_the_database(stage: Stage) -> None:
    code = await stage.code(stage.c1, code_challenge=PLAIN, code_challenge_method="plain")
    kept = await stage.db.one(_CHALLENGE)
    assert kept == hashed(PLAIN) != PLAIN
    assert (await stage.exchange(stage.c1, code, code_verifier=hashed(PLAIN))).status == 400
    assert (await stage.exchange(stage.c1, code, code_verifier=PLAIN)).status == 200
