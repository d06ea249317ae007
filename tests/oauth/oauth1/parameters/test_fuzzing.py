"""Whatever bytes arrive, they are read or refused with BadData: nothing else, and never slowly."""

from hypothesis import example, given
from hypothesis import strategies as st

from volary.oauth.oauth1.errors import BadData
from volary.oauth.oauth1.parameters import collect, quoted

HEADER = (
    b'OAuth realm="a, b", oauth_consumer_key="key", oauth_nonce="n%20%C3%B6", oauth_signature="a%2Fb%3D",'
    b' oauth_signature_method="HMAC-SHA1", oauth_timestamp="1", oauth_token="1-tok", oauth_version="1.0"'
)
QUERY = b"a=1&a=2&b=%20+&c&oauth_callback=https%3A%2F%2Fapp.example"


USUAL = [
    "oauth_consumer_key",
    "oauth_nonce",
    "oauth_signature_method",
    "oauth_timestamp",
    "oauth_token",
    "oauth_version",
]
STRANGE = ["oauth_callback", "oauth_a", "oauth_a-b", "oauth_%61", "oauth_nonce", "other", "realm"]
PLAIN = st.text("aZ9-._~", max_size=4)
ODD = st.sampled_from(["a%2Fb", "a%2fb", "%41", "%", "%25", "a+/=", "a b", "\\", '\\"', "é", "\0"])


def read(header: bytes, query: bytes, form: bytes) -> None:
    try:
        parameters = collect(header, query, form)
    except BadData:
        return
    pairs = [tuple(pair.split(b"=")) for pair in parameters.normalized.split(b"&")] if parameters.normalized else []
    assert all(len(pair) == 2 for pair in pairs)
    assert pairs == sorted(pairs)
    assert not parameters.normalized.translate(None, quoted(bytes(range(256))) + b"&=")
    assert "oauth_signature" not in [name.decode() for name, _ in pairs]


@given(st.binary(max_size=300), st.binary(max_size=100), st.binary(max_size=100))
@example(b"OAuth ", b"", b"")
@example(b"oauth =", b"=", b"&")
def test_any_bytes(header: bytes, query: bytes, form: bytes) -> None:
    read(header, query, form)
    read(b"OAuth " + header, query, form)


@st.composite
def mutated(draw: st.DrawFn, text: bytes) -> bytes:
    """A well-formed text with some bytes replaced, left out or put in."""
    changed = bytearray(text)
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(changed) - 1))
        piece = draw(
            st.sampled_from([b"", b'"', b",", b"=", b"%", b"\\", b"&", b"\0", b"\xff", b" ", b"oauth_token", b"+"])
        )
        changed[at : at + draw(st.integers(0, 2))] = piece
    return bytes(changed)


@given(mutated(HEADER), mutated(QUERY), mutated(QUERY))
def test_a_request_with_a_few_bytes_changed(header: bytes, query: bytes, form: bytes) -> None:
    read(header, query, form)


@given(mutated(HEADER), mutated(QUERY))
def test_two_requests_that_differ_in_what_they_say_are_not_signed_alike(header: bytes, query: bytes) -> None:
    """What is signed tells the parameters apart: only the order of equal names, and where they stand, is free (RFC 5849 §3.4.1.3.2)."""
    try:
        changed, honest = collect(header, query), collect(HEADER, QUERY)
    except BadData:
        return
    if changed.normalized == honest.normalized:
        without = {name: value for name, value in changed.protocol.items() if name != "oauth_signature"}
        assert without == {name: value for name, value in honest.protocol.items() if name != "oauth_signature"}


@st.composite
def written(draw: st.DrawFn) -> bytes:
    """A header as some client might write it: any order, any spacing."""
    strange = draw(st.booleans())
    names = draw(st.permutations(["oauth_signature", *USUAL, *(STRANGE if strange else [])]))
    pairs = [(name, draw(PLAIN | ODD if strange else PLAIN)) for name in names[: draw(st.integers(1, 14))]]
    if not strange:
        pairs = [(name, value + "%2B%3D" if name == "oauth_signature" else value) for name, value in pairs]
    comma = draw(st.sampled_from([", ", ",", " ,", ",,"]))
    equals = draw(st.sampled_from(["=", "=", "=", " = "]))
    listed = comma.join(f'{name}{equals}"{value}"' for name, value in pairs)
    scheme = draw(st.sampled_from(["OAuth ", "OAuth ", "OAuth ", "oauth ", "OAuth  ,", "Bearer "]))
    return (scheme + listed).encode("latin-1")


def outcome(header: bytes, query: bytes) -> object:
    try:
        return collect(header, query)
    except BadData as refused:
        return refused.why


@given(
    written() | mutated(HEADER) | written().filter(bool).flatmap(mutated), st.sampled_from([b"", b"a=1", b"oauth_a=2"])
)
@example(b'OAuth oauth_signature="a%2Fb%3D", oauth_nonce="n", oauth_token="t"', b"")
@example(b'OAuth oauth_nonce="n", oauth_token="t", oauth_signature="a", "b', b"")
@example(b'OAuth oauth_nonce="n", oauth_token="t", oauth_signature="a",realm="b"', b"")
@example(b'OAuth oauth_nonce="a%2Fb", oauth_token="t", oauth_signature="%2F"', b"")
@example(b'OAuth oauth_nonce="a+b", oauth_token="t", oauth_signature="%2F"', b"")
@example(b'OAuth oauth_nonce="n", oauth_token="t", oauth_signature="%2f"', b"")
@example(b'OAuth oauth_nonce="n", oauth_token="t", oauth_signature="%252F"', b"")
@example(b'OAuth oauth_nonce="\\", oauth_token="t", oauth_x="", oauth_signature=""', b"")
def test_a_usual_header_says_what_it_says_when_it_is_read_step_by_step(header: bytes, query: bytes) -> None:
    """A long header is never taken for a usual one, and spaces at its end mean nothing."""
    assert outcome(header, query) == outcome(header + b" " * 1024, query)
