"""A request that was changed on its way, or signed with the wrong secrets, is nobody's. Each test sends the honest request first."""

import base64
import re
from collections.abc import Callable
from urllib.parse import quote, unquote

import msgspec
import pytest
from sqlalchemy import func, select

from tests.oauth.oauth1.stage import FORM, HOST, ME, App, Pair, Sent, Stage, error
from volary.db import statement
from volary.kit.secrets import mint_alphanumeric
from volary.oauth.models import request_tokens
from volary.oauth.oauth1.errors import BadData, NotAuthenticated

STATUS = "/1.1/statuses/update.json"
REQUEST_TOKENS = statement(select(func.count()).select_from(request_tokens), int)


async def refused(stage: Stage, sent: Sent) -> str:
    """The API call is refused with 401 and code 32; what the log is told."""
    with pytest.raises(NotAuthenticated) as caught:
        await stage.caller(sent)
    assert (caught.value.status, caught.value.code) == (401, 32)
    assert str(caught.value) == "Could not authenticate you."
    return caught.value.why


def with_other_signature(sent: Sent) -> Sent:
    """One base64 character of the signature changed."""
    found = re.search(r'oauth_signature="(.)', sent.authorization)
    assert found
    other = "A" if found[1] != "A" else "B"
    changed = sent.authorization.replace(found[0], f'oauth_signature="{other}')
    return sent.changed(headers={**sent.headers, "Authorization": changed})


@pytest.mark.attack("SR-040")
async def test_a_changed_signature_at_an_operation(stage: Stage, ann_rw1: Pair) -> None:
    def sent() -> Sent:
        return stage.signed(stage.rw1, ann_rw1, "GET", ME)

    assert (await stage.caller(sent())).username == "ann"
    assert await refused(stage, with_other_signature(sent())) == "the signature is wrong"


def spelled(sent: Sent, change: Callable[[str], str]) -> Sent:
    """The signature written in another way."""
    found = re.search(r'oauth_signature="([^"]*)"', sent.authorization)
    assert found
    changed = sent.authorization.replace(found[0], f'oauth_signature="{quote(change(unquote(found[1])), safe="")}"')
    return sent.changed(headers={**sent.headers, "Authorization": changed})


SPELLINGS: list[Callable[[str], str]] = [
    *(lambda text, at=at: text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :] for at in range(28)),
    # The last letter before the = carries two bits that mean nothing: other texts give the same bytes.
    *(lambda text, more=more: text[:26] + chr(ord(text[26]) + more) + "=" for more in (1, 2, 3)),
    lambda text: text.rstrip("="),
    lambda text: text + "=",
    lambda text: text + "\n",
    lambda text: " " + text,
    lambda text: text.swapcase(),
    lambda text: text[:-1],
    lambda text: text + "A",
    lambda text: text * 2,
    lambda text: text.replace("=", "%3D"),
    lambda text: base64.b64decode(text).hex(),
    lambda text: "AAAAAAAAAAAAAAAAAAAAAAAAAAA=",
    lambda text: "\0" * 28,
    lambda text: "\N{LEMON}" * 7,
    lambda text: "x" * 5_000,
]


@pytest.mark.attack("SR-040")
async def test_only_one_spelling_of_a_signature_passes(stage: Stage, ann_rw1: Pair) -> None:
    for change in SPELLINGS:
        sent = stage.signed(stage.rw1, ann_rw1, "GET", ME)
        if spelled(sent, change).authorization != sent.authorization:
            assert await refused(stage, spelled(sent, change)) == "the signature is wrong"
    sent = stage.signed(stage.rw1, ann_rw1, "GET", ME)
    assert (await stage.caller(spelled(sent, str))).username == "ann"


@pytest.mark.attack("SR-040")
async def test_a_signature_fits_no_other_request(stage: Stage, ann_rw1: Pair) -> None:
    one, other = (stage.signed(stage.rw1, ann_rw1, "GET", ME) for _ in range(2))
    taken = re.search(r'oauth_signature="([^"]*)"', one.authorization)
    assert taken
    assert await refused(stage, spelled(other, lambda _: unquote(taken[1]))) == "the signature is wrong"
    assert (await stage.caller(other)).username == "ann"


@pytest.mark.attack("SR-040")
async def test_a_changed_signature_at_the_first_leg(stage: Stage) -> None:
    assert (await stage.door(stage.asking(stage.rw1))).status == 200
    before = await stage.db.one(REQUEST_TOKENS)
    answer = await stage.door(with_other_signature(stage.asking(stage.rw1)))
    assert error(answer) == (401, 32)
    assert await stage.db.one(REQUEST_TOKENS) == before == 1


@pytest.mark.attack("SR-040")
async def test_a_changed_signature_at_the_third_leg_consumes_nothing(stage: Stage) -> None:
    asked = await stage.request_token(stage.rw1)
    verifier = await stage.approve(asked.token, stage.people.ann.id)
    for _ in range(6):
        answer = await stage.door(with_other_signature(stage.exchanging(stage.rw1, asked, verifier)))
        assert error(answer) == (401, 32)
    assert (await stage.door(stage.exchanging(stage.rw1, asked, verifier))).status == 200


@pytest.mark.attack("SR-040")
async def test_a_changed_signature_at_the_way_out_ends_nothing(stage: Stage, ann_rw1: Pair) -> None:
    def sent() -> Sent:
        return stage.signed(stage.rw1, ann_rw1, "POST", "/1.1/oauth/invalidate_token")

    assert error(await stage.door(with_other_signature(sent()))) == (401, 32)
    assert (await stage.caller(stage.signed(stage.rw1, ann_rw1, "GET", ME))).username == "ann"
    assert (await stage.door(sent())).status == 200


@pytest.mark.attack("SR-043")
@pytest.mark.parametrize(
    "tampered",
    [
        lambda sent: sent.changed(body="status=b"),
        lambda sent: sent.changed(body=sent.body + "&x=1"),
        lambda sent: sent.changed(body=""),
        lambda sent: sent.changed(url=sent.url + "&x=1"),
        lambda sent: sent.changed(url=sent.url.replace("trim_user=1", "trim_user=0")),
        lambda sent: sent.changed(url=sent.url.replace("trim_user=1", "trim_user=1&trim_user=1")),
        lambda sent: sent.changed(url=sent.url.replace("/update.json", "/update.JSON")),
        lambda sent: sent.changed(url=sent.url.replace("/update.json", "/update%2Ejson")),
        lambda sent: sent.changed(method="PUT"),
        lambda sent: sent.changed(headers={**sent.headers, "Content-Type": "text/plain"}),
        lambda sent: sent.changed(headers={**sent.headers, "Content-Type": "multipart/form-data; boundary=x"}),
    ],
)
async def test_what_was_not_signed_is_refused(stage: Stage, ann_rw1: Pair, tampered: Callable[[Sent], Sent]) -> None:
    def sent() -> Sent:
        path = STATUS + "?trim_user=1"
        return stage.signed(stage.rw1, ann_rw1, "POST", path, body="status=a", headers=FORM)

    assert (await stage.caller(sent())).username == "ann"
    assert await refused(stage, tampered(sent())) == "the signature is wrong"


@pytest.mark.attack("SR-043")
async def test_a_form_that_was_left_out_of_the_signature(stage: Stage, ann_rw1: Pair) -> None:
    without = stage.signed(stage.rw1, ann_rw1, "POST", STATUS)
    assert (await stage.caller(without)).username == "ann"
    sent = stage.signed(stage.rw1, ann_rw1, "POST", STATUS)
    await refused(stage, sent.changed(body="status=x", headers={**sent.headers, **FORM}))


@pytest.mark.attack("SR-043")
async def test_a_second_content_type_does_not_hide_the_form(stage: Stage, ann_rw1: Pair) -> None:
    sent = stage.signed(stage.rw1, ann_rw1, "POST", STATUS, headers={"Content-Type": "text/plain"})
    second = ((b"content-type", b"application/x-www-form-urlencoded"),)
    with pytest.raises(BadData, match="Bad Authentication data"):
        await stage.caller(sent.changed(body="status=x"), extra=second)


@pytest.mark.attack("SR-043")
async def test_the_names_of_the_content_type_are_read_as_http_reads_them(stage: Stage, ann_rw1: Pair) -> None:
    """Case and parameters do not turn a form into something that need not be signed."""
    for kind in ("Application/X-WWW-Form-URLEncoded", "application/x-www-form-urlencoded;charset=UTF-8"):
        sent = stage.signed(stage.rw1, ann_rw1, "POST", STATUS, body="status=a", headers=FORM)
        assert (await stage.caller(sent.changed(headers={**sent.headers, "Content-Type": kind}))).username == "ann"
        sent = stage.signed(stage.rw1, ann_rw1, "POST", STATUS, body="status=a", headers=FORM)
        await refused(stage, sent.changed(body="status=b", headers={**sent.headers, "Content-Type": kind}))


@pytest.mark.attack("SR-043")
@pytest.mark.parametrize(
    "kind",
    ["application/x-www-form-urlencoded-no", "application/x-www-form-urlencoded,text/plain", "text/plain", "", "*/*"],
)
async def test_a_form_by_half_is_no_form_to_anybody(stage: Stage, ann_rw1: Pair, kind: str) -> None:
    """Operations read forms with the same property that signatures do: what was not signed is not read."""
    sent = stage.signed(stage.rw1, ann_rw1, "POST", STATUS)
    smuggled = sent.changed(body="status=x", headers={**sent.headers, "Content-Type": kind})
    assert (await stage.caller(smuggled)).username == "ann"
    assert stage.arrived(smuggled).form == b""
    assert stage.arrived(sent.changed(body="status=x", headers={**sent.headers, **FORM})).form == b"status=x"


async def test_a_body_hash_must_be_that_of_the_body(stage: Stage, ann_rw1: Pair) -> None:
    """oauthlib and Authlib sign a digest of bodies that are no form (X facts 1.6)."""

    def sent() -> Sent:
        json = {"Content-Type": "application/json"}
        return stage.signed(stage.rw1, ann_rw1, "POST", "/2/tweets", body='{"text":"a"}', headers=json)

    assert "oauth_body_hash" in sent().authorization
    assert (await stage.caller(sent())).username == "ann"
    assert await refused(stage, sent().changed(body='{"text":"b"}')) == "oauth_body_hash is not that of the body"


@pytest.mark.attack("SR-045")
async def test_the_address_that_is_signed_is_our_own(stage: Stage, ann_rw1: Pair) -> None:
    assert (await stage.caller(stage.signed(stage.rw1, ann_rw1, "GET", ME))).username == "ann"
    for origin in ("http://evil.example", "https://localhost:8000", "http://localhost", "http://localhost:8001"):
        elsewhere = stage.signed(stage.rw1, ann_rw1, "GET", ME, origin=origin)
        assert await refused(stage, elsewhere) == "the signature is wrong"
        forwarded = ((b"x-forwarded-host", origin.encode().partition(b"//")[2]), (b"x-forwarded-proto", b"https"))
        elsewhere = stage.signed(stage.rw1, ann_rw1, "GET", ME, origin=origin)
        with pytest.raises(NotAuthenticated):
            await stage.caller(elsewhere, host="localhost:8000", extra=forwarded)


@pytest.mark.attack("SR-052")
@pytest.mark.parametrize(
    "method", ["PLAINTEXT", "RSA-SHA1", "none", "", "hmac-sha1", "HMAC-SHA512", "HMAC_SHA1", "sha1"]
)
async def test_only_the_two_methods_are_taken(stage: Stage, ann_rw1: Pair, method: str) -> None:
    for taken in ("HMAC-SHA1", "HMAC-SHA256"):
        sent = stage.signed(stage.rw1, ann_rw1, "GET", ME, signature_method=taken)
        assert (await stage.caller(sent)).username == "ann"
    sent = stage.signed(stage.rw1, ann_rw1, "GET", ME)
    header = sent.authorization.replace('"HMAC-SHA1"', f'"{method}"')
    header = re.sub(r'oauth_signature="[^"]*"', f'oauth_signature="{stage.rw1.secret}%26{ann_rw1.secret}"', header)
    why = await refused(stage, sent.changed(headers={"Authorization": header}))
    assert why == "the signature method or the version is not one that is taken"


@pytest.mark.attack("SR-052")
async def test_a_signature_of_one_method_is_none_of_the_other(stage: Stage, ann_rw1: Pair) -> None:
    sent = stage.signed(stage.rw1, ann_rw1, "GET", ME, signature_method="HMAC-SHA256")
    changed = sent.authorization.replace("HMAC-SHA256", "HMAC-SHA1")
    await refused(stage, sent.changed(headers={"Authorization": changed}))


@pytest.mark.attack("SR-053")
async def test_a_signature_needs_both_secrets_and_the_right_ones(stage: Stage, ann_rw1: Pair) -> None:
    assert (await stage.caller(stage.signed(stage.rw1, ann_rw1, "GET", ME))).username == "ann"

    def app(secret: str) -> App:
        return msgspec.structs.replace(stage.rw1, secret=secret)

    wrong = [
        (stage.rw1, Pair(ann_rw1.token, "")),
        (stage.rw1, Pair(ann_rw1.token, ann_rw1.secret.swapcase())),
        (stage.rw1, Pair(ann_rw1.token, mint_alphanumeric(45))),
        (app(""), ann_rw1),
        (app(stage.r1.secret), ann_rw1),
        (app(ann_rw1.secret), Pair(ann_rw1.token, stage.rw1.secret)),
        (app(""), Pair(ann_rw1.token, "")),
    ]
    for signer, pair in wrong:
        assert await refused(stage, stage.signed(signer, pair, "GET", ME)) == "the signature is wrong"


@pytest.mark.attack("SR-053")
async def test_another_app_cannot_use_the_token(stage: Stage, ann_rw1: Pair) -> None:
    sent = stage.signed(stage.rwd1, ann_rw1, "GET", ME)
    with pytest.raises(Exception, match="Invalid or expired token") as caught:
        await stage.caller(sent)
    assert caught.value.code == 89  # type: ignore[attr-defined]
    assert (await stage.caller(stage.signed(stage.rw1, ann_rw1, "GET", ME))).username == "ann"


async def test_a_request_token_is_no_access_token(stage: Stage) -> None:
    asked = await stage.request_token(stage.rw1)
    await stage.approve(asked.token, stage.people.ann.id)
    with pytest.raises(Exception, match="Invalid or expired token"):
        await stage.caller(stage.signed(stage.rw1, asked, "GET", ME))


async def test_secrets_do_not_stand_in_error_answers(stage: Stage, ann_rw1: Pair) -> None:
    sent = stage.signed(stage.rw1, ann_rw1, "POST", "/1.1/oauth/invalidate_token")
    answer = await stage.door(with_other_signature(sent))
    for secret in (stage.rw1.secret, ann_rw1.secret, ann_rw1.token, HOST):
        assert secret.encode() not in answer.body
