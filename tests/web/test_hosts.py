"""Who is calling, and under which of our names."""

import pytest

from volary.kit.hosts import client_address, is_loopback, matching_origin, networks

TRUSTED = networks(["10.0.0.0/8", "::1", "192.0.2.1"])


@pytest.mark.parametrize(
    "peer,forwarded,address",
    [
        ("203.0.113.9", [], "203.0.113.9"),
        ("203.0.113.9", ["198.51.100.7"], "203.0.113.9"),  # no proxy of ours said it
        ("10.0.0.1", ["198.51.100.7"], "198.51.100.7"),
        ("10.0.0.1", ["1.1.1.1, 198.51.100.7"], "198.51.100.7"),  # 1.1.1.1 is the client's own claim
        ("10.0.0.1", ["1.1.1.1", "198.51.100.7, 10.2.3.4"], "198.51.100.7"),
        ("10.0.0.1", ["10.0.0.2"], "10.0.0.2"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", ["198.51.100.7, unknown"], "10.0.0.1"),
        ("10.0.0.1", ["198.51.100.7:4711"], "198.51.100.7"),
        ("::1", ["[2001:db8::7]:4711"], "2001:db8::7"),
        ("::1", ["2001:DB8:0:0::7"], "2001:db8::7"),
        ("::ffff:10.0.0.1", ["::ffff:198.51.100.7"], "198.51.100.7"),
        ("", ["198.51.100.7"], ""),
        ("a-socket", ["198.51.100.7"], "a-socket"),
    ],
)
def test_the_first_address_that_no_proxy_of_ours_has_is_the_client(
    peer: str, forwarded: list[str], address: str
) -> None:
    assert client_address(peer, forwarded, TRUSTED) == address


def test_without_trusted_proxies_the_peer_is_the_client() -> None:
    assert client_address("10.0.0.1", ["198.51.100.7"], ()) == "10.0.0.1"


ORIGINS = ("https://volary.example", "http://localhost:8000", "http://[::1]:8000")


@pytest.mark.attack("SR-297")
@pytest.mark.parametrize(
    "host,origin",
    [
        ("volary.example", "https://volary.example"),
        ("VOLARY.example:443", "https://volary.example"),
        ("localhost:8000", "http://localhost:8000"),
        ("[::1]:8000", "http://[::1]:8000"),
        ("localhost", None),
        ("volary.example:80", None),
        ("volary.example.evil.example", None),
        ("evil.example", None),
        ("volary.example@evil.example", None),
        ("evil.example/volary.example", None),
        ("volary.example#", None),
        ("volary.example\t", None),
        ("volary.example:99999", None),
        ("volary.example:443:443", None),
        ("[::1", None),
        ("", None),
        (None, None),
    ],
)
def test_only_our_own_hosts_are_answered(host: str | None, origin: str | None) -> None:
    assert matching_origin(host, ORIGINS) == origin


@pytest.mark.parametrize(
    "url,expected",
    [
        ("http://localhost:8000", True),
        ("http://ann.localhost", True),
        ("http://127.0.0.1:8000/x", True),
        ("http://127.9.9.9", True),
        ("http://[::1]:8000", True),
        ("http://192.168.1.2:8000", False),
        ("https://volary.example", False),
        ("http://localhost.example", False),
    ],
)
def test_loopback_is_this_computer(url: str, *, expected: bool) -> None:
    assert is_loopback(url) is expected
