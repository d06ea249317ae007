"""What can be sent in a body or a query, and what happens to everything else: a clear 4xx, quickly, and nothing stored."""

import json
from collections.abc import Iterator, MutableMapping
from typing import Any, get_args, get_type_hints

import msgspec
import pytest

from tests.server.calls import ASK, JSON, V1, V2, Ask, caller_of, of
from tests.server.house import Bearer, Got, House, asked
from volary.api.query import NoQuery

WITH_BODY = [name for name in V2 if of(name).body is not None]
V1_WITH_BODY = [name for name in V1 if of(name).body is not None]
WITH_TEXT = [name for name in WITH_BODY if "text" in get_type_hints(of(name).body)]
PROBLEM = "application/problem+json; charset=utf-8"

# Any of these in any place of any body. None may hurt; most are wrong.
ODD: list[Any] = [
    None, True, False, 0, 1, -1, 1.5, 1e300, 10**40, "", " ", "x", [], [1], [None], [[[]]], {}, {"a": {}}, {"": None},
    "\u0000", "a\u0000b", "\u202e", "\ufeff", "'; DROP TABLE posts; --", "1 OR 1=1", "../../etc/passwd", "%00", "{{7*7}}",
    "-1", "1e3", " 1", "１２", "1" * 20, "9223372036854775807", "9223372036854775808", "18446744073709551616", "x" * 60_000,
    [{}] * 1000, ["1"] * 1000, "<script>alert(1)</script>",
]  # fmt: skip


async def send(house: House, name: str, who: Bearer, body: bytes, kind: str = JSON, **more: Any) -> Got:
    target = (await ASK[name](house)).target
    return await house.send(of(name).method, target, who, body=body, kind=kind, **more)


async def honest(house: House, name: str) -> dict[str, Any]:
    """A body that would be taken."""
    found: dict[str, Any] = json.loads((await ASK[name](house)).body)
    return found


def assert_clear(got: Got, allowed: set[int]) -> None:
    assert got.status in allowed, (got.status, got.body)
    if got.status >= 400:
        assert got.header("content-type") == PROBLEM
        assert got.json["status"] == got.status
        assert got.json["title"]
        assert len(got.body) < 3_000


def places(shape: Any) -> Iterator[tuple[str, ...]]:
    """The path of every field of a body, those of its parts too."""
    for name, hint in get_type_hints(shape).items():
        yield (name,)
        for part in (hint, *get_args(hint)):
            if isinstance(part, type) and issubclass(part, msgspec.Struct):
                yield from ((name, *inner) for inner in places(part))


def with_value(body: dict[str, Any], place: tuple[str, ...], value: object) -> dict[str, Any]:
    """A body in which one place holds another value; the rest of it stays honest."""
    if len(place) == 1:
        return body | {place[0]: value}
    inner = body.get(place[0], {"in_reply_to_tweet_id": "1"})
    if isinstance(inner, list):
        return body | {place[0]: [with_value(inner[0], place[1:], value), *inner[1:]]}
    return body | {place[0]: with_value(inner, place[1:], value)}


# ---------------------------------------------------------------------------------------------------------- every field


@pytest.mark.attack("SR-245", "SR-246", "SR-275", "SR-277")
@pytest.mark.parametrize("name", WITH_BODY)
async def test_every_field_takes_every_odd_value_calmly(each_house: House, name: str) -> None:
    who = await each_house.bearer(each_house.cast.ann)
    found: set[int] = set()
    for place in places(of(name).body):
        for value in ODD:
            body = json.dumps(with_value(await honest(each_house, name), place, value)).encode()
            got = await send(each_house, name, who, body)
            assert_clear(got, {of(name).status, 400, 403, 404, 413, 501})
            found.add(got.status)
    assert 400 in found
    assert found & {of(name).status, 404}, "nothing ever fitted"


@pytest.mark.attack("SR-245")
@pytest.mark.parametrize("name", WITH_TEXT)
async def test_texts_that_are_none_are_refused_or_come_back_as_they_went(each_house: House, name: str) -> None:
    who = await each_house.bearer(each_house.cast.ann)
    for text in (
        rb'"\ud800"',
        rb'"\udfff\ud800"',
        b'"\xff\xfe"',
        b'"\xed\xa0\x80"',
        b'"a\x00b"',
        rb'"\ud83d"',
        b'"\x1f"',
    ):
        got = await send(each_house, name, who, b'{"text": ' + text + b"}")
        assert_clear(got, {400})
    got = await send(each_house, name, who, rb'{"text": "\ud83d\udc26 caf\u00e9 ' + name[-3:].encode() + b'"}')
    assert got.status == 201
    if name == "POST /2/tweets":
        assert got.json["data"]["text"] == "🐦 café " + name[-3:]
        read = await each_house.get(f"/2/tweets/{got.json['data']['id']}", who)
        assert read.json["data"]["text"] == "🐦 café " + name[-3:]


SETTINGS = "$.reply_settings: Invalid enum value 'all'"

# ------------------------------------------------------------------------------------------------------------ whole bodies

BROKEN = [
    b"", b"{", b"}", b"[]", b"[1]", b"null", b"1", b'"text"', b"true", b"{]", b'{"text"}', b'{"text":}', b"{'text': 'x'}",
    b'{"text": "x"', b'{"text": "x"} {"text": "y"}', b'{"text": NaN}', b'{"text": "x",}', b"\xef\xbb\xbf{}", b"\x00", b"\xff",
    '{"text": "x"}'.encode("utf-16"), b"text=x", b"<text>x</text>",
]  # fmt: skip


@pytest.mark.attack("SR-246")
@pytest.mark.parametrize("name", WITH_BODY)
async def test_what_is_no_object_is_refused_and_stores_nothing(house: House, name: str) -> None:
    who = await house.bearer(house.cast.ann)
    target = (await ASK[name](house)).target
    before = house.rows()
    for body in BROKEN:
        got = await house.send(of(name).method, target, who, body=body, kind=JSON)
        assert_clear(got, {400})
        assert got.json["type"].endswith("/invalid-request")
    assert house.rows() == before


@pytest.mark.attack("SR-242")
@pytest.mark.parametrize("name", WITH_BODY)
async def test_deep_nesting_is_refused_at_once(house: House, name: str) -> None:
    who = await house.bearer(house.cast.ann)
    target = (await ASK[name](house)).target
    for body in (
        b"[" * 30_000,
        b'{"a":' * 10_000,
        b'{"text": ' + b"[" * 30_000 + b"]" * 30_000 + b"}",
        b'{"media": ' + b"[" * 30_000 + b"]" * 30_000 + b"}",
        b'{"reply": ' + b'{"reply":' * 5_000 + b"1" + b"}" * 5_000 + b"}",
        b'{"attachments": ' + b"[" * 30_000 + b"}",
    ):
        got = await house.send(of(name).method, target, who, body=body, kind=JSON)
        assert_clear(got, {400, 501})
    for body in (b"[" * 100_000, b"[" * 1_000_000):
        assert (await house.send(of(name).method, target, who, body=body, kind=JSON)).status == 413


@pytest.mark.parametrize("name", WITH_BODY)
async def test_an_unknown_property_is_named(house: House, name: str) -> None:
    body = json.dumps(await honest(house, name) | {"txt": 1}).encode()
    got = await send(house, name, await house.bearer(house.cast.ann), body)
    assert got.status == 400
    assert got.json == {
        "errors": [{"parameters": {"txt": []}, "message": "$.txt: there is no such property, and none may be added"}],
        "title": "Invalid Request",
        "detail": "One or more parameters to your request was invalid.",
        "type": "https://api.twitter.com/2/problems/invalid-request",
        "status": 400,
    }


async def test_a_wrong_type_is_named_with_its_place(house: House) -> None:
    who = await house.bearer(house.cast.ann)
    for body, place, said in [
        ({"text": 1}, "text", "$.text: Expected str | null, got int"),
        (
            {"reply": {"in_reply_to_tweet_id": 5}},
            "reply.in_reply_to_tweet_id",
            "$.reply.in_reply_to_tweet_id: Expected str, got int",
        ),
        ({"text": "x", "reply": {}}, "reply", "$.reply: Object missing required field in_reply_to_tweet_id"),
        ({"text": "x", "quote_tweet_id": "abc"}, "quote_tweet_id", "$.quote_tweet_id: does not match ^[0-9]{1,19}$"),
        (
            {"text": "x", "reply_settings": "all"},
            "reply_settings",
            "$.reply_settings: Invalid enum value 'all'",
        ),
    ]:
        got = await house.json("POST", "/2/tweets", who, body)
        assert got.status == 400
        (error,) = got.json["errors"]
        assert (list(error["parameters"]), error["message"]) == ([place], said)


# ----------------------------------------------------------------------------------------------------- size, time, kind


@pytest.mark.attack("SR-243", "SR-249")
@pytest.mark.parametrize("name", ["POST /2/tweets", "DELETE /2/tweets/{id}", "POST /1.1/statuses/update.json"])
async def test_too_much_is_refused_before_it_is_read(house: House, name: str) -> None:
    target = (await ASK[name](house)).target
    limit = of(name).body_limit
    pulled = 0

    async def receive() -> dict[str, Any]:
        nonlocal pulled
        pulled += 1
        return {"type": "http.request", "body": b"x" * 10_000, "more_body": True}

    for declared in (str(limit + 1), "5000000000", "9" * 40):
        got = await house.send(
            of(name).method, target, headers=[("content-length", declared), ("expect", "100-continue")]
        )
        assert got.status == 413
    sent: list[MutableMapping[str, Any]] = []

    async def send_back(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    scope = {
        "type": "http", "method": of(name).method, "path": target, "raw_path": target.encode(), "query_string": b"",
        "headers": [(b"host", b"localhost:8000"), (b"transfer-encoding", b"chunked")], "client": ("192.0.2.1", 1),
    }  # fmt: skip
    await house.application(scope, receive, send_back)
    assert sent[0]["status"] == 413
    assert pulled <= limit // 10_000 + 1


@pytest.mark.attack("SR-243")
async def test_doors_of_credentials_take_16_kilobytes(house: House) -> None:
    for target in (
        "/2/oauth2/token",
        "/2/oauth2/revoke",
        "/oauth2/token",
        "/oauth/request_token",
        "/oauth/access_token",
    ):
        got = await house.send("POST", target, body=b"a" * 16_385, kind="application/x-www-form-urlencoded")
        assert got.status == 413, target


async def test_a_body_may_come_in_pieces(house: House) -> None:
    who = await house.bearer(house.cast.ann)
    headers = [("host", "localhost:8000"), ("content-type", JSON), *who.headers("POST", "", b"", "", 0)]
    pieces = [b'{"te', b"", b'xt": "in pie', b'ces"}', b""]
    got = await asked(house.application, "POST", "/2/tweets", headers, pieces)
    assert got.json["data"]["text"] == "in pieces"


async def test_a_client_that_goes_away_changes_nothing(house: House) -> None:
    who = await house.bearer(house.cast.ann)
    before = house.rows()
    events: Iterator[dict[str, Any]] = iter(
        [{"type": "http.request", "body": b'{"text": "x"}', "more_body": True}, {"type": "http.disconnect"}]
    )
    sent: list[MutableMapping[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return next(events)

    async def send_back(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    headers = [(name.encode(), value.encode()) for name, value in who.headers("POST", "", b"", "", 0)]
    scope = {
        "type": "http", "method": "POST", "path": "/2/tweets", "raw_path": b"/2/tweets", "query_string": b"",
        "headers": [(b"host", b"localhost:8000"), (b"content-type", b"application/json"), *headers],
        "client": ("192.0.2.1", 1),
    }  # fmt: skip
    await house.application(scope, receive, send_back)
    assert sent[0]["status"] == 408
    assert house.rows() == before


@pytest.mark.parametrize("name", WITH_BODY)
async def test_a_body_is_json_and_says_so(house: House, name: str) -> None:
    who = await house.bearer(house.cast.ann)
    body = (await ASK[name](house)).body
    for kind in (
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/jsonp",
        "multipart/form-data",
        "json",
        ",",
    ):
        got = await send(house, name, who, body, kind)
        assert got.status == 400
        assert got.json["errors"][0]["message"] == "Requests with bodies must have content-type of application/json."
    for kind in (
        "application/json; charset=utf-8",
        "Application/JSON",
        "application/json;charset=UTF-8",
        " application/json ",
    ):
        fresh = (await ASK[name](house)).body
        assert (await send(house, name, who, fresh, kind)).status == of(name).status, kind


# ------------------------------------------------------------------------------------------------------------------ queries

ODD_TEXTS = [
    "", "x", "-1", "0", "01", "1e3", "10.0", "%00", "%ff", "%f0%9f%90%a6", "%EF%BC%91", "9" * 19, "9" * 20, "null", "true", "[]", "{}",
    "1,2", ",", ",,,", "a" * 5_000, "%27%20OR%201=1", "2020-13-01T00:00:00Z", "9999-12-31T23:59:59Z", "0000-00-00T00:00:00Z",
    "2020-01-01T00:00:00", "..%2f", "%0d%0aset-cookie:a=b", "+", "&&", "=", ";", "everyone", "replies,replies",
]  # fmt: skip


@pytest.mark.attack("SR-246", "SR-275", "SR-277", "SR-281", "SR-282")
@pytest.mark.parametrize("name", [name for name in V2 if of(name).method == "GET"])
async def test_every_parameter_takes_every_odd_text_calmly(each_house: House, name: str) -> None:
    who = await caller_of(each_house, name)
    base = (await ASK[name](each_house)).target.partition("?")[0]
    own = [one.encode_name for one in msgspec.structs.fields(of(name).query)]
    for parameter in (*own, "tweet.fields", "user.fields", "expansions", "dm_event.fields", "unknown"):
        for text in ODD_TEXTS:
            got = await each_house.get(f"{base}?{parameter}={text}", who)
            assert_clear(got, {200, 400, 404})
    if of(name).query is NoQuery:
        got = await each_house.get(f"{base}?max_results=10", who)
        assert (got.status, got.json["type"].rpartition("/")[2]) == (400, "invalid-request")


@pytest.mark.attack("SR-277")
@pytest.mark.parametrize("name", [name for name in V2 if "{" in name])
async def test_every_part_of_a_path_takes_every_odd_text_calmly(each_house: House, name: str) -> None:
    who = await each_house.bearer(each_house.cast.ann)
    path = of(name).path
    body = (await ASK[name](each_house)).body
    for text in (
        "x",
        "-1",
        "0",
        "01",
        "1e3",
        "%20",
        "１",
        "9" * 19,
        "9" * 20,
        "9223372036854775808",
        "me%00",
        "'",
        "%ff",
        "%F0%9F",
        "*",
    ):
        target = path[: path.index("{")] + text + path[path.index("}") + 1 :]
        got = await each_house.send(of(name).method, target, who, body=body, kind=JSON if body else "")
        if "%00" in target:
            assert (got.status, got.body) == (404, b"")
        else:
            assert_clear(got, {200, 400, 403, 404})


@pytest.mark.parametrize("name", V2)
async def test_an_unknown_parameter_is_refused_and_the_known_ones_are_named(house: House, name: str) -> None:
    asked_for: Ask = await ASK[name](house)
    joint = "&" if "?" in asked_for.target else "?"
    before = house.rows()
    got = await house.send(
        of(name).method,
        f"{asked_for.target}{joint}foo=bar",
        await caller_of(house, name),
        body=asked_for.body,
        kind=asked_for.kind,
    )
    assert (got.status, got.header("content-type")) == (400, PROBLEM)
    (error,) = got.json["errors"]
    assert error["parameters"] == {"foo": ["bar"]}
    known = error["message"].partition("is not one of [")[2].rstrip("]").split(",")
    assert set(known) >= {one.encode_name for one in msgspec.structs.fields(of(name).query)}
    assert house.rows()["posts"] == before["posts"]


@pytest.mark.parametrize("name", V1)
async def test_v1_1_passes_over_parameters_that_it_never_had(house: House, name: str) -> None:
    asked_for: Ask = await ASK[name](house)
    joint = "&" if "?" in asked_for.target else "?"
    got = await house.send(
        of(name).method,
        f"{asked_for.target}{joint}foo=bar&tweet_mode=extended",
        await house.signed(house.cast.ann),
        body=asked_for.body,
        kind=asked_for.kind,
    )
    assert got.status == of(name).status, got.body


@pytest.mark.attack("SR-259")
async def test_up_to_a_hundred_ids_and_each_once(house: House) -> None:
    who = await house.bearer(house.cast.ann)
    for ids, status in [
        ("1" + ",1" * 99, 200),
        (",".join(str(number) for number in range(1, 101)), 200),
        (",".join(str(number) for number in range(1, 102)), 400),
        (",,,", 400),
        ("", 400),
        ("1,", 400),
        ("1, 2", 400),
    ]:
        got = await house.get("/2/tweets?ids=" + ids.replace(" ", "%20"), who)
        assert got.status == status, (ids[:20], got.body[:200])
    got = await house.get("/2/tweets?ids=1" + ",1" * 99, who)
    assert len(got.json["errors"]) == 1


@pytest.mark.attack("SR-282")
async def test_ten_thousand_fields_are_no_work(house: House) -> None:
    who = await house.bearer(house.cast.ann)
    got = await house.get("/2/users/me?user.fields=" + "name," * 3_000 + "id", who)
    assert got.status == 200
    got = await house.get("/2/users/me?user.fields=" + ",".join(f"f{number}" for number in range(2_000)), who)
    assert got.status == 400
    got = await house.get("/2/users/me?" + "&".join(f"a{number}=1" for number in range(1_000)), who)
    assert got.status == 400


# -------------------------------------------------------------------------------------------------------- bodies of v1.1


@pytest.mark.attack("SR-242", "SR-245", "SR-246", "SR-277")
@pytest.mark.parametrize("name", V1_WITH_BODY)
async def test_v1_1_takes_odd_bodies_calmly_too(each_house: House, name: str) -> None:
    who, found = await each_house.signed(each_house.cast.ann), set()
    asked = await ASK[name](each_house)
    fair = json.loads(asked.body)
    odd = [json.dumps(with_value(fair, place, value)).encode() for place in places(of(name).body) for value in ODD]
    for body in [*odd, *BROKEN, b"[" * 30_000, b'{"a":' * 10_000]:
        got = await each_house.send(of(name).method, asked.target, who, body=body, kind=JSON)
        assert got.status in {of(name).status, 400, 403, 404, 501}, (got.status, got.body)
        found.add(got.status)
        if got.status >= 400:
            assert [error["code"] for error in got.json["errors"]], got.body
            assert len(got.body) < 3_000
    assert 400 in found
