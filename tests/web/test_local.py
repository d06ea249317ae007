"""Which texts count as a path of this server."""

import pytest

from volary.web import going_on_to, local_path
from volary.web.local import LONGEST

ELSEWHERE = [
    "//evil.example",
    "/\\evil.example",
    "\\/evil.example",
    "https:evil.example",
    "https://evil.example/",
    "/%09/evil.example",
    "/\t/evil.example",
    "javascript:alert(1)",
    "/%2f%2fevil.example",
    "/%2F/evil.example",
    "/%5cevil.example",
    "/a%5c..",
    "//evil@host",
    "/ /evil.example",
    "/a\r\nset-cookie:x",
    "/a%0d%0aset-cookie:x",
    "/é",
    "evil.example",
    "",
    "?a",
    "/" + "a" * 2_000,
]


@pytest.mark.attack("SR-159")
@pytest.mark.parametrize("text", ELSEWHERE)
def test_what_could_lead_elsewhere_is_not_a_path(text: str) -> None:
    assert local_path(text) == "/"
    assert local_path(text, "/settings") == "/settings"


@pytest.mark.parametrize(
    "text",
    [
        "/",
        "/settings/apps",
        "/i/oauth2/authorize?client_id=a&redirect_uri=https%3A%2F%2Fapp.example%2Fcb&scope=tweet.read%20users.read",
        "/people/%C3%A9",
        "/a//b",
        "/a?then=//evil.example",
    ],
)
def test_a_path_of_ours_stays_as_it_is(text: str) -> None:
    assert local_path(text) == text


def test_nothing_is_the_start_page() -> None:
    assert local_path(None) == "/"


@pytest.mark.parametrize(
    ("path", "then", "whole"),
    [
        ("/login", "/settings?a=b c&d", "/login?then=/settings%3Fa%3Db%20c%26d"),
        ("/login?add=1", "/settings", "/login?add=1&then=/settings"),
        (
            "/login",
            "/" + "a" * (LONGEST - len("/login?then=/")),
            "/login?then=/" + "a" * (LONGEST - len("/login?then=/")),
        ),
        ("/login", "/" + "a" * (LONGEST - len("/login?then=/") + 1), "/login"),
        ("/login", "/?" + "!" * 700, "/login"),
    ],
)
def test_what_comes_afterwards_is_named_as_far_as_there_is_room(path: str, then: str, whole: str) -> None:
    assert going_on_to(path, then) == whole
    assert local_path(whole) == whole
