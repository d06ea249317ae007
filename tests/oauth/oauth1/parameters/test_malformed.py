"""Requests whose parameters cannot be read: each is told apart in the log, and answered with 400 and code 215."""

import time

import pytest

from volary.oauth.oauth1.errors import BadData
from volary.oauth.oauth1.parameters import MOST_PARAMETERS, collect

GOOD = b'OAuth oauth_nonce="n", oauth_token="tok"'
TWICE = "an OAuth parameter is there twice"
NO_LIST = 'the Authorization header is not a list of name="value"'
PERCENT = "a percent sign without two hexadecimal digits"
SCHEME = "the Authorization header is of another scheme"
NO_TEXT = "an OAuth parameter is not UTF-8"


def refused(header: bytes, query: bytes = b"", form: bytes = b"", mirrored: frozenset[str] = frozenset()) -> str:
    with pytest.raises(BadData) as caught:
        collect(header, query, form, mirrored=mirrored)
    assert (caught.value.status, caught.value.code) == (400, 215)
    assert str(caught.value) == "Bad Authentication data."
    return caught.value.why


def test_the_request_that_the_others_are_made_from_is_read() -> None:
    assert collect(GOOD, b"x=1", b"y=2").normalized == b"oauth_nonce=n&oauth_token=tok&x=1&y=2"


@pytest.mark.attack("SR-069")
@pytest.mark.parametrize(
    "header, why",
    [
        (b"OAuth", SCHEME),
        (b"Bearer abc", SCHEME),
        (b'OAuthoauth_nonce="n"', SCHEME),
        (b"OAuth oauth_nonce=n", NO_LIST),
        (b"OAuth oauth_nonce='n'", NO_LIST),
        (b'OAuth oauth_nonce="n', NO_LIST),
        (b'OAuth oauth_nonce=n"', NO_LIST),
        (b'OAuth oauth_nonce="n" oauth_token="t"', NO_LIST),
        (b'OAuth oauth_nonce="n"; oauth_token="t"', NO_LIST),
        (b'OAuth oauth_nonce="n""', NO_LIST),
        (b'OAuth ="n"', NO_LIST),
        (b"OAuth oauth_nonce", NO_LIST),
        (b'OAuth "oauth_nonce"="n"', NO_LIST),
        (b'OAuth oauth_nonce="n\\"', NO_LIST),
        (b'OAuth oauth_nonce="%"', PERCENT),
        (b'OAuth oauth_nonce="%4"', PERCENT),
        (b'OAuth oauth_nonce="%4g"', PERCENT),
        (b'OAuth oauth_nonce="%%41"', PERCENT),
        (b'OAuth oauth_nonce="% 41"', PERCENT),
        (b'OAuth oauth_nonce="%+4"', PERCENT),
        (b'OAuth %zz="n"', PERCENT),
        (b'OAuth oauth_nonce="%ff"', NO_TEXT),
        (b'OAuth oauth_nonce="%ed%a0%80"', NO_TEXT),
        (b'OAuth oauth_%ff="1"', NO_TEXT),
    ],
    ids=repr,
)
def test_a_header_that_cannot_be_read(header: bytes, why: str) -> None:
    assert refused(header) == why


@pytest.mark.attack("SR-042")
@pytest.mark.parametrize(
    "header, query, form",
    [
        (b'OAuth oauth_nonce="n", oauth_nonce="m"', b"", b""),
        (b'OAuth oauth_nonce="n", oauth_nonce="n"', b"", b""),
        (b'OAuth oauth_token="", oauth_token=""', b"", b""),
        (b'OAuth oauth_nonce="n", oauth%5Fnonce="n"', b"", b""),
        (b'OAuth oauth_signature="s", oauth_signature="s"', b"", b""),
        (b'OAuth oauth_strange="n", oauth_strange="n"', b"", b""),
        (GOOD, b"oauth_nonce=n", b""),
        (GOOD, b"oauth_token=tok", b""),
        (GOOD, b"", b"oauth_token=tok"),
        (GOOD, b"", b"oauth_nonce=other"),
        (b"", b"oauth_nonce=n&oauth_nonce=n", b""),
        (b"", b"", b"oauth_nonce=n&oauth_nonce=n"),
        (b"", b"oauth_nonce=n", b"oauth_nonce=n"),
        (b"", b"%6fauth_nonce=n&oauth_nonce=n", b""),
    ],
    ids=repr,
)
def test_a_protocol_parameter_that_is_there_twice(header: bytes, query: bytes, form: bytes) -> None:
    assert refused(header, query, form) == TWICE


@pytest.mark.attack("SR-042")
@pytest.mark.parametrize(
    "header, query, form",
    [
        (GOOD, b"oauth_token=other", b""),
        (GOOD, b"oauth_token=TOK", b""),
        (GOOD, b"oauth_token=", b""),
        (GOOD, b"oauth_nonce=n", b""),
        (GOOD, b"", b"oauth_token=tok"),
        (b'OAuth oauth_token="tok", oauth_token="tok"', b"", b""),
    ],
    ids=repr,
)
def test_only_an_identical_pair_of_an_allowed_name_may_stand_in_the_query_again(
    header: bytes, query: bytes, form: bytes
) -> None:
    allowed = frozenset({"oauth_token"})
    assert collect(GOOD, b"oauth_token=tok", mirrored=allowed).normalized == b"oauth_nonce=n&oauth_token=tok"
    assert refused(header, query, form, allowed) == TWICE


@pytest.mark.parametrize("text", [b"q=100%", b"q=%u0041", b"%=1", b"q=%E"], ids=repr)
def test_a_query_or_form_with_a_broken_escape(text: bytes) -> None:
    assert refused(GOOD, text) == PERCENT
    assert refused(GOOD, b"", text) == PERCENT


def test_too_many_parameters_are_refused_before_they_are_read() -> None:
    assert collect(GOOD, b"&".join([b"a=1"] * (MOST_PARAMETERS - 1))).protocol["oauth_nonce"] == "n"
    hostile = [(b"OAuth " + b"," * 100_000, b""), (b"OAuth " + b'a="b",' * 50_000, b""), (GOOD, b"&" * 500_000)]
    for header, query in hostile:
        assert refused(header, query) == "too many parameters"


@pytest.mark.parametrize(
    "header",
    [
        b"OAuth " + b'"' * 100_000,
        b"OAuth " + b"\\" * 100_000,
        b'OAuth a="' + b"\\a" * 50_000,
        b"OAuth " + b"a" * 100_000,
        b"OAuth a" + b" " * 100_000,
        b"OAuth a=" + b" \t" * 50_000 + b"b",
    ],
    ids=lambda header: repr(header[:14]),
)
def test_a_hostile_header_is_refused_quickly(header: bytes) -> None:
    """The regular expression must not go back over what it read: that would take hours, and reading it once a millisecond."""
    started = time.perf_counter()
    refused(header)
    assert time.perf_counter() - started < 30
