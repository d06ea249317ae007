"""Requests that are not well formed, or not of this moment: a table with the exact answer for each."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.oauth.oauth1.stage import CALLBACK, FORM, ME, Pair, Sent, Stage, error
from volary.kit.errors import Refusal
from volary.oauth.oauth1.errors import BadData, NotAuthenticated, WrongTime

REQUIRED = (
    "oauth_consumer_key",
    "oauth_nonce",
    "oauth_signature",
    "oauth_signature_method",
    "oauth_timestamp",
    "oauth_token",
)


def replaced(sent: Sent, name: str, value: str | None) -> Sent:
    """A header parameter with another value, or without it; the signature stays."""
    pattern = rf'{name}="[^"]*"(, )?'
    assert re.search(pattern, sent.authorization)
    with_it = "" if value is None else f'{name}="{value}", '
    changed = re.sub(pattern, with_it, sent.authorization).removesuffix(", ")
    return sent.changed(headers={**sent.headers, "Authorization": changed})


async def answer(stage: Stage, sent: Sent, **arriving: object) -> tuple[int, int, str]:
    with pytest.raises(Refusal) as caught:
        await stage.caller(sent, **arriving)
    refusal = caught.value
    assert isinstance(refusal, BadData | NotAuthenticated | WrongTime), refusal
    return refusal.status, refusal.code, refusal.why


@pytest.mark.attack("SR-041")
@pytest.mark.parametrize("name", REQUIRED)
async def test_a_parameter_that_is_missing(stage: Stage, ann_rw1: Pair, name: str) -> None:
    sent = stage.signed(stage.rw1, ann_rw1, "GET", ME)
    status, code, _ = await answer(stage, replaced(sent, name, None))
    assert (status, code) == (400, 215)
    assert (await stage.caller(sent)).username == "ann"


@pytest.mark.attack("SR-041", "SR-047")
@pytest.mark.parametrize(
    "name, status, code",
    [
        ("oauth_consumer_key", 400, 215),
        ("oauth_nonce", 400, 215),
        ("oauth_signature", 400, 215),
        ("oauth_signature_method", 401, 32),
        ("oauth_timestamp", 401, 135),
        ("oauth_token", 400, 215),
    ],
)
async def test_a_parameter_that_is_empty(stage: Stage, ann_rw1: Pair, name: str, status: int, code: int) -> None:
    sent = stage.signed(stage.rw1, ann_rw1, "GET", ME)
    assert (await answer(stage, replaced(sent, name, "")))[:2] == (status, code)
    assert (await stage.caller(sent)).username == "ann"


@pytest.mark.attack("SR-041")
@pytest.mark.parametrize("name", REQUIRED)
async def test_the_doors_refuse_the_same(stage: Stage, ann_rw1: Pair, name: str) -> None:
    sent = stage.signed(stage.rw1, ann_rw1, "POST", "/1.1/oauth/invalidate_token")
    assert error(await stage.door(replaced(sent, name, None))) == (400, 215)
    assert (await stage.door(sent)).status == 200


@pytest.mark.attack("SR-042")
@pytest.mark.parametrize("name", REQUIRED)
@pytest.mark.parametrize("place", ["query", "form", "header"])
async def test_a_parameter_that_is_there_twice(stage: Stage, ann_rw1: Pair, name: str, place: str) -> None:
    sent = stage.signed(stage.rw1, ann_rw1, "POST", ME)
    found = re.search(rf'{name}="([^"]*)"', sent.authorization)
    assert found
    if place == "query":
        twice = sent.changed(url=f"{sent.url}?{name}={found[1]}")
    elif place == "form":
        twice = sent.changed(body=f"{name}={found[1]}", headers={**sent.headers, **FORM})
    else:
        twice = sent.changed(headers={"Authorization": f"{sent.authorization}, {found[0]}"})
    assert (await answer(stage, twice))[:2] == (400, 215)
    assert (await stage.caller(sent)).username == "ann"


DOORS = ("/oauth/request_token", "/oauth/access_token", "/1.1/oauth/invalidate_token")


@pytest.mark.attack("SR-041", "SR-042")
@pytest.mark.parametrize("path", DOORS)
@pytest.mark.parametrize("name", [name for name in REQUIRED if name != "oauth_token"])
async def test_each_door_refuses_what_is_missing_empty_or_there_twice(
    stage: Stage, ann_rw1: Pair, path: str, name: str
) -> None:
    first = path == DOORS[0]
    options: dict[str, Any] = {"callback_uri": CALLBACK} if first else {}

    def honest() -> Sent:
        return stage.signed(stage.rw1, None if first else ann_rw1, "POST", path, **options)

    found = re.search(rf'{name}="([^"]*)"', honest().authorization)
    assert found
    value = found[1]
    for sent in (
        replaced(honest(), name, None),
        replaced(honest(), name, ""),
        honest().changed(url=f"{honest().url}?{name}={value}"),
        honest().changed(body=f"{name}={value}", headers={**honest().headers, **FORM}),
        replaced(honest(), name, f'{value}", {name}="{value}'),
    ):
        answer = await stage.door(sent)
        assert answer.status in {400, 401}
        assert error(answer)[1] in {215, 32, 135}
    if path != DOORS[1]:  # the token is no request token, so this one has no honest answer here
        assert (await stage.door(honest())).status == 200


@pytest.mark.attack("SR-118")
async def test_two_authorization_headers(stage: Stage, ann_rw1: Pair) -> None:
    sent = stage.signed(stage.rw1, ann_rw1, "GET", ME)
    extra = ((b"authorization", sent.authorization.encode()),)
    assert await answer(stage, sent, extra=extra) == (400, 215, "two Authorization headers")
    assert (await stage.caller(sent)).username == "ann"


@pytest.mark.attack("SR-047")
@pytest.mark.parametrize(
    "timestamp",
    [
        "0",
        "-1",
        "1000000000",
        "1" + "0" * 30,
        "1" + "0" * 5000,
        "abc",
        "1e9",
        "1.5",
        " 1",
        "+1",
        "٣",
        "0x10",
        "",
        "1_0",
    ],
    ids=lambda text: ascii(text)[:20],
)
async def test_a_timestamp_that_is_no_moment_of_now(stage: Stage, ann_rw1: Pair, timestamp: str) -> None:
    assert (await stage.caller(stage.signed(stage.rw1, ann_rw1, "GET", ME))).username == "ann"
    sent = stage.signed(stage.rw1, ann_rw1, "GET", ME, timestamp=timestamp or "1")
    if not timestamp:
        sent = replaced(sent, "oauth_timestamp", "")
    assert (await answer(stage, sent))[:2] == (401, 135)


@pytest.mark.attack("SR-047")
@pytest.mark.parametrize(
    "offset, taken", [(-601, False), (-301, False), (-300, True), (0, True), (300, True), (301, False), (601, False)]
)
async def test_the_edges_of_the_window(stage: Stage, ann_rw1: Pair, offset: int, taken: bool) -> None:
    # The file of nonces takes nothing from before its beginning, so it begins an hour ago.
    stage.db.clock.advance(3600_000)
    sent = stage.signed(stage.rw1, ann_rw1, "GET", ME, timestamp=str(stage.db.now // 1000 + offset))
    if taken:
        assert (await stage.caller(sent)).username == "ann"
    else:
        assert (await answer(stage, sent))[:2] == (401, 135)


async def test_a_version_must_be_1_0_where_it_is_there(stage: Stage, ann_rw1: Pair) -> None:
    sent = stage.signed(stage.rw1, ann_rw1, "GET", ME)
    for version in ("2.0", "1.0a", "", "1"):
        assert (await answer(stage, replaced(sent, "oauth_version", version)))[:2] == (401, 32)
    assert (await stage.caller(sent)).username == "ann"


@pytest.mark.parametrize(
    "tampered",
    [
        lambda sent: sent.changed(headers={}),
        lambda sent: sent.changed(headers={"Authorization": "OAuth " + "x" * 1000}),
        lambda sent: sent.changed(headers={"Authorization": "Bearer abc"}),
        lambda sent: replaced(sent, "oauth_nonce", "%zz"),
        lambda sent: sent.changed(url=sent.url + "?q=100%"),
    ],
)
async def test_what_cannot_be_read(stage: Stage, ann_rw1: Pair, tampered: Callable[[Sent], Sent]) -> None:
    assert (await answer(stage, tampered(stage.signed(stage.rw1, ann_rw1, "GET", ME))))[:2] == (400, 215)


@pytest.mark.attack("SR-120")
async def test_an_unknown_key_is_told_like_a_wrong_signature(stage: Stage, ann_rw1: Pair) -> None:
    sent = stage.signed(stage.rw1, ann_rw1, "GET", ME)
    for key in ("x" * 25, stage.rw1.key.swapcase(), "%00", "%27%20or%201%3D1", "%F0%9F%8D%8B", "k" * 5000):
        status, code, why = await answer(stage, replaced(sent, "oauth_consumer_key", key))
        assert (status, code, why) == (401, 32, "the consumer key is unknown")
    assert (await stage.caller(sent)).username == "ann"


@pytest.mark.parametrize("token", ["1-x", "%00", "%27", "-", "t" * 5000, "%F0%9F%8D%8B"])
async def test_an_unknown_token_is_told_to_be_invalid(stage: Stage, ann_rw1: Pair, token: str) -> None:
    sent = replaced(stage.signed(stage.rw1, ann_rw1, "GET", ME), "oauth_token", token)
    with pytest.raises(Refusal, match="Invalid or expired token") as caught:
        await stage.caller(sent)
    assert caught.value.status == 401
