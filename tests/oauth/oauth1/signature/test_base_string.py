"""The base string's URI is the configured public address and the path as the client sent it (RFC 5849 §3.4.1.2)."""

import base64
import hmac

import pytest

from volary.oauth.oauth1.signature import METHODS, base_origin, base_string, signed


@pytest.mark.parametrize(
    "public_url, origin",
    [
        ("https://example.org", b"https%3A%2F%2Fexample.org"),
        ("HTTPS://Example.ORG:443/", b"https%3A%2F%2Fexample.org"),
        ("http://example.org:443", b"http%3A%2F%2Fexample.org%3A443"),
        ("http://localhost:8000", b"http%3A%2F%2Flocalhost%3A8000"),
        ("https://example.org/volary", b"https%3A%2F%2Fexample.org%2Fvolary"),
        ("https://example.org:8443/a/B%20c/", b"https%3A%2F%2Fexample.org%3A8443%2Fa%2FB%2520c"),
        ("http://[::1]:8000", b"http%3A%2F%2F%5B%3A%3A1%5D%3A8000"),
    ],
)
def test_the_public_address_is_normalized_and_its_path_kept(public_url: str, origin: bytes) -> None:
    assert base_origin(public_url) == origin


@pytest.mark.parametrize(
    "path, signed",
    [
        (b"", b"%2F"),
        (b"/a%2fb", b"%2Fa%252fb"),
        (b"/a%2Fb/../c//", b"%2Fa%252Fb%2F..%2Fc%2F%2F"),
        (b"/%7Eann/~ann", b"%2F%257Eann%2F~ann"),
        (b"/a;b=1,c", b"%2Fa%3Bb%3D1%2Cc"),
        (b"/\xc3\xa9", b"%2F%C3%A9"),
    ],
)
def test_the_path_is_not_touched(path: bytes, signed: bytes) -> None:
    assert base_string("GET", b"o", path, b"a=1") == b"GET&o" + signed + b"&a%3D1"


def test_the_methods_are_two() -> None:
    assert set(METHODS) == {"HMAC-SHA1", "HMAC-SHA256"}


@pytest.mark.parametrize("method, name", [("HMAC-SHA1", "sha1"), ("HMAC-SHA256", "sha256")])
@pytest.mark.parametrize("length", [0, 1, 63, 64, 65, 200])
def test_the_hmac_is_that_of_the_standard_library(method: str, name: str, length: int) -> None:
    """Also where a key is longer than a block of the hash, and so is hashed first (RFC 2104 §2)."""
    key = bytes(range(length))
    for base in (b"", b"base", b"another" * 100):
        assert signed(method, key, base) == base64.b64encode(hmac.digest(key, base, name))
