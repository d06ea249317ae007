"""What counts as a parameter of a signed request, and how it is read (RFC 5849 §3.4.1.3, §3.5)."""

import pytest

from volary.oauth.oauth1.parameters import collect, form_pairs, quoted, unquoted

HEADER = (
    b'OAuth realm="Photos", oauth_consumer_key="key", oauth_token="tok", oauth_signature="a%2Fb%3D", oauth_nonce="n"'
)


def test_the_three_sources_are_one_list() -> None:
    parameters = collect(HEADER, b"z=1&a=x%20y", b"m=2+3&lone")
    assert parameters.normalized == b"a=x%20y&lone=&m=2%203&oauth_consumer_key=key&oauth_nonce=n&oauth_token=tok&z=1"
    assert parameters.protocol == {
        "oauth_consumer_key": "key",
        "oauth_token": "tok",
        "oauth_signature": "a/b=",
        "oauth_nonce": "n",
    }


def test_protocol_parameters_may_come_in_the_query_or_in_the_form() -> None:
    """RFC 5849 §3.5.2 and §3.5.3: some clients send no header at all."""
    sent = b"oauth_consumer_key=key&oauth_token=tok&oauth_signature=a%2Fb%3D&x=1"
    for parameters in (collect(b"", sent), collect(b"", b"", sent)):
        assert parameters.normalized == b"oauth_consumer_key=key&oauth_token=tok&x=1"
        assert parameters.protocol["oauth_signature"] == "a/b="


@pytest.mark.attack("SR-069")
@pytest.mark.parametrize(
    "header",
    [
        b'OAuth oauth_nonce="n",oauth_token="tok"',
        b'oAuTh oauth_nonce="n", oauth_token="tok"',
        b'OAUTH   oauth_nonce = "n" ,\t oauth_token="tok"  ',
        b'OAuth ,, oauth_nonce="n",, ,oauth_token="tok",',
        b'OAuth realm="", oauth_nonce="n", oauth_token="tok"',
        b'OAuth Realm="a, \\"b\\" = c", oauth_nonce="n", oauth_token="tok"',
        b'OAuth oauth_nonce="%6e", oauth_token="t%6Fk"',
    ],
)
def test_the_header_may_be_written_in_several_ways(header: bytes) -> None:
    parameters = collect(header)
    assert parameters.protocol == {"oauth_nonce": "n", "oauth_token": "tok"}
    assert parameters.normalized == b"oauth_nonce=n&oauth_token=tok"


def test_a_plus_is_a_space_in_forms_alone() -> None:
    assert collect(b'OAuth oauth_nonce="a+b"', b"x=a+b").normalized == b"oauth_nonce=a%2Bb&x=a%20b"


def test_a_header_value_that_was_not_encoded_is_taken_as_it_is() -> None:
    """Some clients send the signature's `+`, `/` and `=` raw; they stand for themselves."""
    assert collect(b'OAuth oauth_signature="a+b/c="').protocol["oauth_signature"] == "a+b/c="


def test_bytes_that_are_no_text_are_signed_as_they_are() -> None:
    assert collect(b"", b"q=%ff%00&%F0%9F%8D%8B=1").normalized == b"%F0%9F%8D%8B=1&q=%FF%00"


def test_an_unknown_protocol_parameter_is_signed_and_kept() -> None:
    parameters = collect(b'OAuth oauth_body_hash="Lve95gjOVATpfV8EL5X4nxwjKHE%3D", oauth_x_y="1", other="2"')
    assert parameters.protocol == {"oauth_body_hash": "Lve95gjOVATpfV8EL5X4nxwjKHE=", "oauth_x_y": "1"}
    assert parameters.normalized == b"oauth_body_hash=Lve95gjOVATpfV8EL5X4nxwjKHE%3D&oauth_x_y=1&other=2"


def test_sorting_is_by_encoded_name_and_then_by_encoded_value() -> None:
    parameters = collect(b"", b"a=2&a=%20&a=1&a-b=0&a%21=0&A=0&a=&ab=0")
    assert parameters.normalized == b"A=0&a=&a=%20&a=1&a=2&a%21=0&a-b=0&ab=0"


def test_a_pair_that_the_caller_allows_may_stand_in_header_and_query_once_each() -> None:
    """xdk sends `oauth_token` twice when it exchanges a request token, and signs it once (X facts 1.6)."""
    allowed = frozenset({"oauth_token"})
    parameters = collect(b'OAuth oauth_token="tok", oauth_nonce="n"', b"oauth_token=tok&x=1", mirrored=allowed)
    assert parameters.normalized == b"oauth_nonce=n&oauth_token=tok&x=1"


def test_a_name_that_only_looks_like_the_protocol_is_an_ordinary_one() -> None:
    assert collect(b"", b"xoauth_token=1&OAUTH_token=2&x_auth_access_type=read").protocol == {}


def test_quoting_follows_the_rfc() -> None:
    everything = bytes(range(256))
    text = quoted(everything)
    assert unquoted(text) == everything
    assert quoted(b"-._~AZaz09") == b"-._~AZaz09"
    assert quoted(b" +%\xff!*'()") == b"%20%2B%25%FF%21%2A%27%28%29"


def test_pairs_without_content_are_no_pairs() -> None:
    assert form_pairs(b"&&a=1&&=&") == [(b"a", b"1"), (b"", b"")]
