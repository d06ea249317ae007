"""Our arithmetic and oauthlib's agree on every request that hypothesis can think of."""

from typing import Any, cast
from urllib.parse import parse_qsl, quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from oauthlib.common import Request
from oauthlib.oauth1 import (
    SIGNATURE_HMAC_SHA1,
    SIGNATURE_HMAC_SHA256,
    SIGNATURE_TYPE_BODY,
    SIGNATURE_TYPE_QUERY,
    Client,
)
from oauthlib.oauth1.rfc5849 import signature as rfc5849
from oauthlib.oauth1.rfc5849 import utils

from volary.oauth.oauth1.parameters import collect, quoted
from volary.oauth.oauth1.signature import base_origin, base_string, matches, signed, signing_key

theirs = cast(Any, rfc5849)  # the published stubs of its functions are narrower than what they take
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
NAMES = TEXT.filter(lambda name: bool(name) and not name.startswith("oauth_"))
PAIRS = st.lists(st.tuples(NAMES, TEXT), max_size=6)
SECRETS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
PATHS = st.lists(TEXT, max_size=4).map(lambda parts: "/" + "/".join(quote(part, safe="") for part in parts))
HOSTS = st.sampled_from(["example.com", "EXAMPLE.com", "127.0.0.1", "[::1]", "api.example.com"])
PORTS = st.sampled_from(["", ":80", ":443", ":8000"])
ORIGINS = st.builds(
    lambda scheme, host, port: scheme + "://" + host + port, st.sampled_from(["http", "https"]), HOSTS, PORTS
)
METHODS = st.sampled_from([SIGNATURE_HMAC_SHA1, SIGNATURE_HMAC_SHA256])
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@given(TEXT)
def test_encoding_agrees(text: str) -> None:
    assert quoted(text.encode()).decode() == utils.escape(text)


@given(PAIRS)
def test_normalizing_agrees(pairs: list[tuple[str, str]]) -> None:
    ours = collect(b"", urlencode(pairs).encode()).normalized.decode()
    assert ours == theirs.normalize_parameters(pairs)


@given(st.sampled_from(["GET", "post", "Delete", "PUT"]), ORIGINS, PATHS, PAIRS)
def test_the_base_string_agrees(method: str, origin: str, path: str, pairs: list[tuple[str, str]]) -> None:
    uri = theirs.base_string_uri(origin + path)
    expected = theirs.signature_base_string(method, uri, theirs.normalize_parameters(pairs))
    normalized = collect(b"", urlencode(pairs).encode()).normalized
    assert base_string(method, base_origin(origin), path.encode(), normalized).decode() == expected


@given(st.text(max_size=80), SECRETS, SECRETS)
def test_the_hmac_agrees(base: str, consumer_secret: str, token_secret: str) -> None:
    base = base.encode("utf-8", "ignore").decode()
    client = Client("key", client_secret=consumer_secret, resource_owner_secret=token_secret)
    key = signing_key(consumer_secret, token_secret)
    assert signed("HMAC-SHA1", key, base.encode()).decode() == theirs.sign_hmac_sha1_with_client(base, client)
    assert signed("HMAC-SHA256", key, base.encode()).decode() == theirs.sign_hmac_sha256_with_client(base, client)


def client(consumer_secret: str, token: str, token_secret: str, **options: Any) -> Client:
    return Client("the key", consumer_secret, token or None, token_secret, encoding="utf-8", **options)


@given(METHODS, ORIGINS, PATHS, PAIRS, PAIRS, SECRETS, TEXT, SECRETS)
def test_what_oauthlib_signs_in_the_header_is_right(
    method: str,
    origin: str,
    path: str,
    query: list[tuple[str, str]],
    form: list[tuple[str, str]],
    consumer_secret: str,
    token: str,
    token_secret: str,
) -> None:
    signer = client(consumer_secret, token, token_secret, signature_method=method)
    url = origin + path + ("?" + urlencode(query) if query else "")
    _, headers, body = signer.sign(url, "POST", urlencode(form) if form else None, FORM if form else None, realm="a, b")
    parameters = collect(headers["Authorization"].encode(), urlencode(query).encode(), (body or "").encode())
    base = base_string("POST", base_origin(origin), path.encode(), parameters.normalized)
    signature = parameters.protocol["oauth_signature"].encode()
    assert parameters.protocol["oauth_signature_method"] == method
    assert matches(method, signing_key(consumer_secret, token_secret), base, signature)
    assert not matches(method, signing_key(consumer_secret + "x", token_secret), base, signature)


@pytest.mark.parametrize("place", [SIGNATURE_TYPE_QUERY, SIGNATURE_TYPE_BODY])
def test_what_oauthlib_signs_elsewhere_is_right(place: str) -> None:
    @given(PAIRS.filter(bool), SECRETS)
    def holds(pairs: list[tuple[str, str]], token_secret: str) -> None:
        signer = client("secret", "a token", token_secret, signature_type=place)
        in_query = place == SIGNATURE_TYPE_QUERY
        sent = "http://example.com/p" + ("?" + urlencode(pairs) if in_query else "")
        url, _, body = signer.sign(sent, "POST", None if in_query else urlencode(pairs), None if in_query else FORM)
        query = url.partition("?")[2] if in_query else ""
        parameters = collect(b"", query.encode(), (body or "").encode() if not in_query else b"")
        base = base_string("POST", base_origin("http://example.com"), b"/p", parameters.normalized)
        key = signing_key("secret", token_secret)
        assert matches("HMAC-SHA1", key, base, parameters.protocol["oauth_signature"].encode())

    holds()


@given(METHODS, ORIGINS, PATHS, PAIRS, PAIRS, SECRETS, SECRETS)
def test_what_we_sign_oauthlib_takes(
    method: str,
    origin: str,
    path: str,
    query: list[tuple[str, str]],
    form: list[tuple[str, str]],
    consumer_secret: str,
    token_secret: str,
) -> None:
    own = {"oauth_consumer_key": "k y", "oauth_nonce": "n&=", "oauth_signature_method": method, "oauth_timestamp": "1"}
    header = "OAuth " + ", ".join(f'{name}="{quote(value, safe="")}"' for name, value in own.items())
    normalized = collect(header.encode(), urlencode(query).encode(), urlencode(form).encode()).normalized
    base = base_string("PUT", base_origin(origin), path.encode(), normalized)
    request = cast(Any, Request(origin + path, "PUT"))
    request.params = [*own.items(), *parse_qsl(urlencode(query + form), keep_blank_values=True)]
    request.signature = signed(method, signing_key(consumer_secret, token_secret), base).decode()
    verify = theirs.verify_hmac_sha1 if method == SIGNATURE_HMAC_SHA1 else theirs.verify_hmac_sha256
    assert verify(request, client_secret=consumer_secret, resource_owner_secret=token_secret)
