"""What is asked of every request before a door is looked for."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.server.house import HOST, House, opened
from tests.server.houses import sqlite_place
from volary.api.answer import Answer
from volary.server.gate import LONGEST_URL, MOST_HEADERS, Arrival, Gate
from volary.settings import load

PROXY, CLIENT, OTHER = "10.0.0.1", "198.51.100.7", "203.0.113.9"


def gate(**settings: str) -> Gate:
    return Gate(load({f"VOLARY_{name.upper()}": value for name, value in settings.items()}))


def admit(asked: Gate, path: str = "/2/users/me", peer: str = OTHER, **headers: str) -> Arrival | Answer:
    pairs = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    if "host" not in headers:
        pairs.insert(0, (b"host", b"volary.example"))
    return asked.admit(path, path.encode(), b"", pairs, peer)


def address(arrival: Arrival | Answer) -> str:
    assert isinstance(arrival, Arrival)
    return arrival.address


def status(arrival: Arrival | Answer) -> int:
    return arrival.status if isinstance(arrival, Answer) else 200


SITE = {"public_url": "https://volary.example"}
BEHIND = SITE | {"trusted_proxies": "10.0.0.0/8"}

# -------------------------------------------------------------------------------------------------------------------- hosts


@pytest.mark.attack("SR-045", "SR-256", "SR-297")
@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "volary.example.evil.example",
        "evil.example:443",
        "volary.example:80",
        "volary.example@evil.example",
        "volary.example/",
        "volary.example#",
        "[::1]",
        "",
        " ",
        "x" * 1000,
    ],
)
async def test_another_host_is_not_answered(host: str) -> None:
    assert status(admit(gate(**SITE), host=host)) == 421
    assert status(admit(gate(**BEHIND), peer=PROXY, host=host, x_forwarded_host="volary.example")) == 421


def test_whoever_comes_under_another_name_is_told_the_right_one() -> None:
    refused = admit(gate(public_url="http://192.0.2.20:8000"), host="class-pc:8000")
    assert isinstance(refused, Answer)
    assert b"answers at http://192.0.2.20:8000." in refused.body
    assert b"class-pc" not in refused.body


@pytest.mark.parametrize(
    "host", ["volary.example", "VOLARY.example", "volary.example:443", "api.volary.example:8443", "[::1]:8000"]
)
def test_our_own_hosts_are_answered(host: str) -> None:
    own = gate(**SITE, public_origins="https://api.volary.example:8443,http://[::1]:8000")
    assert status(admit(own, host=host)) == 200


@pytest.mark.attack("SR-256")
def test_there_is_exactly_one_host() -> None:
    one = (b"host", b"volary.example")
    for headers in ([], [one, one], [one, (b"host", b"evil.example")]):
        assert status(gate(**SITE).admit("/", b"/", b"", headers, OTHER)) == 421


@pytest.mark.attack("SR-367")
def test_spellings_of_our_host_do_not_fill_the_memory() -> None:
    own = gate(**SITE)
    for number in range(4096):
        spelled = "".join(
            letter.upper() if number >> place & 1 else letter for place, letter in enumerate("volary.example")
        )
        assert status(admit(own, host=spelled)) == 200
        assert status(admit(own, host=f"{number}.example")) == 421
    assert len(own._hosts) <= 64


# ------------------------------------------------------------------------------------------------------------------ addresses


@pytest.mark.attack("SR-292")
@pytest.mark.parametrize("name", ["x_forwarded_for", "forwarded", "x_real_ip", "cf_connecting_ip", "true_client_ip"])
def test_without_trusted_proxies_the_peer_is_the_client(name: str) -> None:
    assert address(admit(gate(**SITE), **{name: CLIENT})) == OTHER


@pytest.mark.attack("SR-292")
@pytest.mark.parametrize(
    "peer, forwarded, client",
    [
        (PROXY, CLIENT, CLIENT),
        (PROXY, f"1.2.3.4, {CLIENT}", CLIENT),  # what stands further left is the client's own claim
        (PROXY, f"{CLIENT}, 10.9.9.9", CLIENT),
        (PROXY, "", PROXY),
        (OTHER, CLIENT, OTHER),  # not a proxy of ours
    ],
)
def test_trusted_proxies_are_believed_from_the_right(peer: str, forwarded: str, client: str) -> None:
    assert address(admit(gate(**BEHIND), peer=peer, x_forwarded_for=forwarded)) == client


# ----------------------------------------------------------------------------------------------------------------------- size


@pytest.mark.attack("SR-254")
def test_addresses_and_headers_have_a_size_that_is_enough_and_no_more() -> None:
    own, host = gate(**SITE), (b"host", b"volary.example")
    assert status(own.admit("/", b"/", b"q" * (LONGEST_URL - 1), [host], OTHER)) == 200
    assert status(own.admit("/", b"/", b"q" * LONGEST_URL, [host], OTHER)) == 414
    assert status(own.admit("/", b"/" + b"a" * LONGEST_URL, b"", [host], OTHER)) == 414
    many = [(b"x-a", b"b")] * (MOST_HEADERS - 1)
    assert status(own.admit("/", b"/", b"", [host, *many], OTHER)) == 200
    assert status(own.admit("/", b"/", b"", [host, *many, *many[:1]], OTHER)) == 431
    assert status(own.admit("/", b"/", b"", [host, (b"cookie", b"a" * 20_000)], OTHER)) == 200
    assert status(own.admit("/", b"/", b"", [host, (b"cookie", b"a" * 300_000)], OTHER)) == 431


@pytest.mark.attack("SR-247")
@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd", "gzip, identity", "x"])
def test_encoded_bodies_are_not_unpacked(encoding: str) -> None:
    assert status(admit(gate(**SITE), content_encoding=encoding)) == 415
    assert status(admit(gate(**SITE), content_encoding="Identity ")) == 200


# ---------------------------------------------------------------------------------------------------------------------- paths


@pytest.mark.parametrize("path", ["/2%2Fusers/me", "/2/users%2fme", "/2/users/%00", "/settings%5Capps"])
def test_a_disguised_path_leads_nowhere(path: str) -> None:
    assert status(admit(gate(**SITE), path)) == 404


@pytest.mark.parametrize(
    "path, below",
    [
        ("/app/2/users/me", "/2/users/me"),
        ("/2/users/me", "/2/users/me"),
        ("/app", "/"),
        ("/app/", "/"),
        ("/apple", "/apple"),
    ],
)
def test_a_path_may_stand_below_the_public_one_or_alone(path: str, below: str) -> None:
    arrival = admit(gate(public_url="https://volary.example/app"), path)
    assert isinstance(arrival, Arrival)
    assert arrival.path == below


# ---------------------------------------------------------------------------------------------------------------------- https


@pytest.mark.attack("SR-305")
@pytest.mark.parametrize(
    "peer, proto, plain",
    [
        (PROXY, "http", True),
        (PROXY, "https, HTTP ", True),  # the nearest proxy's word stands last
        (PROXY, "http, https", False),
        (PROXY, "https", False),
        (PROXY, "", False),
        (OTHER, "http", False),  # nobody whom we know says it
    ],
)
def test_a_proxy_of_ours_says_whether_people_came_over_http(peer: str, proto: str, *, plain: bool) -> None:
    arrival = admit(gate(**BEHIND), peer=peer, x_forwarded_proto=proto)
    assert isinstance(arrival, Arrival)
    assert arrival.plain is plain


def test_where_there_is_no_https_http_is_right() -> None:
    arrival = admit(
        gate(public_url="http://volary.example", trusted_proxies="10.0.0.0/8"), peer=PROXY, x_forwarded_proto="http"
    )
    assert isinstance(arrival, Arrival)
    assert not arrival.plain


# ------------------------------------------------------------------------------------------------------------------ all at once


@given(
    st.lists(st.tuples(st.binary(max_size=8), st.binary(max_size=40)), max_size=8),
    st.binary(max_size=30),
    st.text(max_size=8),
)
def test_whatever_comes_there_is_an_answer(headers: list[tuple[bytes, bytes]], raw: bytes, peer: str) -> None:
    named = [(name.lower(), value) for name, value in headers]
    for settings in (SITE, BEHIND):
        found = gate(**settings).admit("/", raw, raw, [(b"host", b"volary.example"), *named], peer)
        assert isinstance(found, Arrival | Answer)


# ---------------------------------------------------------------------------------------------------------- through the server


@pytest.fixture(scope="module")
def secure() -> dict[str, str]:
    return {"public_url": "https://volary.example", "trusted_proxies": "10.0.0.0/8"}


@pytest.mark.attack("SR-305")
async def test_over_plain_http_nothing_is_done(secure: dict[str, str]) -> None:
    with sqlite_place() as url:
        async with opened(url, **secure) as house:
            who = await house.bearer(house.cast.ann)
            own: dict[str, Any] = {"host": "volary.example", "peer": PROXY}
            told = [("x-forwarded-for", CLIENT), ("x-forwarded-proto", "http")]
            before = house.rows()
            got = await house.json("POST", "/2/tweets", who, {"text": "in the open"}, headers=told, **own)
            assert (got.status, got.json) == (403, {"errors": [{"code": 92, "message": "SSL is required"}]})
            got = await house.send(
                "POST",
                "/2/oauth2/token",
                body=b"grant_type=x",
                kind="application/x-www-form-urlencoded",
                headers=told,
                **own,
            )
            assert got.status == 403
            got = await house.get("/login?then=/settings", headers=told, **own)
            assert (got.status, got.header("location")) == (308, "https://volary.example/login?then=/settings")
            got = await house.send("POST", "/login", headers=told, body=b"login=ann&password=x", **own)
            assert (got.status, got.header("location")) == (403, None)
            assert (await house.get("/healthz", headers=told, **own)).status == 200
            assert house.rows() == before
            over_tls = [told[0], ("x-forwarded-proto", "https")]
            for path in ("/2/users/me", "/login", "/healthz"):
                got = await house.get(path, who, headers=over_tls, **own)
                assert got.status == 200, path
                assert got.header("strict-transport-security") == "max-age=31536000"


async def test_on_plain_http_nobody_is_held_to_https(house: House) -> None:
    for path in ("/healthz", "/login", "/2/users/me"):
        assert (await house.get(path)).header("strict-transport-security") is None


@pytest.mark.attack("SR-254", "SR-256", "SR-297", "SR-303")
async def test_what_the_gate_refuses_says_little_and_has_an_id(house: House) -> None:
    table: list[tuple[int, dict[str, Any]]] = [
        (421, {"host": "evil.example"}),
        (421, {"host": None}),
        (421, {"headers": [("host", HOST)]}),
        (431, {"headers": [("x-a", "b" * 40_000)]}),
        (415, {"headers": [("content-encoding", "gzip")]}),
    ]
    for expected, how in table:
        got = await house.get("/2/users/me", **how)
        assert got.status == expected
        assert len(got.body) < 60
        assert got.header("x-transaction-id")
        assert b"evil" not in got.body
    assert (await house.get("/2/users/me?" + "a" * 20_000)).status == 414
