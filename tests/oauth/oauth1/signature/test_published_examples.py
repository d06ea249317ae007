"""The published examples: RFC 5849's own, and X's (X facts 1.6)."""

import pytest

from volary.oauth.oauth1.parameters import collect
from volary.oauth.oauth1.signature import base_origin, base_string, matches, signed, signing_key

EXAMPLE = b'OAuth realm="Example", oauth_consumer_key="9djdj82h48djs9d2", oauth_token="kkk9d7dh3k39sjv7",'
EXAMPLE += b' oauth_signature_method="HMAC-SHA1", oauth_timestamp="137131201", oauth_nonce="7d8f3e4a",'
EXAMPLE += b' oauth_signature="bYT5CMsGcbgUdFHObYMEfcx6bsw%3D"'


def test_the_normalized_parameters_of_rfc_5849() -> None:
    """§3.4.1.3.1 and §3.4.1.3.2: the same names in query, header and form; empty values; encoded names."""
    parameters = collect(EXAMPLE, b"b5=%3D%253D&a3=a&c%40=&a2=r%20b", b"c2&a3=2+q")
    assert parameters.normalized == (
        b"a2=r%20b&a3=2%20q&a3=a&b5=%3D%253D&c%40=&c2=&oauth_consumer_key=9djdj82h48djs9d2&oauth_nonce=7d8f3e4a"
        b"&oauth_signature_method=HMAC-SHA1&oauth_timestamp=137131201&oauth_token=kkk9d7dh3k39sjv7"
    )


def test_the_base_string_of_rfc_5849() -> None:
    """§3.4.1.1, with the signature that its secrets give (the one printed in the RFC is corrected by its errata)."""
    parameters = collect(EXAMPLE, b"b5=%3D%253D&a3=a&c%40=&a2=r%20b", b"c2&a3=2+q")
    base = base_string("POST", base_origin("http://EXAMPLE.COM:80"), b"/request", parameters.normalized)
    assert base == (
        b"POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D%26c%2540"
        b"%3D%26c2%3D%26oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a%26oauth_signature_method%3DHMAC-SHA1"
        b"%26oauth_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7"
    )
    key = signing_key("j49sk3j29djd", "dh893hdasih9")
    assert signed("HMAC-SHA1", key, base) == b"r6/TJjbCOr97/+UU0NsvSne7s5g="


@pytest.mark.parametrize(
    "url, path, uri",
    [
        ("http://EXAMPLE.COM:80", b"/r%20v/X", b"http%3A%2F%2Fexample.com%2Fr%2520v%2FX"),
        ("https://www.example.net:8080", b"/", b"https%3A%2F%2Fwww.example.net%3A8080%2F"),
    ],
)
def test_the_base_string_uri_of_rfc_5849(url: str, path: bytes, uri: bytes) -> None:
    """§3.4.1.2."""
    assert base_string("get", base_origin(url), path, b"") == b"GET&" + uri + b"&"


PHOTOS = ("dpf43f3p2l4k3l03", "kd94hf93k423kf44")


def test_the_walk_through_of_rfc_5849() -> None:
    """§1.2: the request for temporary credentials, the one for the token, and the one for the photo."""
    steps = [
        (
            "POST",
            "https://photos.example.net",
            b"/initiate",
            b"",
            b'oauth_timestamp="137131200", oauth_nonce="wIjqoS", oauth_callback="http%3A%2F%2Fprinter.example.com%2Fready"',
            "",
            b"74KNZJeDHnMBp0EMJ9ZHt/XKycU=",
        ),
        (
            "POST",
            "https://photos.example.net",
            b"/token",
            b"",
            (
                b'oauth_token="hh5s93j4hdidpola", oauth_timestamp="137131201", oauth_nonce="walatlh",'
                b' oauth_verifier="hfdp7dh39dks9884"'
            ),
            "hdhd0244k9j7ao03",
            b"gKgrFCywp7rO0OXSjdot/IHF7IU=",
        ),
        (
            "GET",
            "http://photos.example.net",
            b"/photos",
            b"file=vacation.jpg&size=original",
            b'oauth_token="nnch734d00sl2jdk", oauth_timestamp="137131202", oauth_nonce="chapoH"',
            "pfkkdhi9sl3r4s00",
            b"MdpQcU8iPSUjWoN/UDMsK2sui9I=",
        ),
    ]
    for method, origin, path, query, own, token_secret, signature in steps:
        head = b'OAuth realm="Photos", oauth_consumer_key="dpf43f3p2l4k3l03", oauth_signature_method="HMAC-SHA1", '
        parameters = collect(head + own, query)
        base = base_string(method, base_origin(origin), path, parameters.normalized)
        assert signed("HMAC-SHA1", signing_key(PHOTOS[1], token_secret), base) == signature


STATUS = b"status=Hello%20Ladies%20%2b%20Gentlemen%2c%20a%20signed%20OAuth%20request%21"
STATUS_HEADER = (
    b'OAuth oauth_consumer_key="xvz1evFS4wEEPTGEFPHBog", oauth_nonce="kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg",'
    b' oauth_signature_method="HMAC-SHA1", oauth_timestamp="1318622958",'
    b' oauth_token="370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb", oauth_version="1.0"'
)
STATUS_SECRETS = ("kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw", "LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE")


@pytest.mark.parametrize(
    "origin, path, signature",
    [
        ("https://api.x.com", b"/1.1/statuses/update.json", b"Ls93hJiZbQ3akF3HF3x1Bz8/zU4="),
        ("https://api.twitter.com", b"/1.1/statuses/update.json", b"hCtSmYh+iHYCEqBWrE7C7hYmtUk="),
        ("https://api.twitter.com", b"/1/statuses/update.json", b"tnnArxj06cWHq44gCs1OSKk/jLY="),
    ],
)
def test_the_signed_post_of_x(origin: str, path: bytes, signature: bytes) -> None:
    """The documentation's post, under the present host, the former one, and the former path of the first edition."""
    parameters = collect(STATUS_HEADER, b"include_entities=true", STATUS)
    base = base_string("POST", base_origin(origin), path, parameters.normalized)
    key = signing_key(*STATUS_SECRETS)
    assert key == b"kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw&LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE"
    assert signed("HMAC-SHA1", key, base) == signature
    assert matches("HMAC-SHA1", key, base, signature)
    assert not matches("HMAC-SHA1", key, base, signature[:-2] + b"A=")
    assert not matches("HMAC-SHA256", key, base, signature)


def test_the_sign_in_of_x() -> None:
    """The request for a token in the guide to signing in with X, which prints the secret of a key that is disabled."""
    header = (
        b'OAuth oauth_callback="http%3A%2F%2Flocalhost%2Fsign-in-with-twitter%2F", oauth_consumer_key="cChZNFj6T5R0TigYB9yd1w",'
        b' oauth_nonce="ea9ec8429b68d6b77cd5600adbbb0456", oauth_signature_method="HMAC-SHA1", oauth_timestamp="1318467427",'
        b' oauth_version="1.0"'
    )
    base = base_string(
        "POST", base_origin("https://api.twitter.com"), b"/oauth/request_token", collect(header).normalized
    )
    key = signing_key("L8qq9PZyRg6ieKGEKhZolGC0vJWLw8iEJ88DRdyOg", "")
    assert signed("HMAC-SHA1", key, base) == b"F1Li3tvehgcraF8DMJ7OyxO4w9Y="
