"""What of a base string is shown: how it is built, nothing that somebody wrote, nothing secret."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from volary.api.errors import InvalidRequest
from volary.oauth.oauth1.parameters import collect
from volary.oauth.oauth1.signature import base_origin, base_string
from volary.usage.rules.redaction import MOST, base_shown, value_shown
from volary.usage.rules.telling import told

ORIGIN = base_origin("http://localhost:8000")
HEADER = (
    b'OAuth oauth_consumer_key="abcdefghijklmnopqrstuvwxy", oauth_nonce="n0nce", oauth_signature="s%3D", '
    b'oauth_signature_method="HMAC-SHA1", oauth_timestamp="1700000000", oauth_token="77-tokentokentoken"'
)
SHOWN = (
    "POST&http%3A%2F%2Flocalhost%3A8000%2F1.1%2Fstatuses%2Fupdate.json&"
    "media_ids%3D1%252C2%26oauth_consumer_key%3D…tuvwxy%26oauth_nonce%3Dn0nce%26oauth_signature_method%3DHMAC-SHA1%26"
    "oauth_timestamp%3D1700000000%26oauth_token%3D[18 bytes]%26"
    "status%3D[17 bytes with space, !, +, letters beyond ASCII]"
)


def base_of(query: bytes, header: bytes = HEADER) -> bytes:
    return base_string("post", ORIGIN, b"/1.1/statuses/update.json", collect(header, query).normalized)


def test_the_way_it_is_built_is_shown() -> None:
    assert (
        base_shown(base_of("status=Grüß + Kuß ok!&media_ids=1,2".replace("+", "%2B").replace(" ", "+").encode()))
        == SHOWN
    )


@pytest.mark.parametrize(
    "name", ["status", "text", "q", "query", "oauth_token", "oauth_verifier", "x_auth_password", "description", "media"]
)
def test_values_that_are_not_on_the_list_are_not_shown(name: str) -> None:
    assert value_shown(name, "nightingale") == "[11 bytes]"


@given(st.text(min_size=4, alphabet=st.characters(categories=["L"])), st.sampled_from(["status", "text", "name"]))
def test_no_word_gets_through(word: str, name: str) -> None:
    marked = f"zq{word}qz"
    shown = base_shown(base_of(f"{name}=".encode() + marked.encode()))
    assert "zq" not in shown
    assert f"[{len(marked.encode())} bytes" in shown


@given(st.binary(max_size=300))
def test_whatever_is_sent_it_is_shown_as_printable_ascii_and_marks(raw: bytes) -> None:
    shown = base_shown(raw)
    assert all(letter.isprintable() for letter in shown)


def test_a_long_one_is_cut_before_a_parameter_that_is_not_whole() -> None:
    shown = base_shown(base_of(b"zzz=" + b"a" * 3 * MOST))
    assert shown.endswith("oauth_token%3D[18 bytes]…")


def test_what_the_app_was_told_repeats_no_text() -> None:
    refusal = InvalidRequest("The `q` value [nightingale] is wrong", "q", ("nightingale",))
    assert told(refusal, None) == ("told", {"answer": "The `q` value [[11 bytes]] is wrong"})
    harmless = InvalidRequest("The `max_results` value [1000] is wrong", "max_results", ("1000",))
    assert told(harmless, None) == ("told", {"answer": "The `max_results` value [1000] is wrong"})
