from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from volary.kit.urls import extended, origin_of

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@pytest.mark.parametrize(
    "url, expected",
    [
        ("https://app.example/cb", "https://app.example/cb?code=1%202&state=%26"),
        ("https://app.example/cb?", "https://app.example/cb?code=1%202&state=%26"),
        ("https://app.example/cb?a=%2f&b", "https://app.example/cb?a=%2f&b&code=1%202&state=%26"),
        ("https://app.example/cb?a=1&", "https://app.example/cb?a=1&code=1%202&state=%26"),
        ("https://app.example/cb#part", "https://app.example/cb?code=1%202&state=%26#part"),
        ("my.app:/cb", "my.app:/cb?code=1%202&state=%26"),
    ],
)
def test_parameters_are_appended_and_the_rest_is_kept_byte_for_byte(url: str, expected: str) -> None:
    assert extended(url, {"code": "1 2", "state": "&"}) == expected


def test_nothing_to_append_changes_nothing() -> None:
    assert extended("https://app.example/cb?", {}) == "https://app.example/cb?"


@pytest.mark.attack("SR-283")
@given(TEXTS, TEXTS)
def test_no_value_ends_the_parameter_or_the_header_that_it_stands_in(name: str, value: str) -> None:
    url = extended("https://app.example/cb?a=1", {name: value, "last": "x"})
    assert url.isascii()
    assert url.isprintable()
    assert parse_qsl(urlsplit(url).query, keep_blank_values=True) == [("a", "1"), (name, value), ("last", "x")]


@pytest.mark.parametrize(
    "url, origin",
    [
        ("https://Volary.Example/a?b#c", "https://volary.example"),
        ("HTTPS://volary.example:443", "https://volary.example"),
        ("http://volary.example:80/", "http://volary.example"),
        ("http://volary.example:443/", "http://volary.example:443"),
        ("http://[::1]:8000/x", "http://[::1]:8000"),
        ("http://[2001:DB8::1]/", "http://[2001:db8::1]"),
        ("https://ann:secret@volary.example/", "https://volary.example"),
    ],
)
def test_an_origin_is_written_as_browsers_write_it(url: str, origin: str) -> None:
    assert origin_of(url) == origin


@pytest.mark.parametrize("url", ["http://a:99999", "http://a:b", "http://[::1"])
def test_an_address_that_is_none_has_no_origin(url: str) -> None:
    with pytest.raises(ValueError, match=r"[Pp]ort|IPv6"):
        origin_of(url)
