import pytest

from volary.messages.rules import checked_text, posts_linked

HOSTS = {"localhost:8000", "social.example", "x.com"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("http://localhost:8000/ann/status/12", [12]),
        ("(see https://x.com/i/web/status/12, and x.com/ann/status/13!)", [12, 13]),
        ("HTTPS://SOCIAL.EXAMPLE/Ann/status/12?s=20#top", [12]),
        ("https://SOCIAL.example/Ann/status/12?s=20#top https://x.com/ann/status/12", [12]),
        ("https://evil.example/ann/status/12", []),
        ("https://evil.example/x.com/ann/status/12", []),
        ("https://evilx.com/ann/status/12 https://x.com.evil.example/ann/status/12", []),
        ("https://x.com@evil.example/ann/status/12 ann@x.com/ann/status/12", []),
        ("https://x.com/ann/status/99999999999999999999 https://x.com/ann/status/9999999999999999999", []),
        ("https://x.com/ann/statuses/12 https://x.com//status/12 https://x.com/status/12", []),
        ("https://x.com/a-b/status/12 https://x.com/abcdefghijklmnop/status/12", []),
        (" ".join(f"x.com/ann/status/{number}" for number in range(1, 30)), list(range(1, 11))),
        ("a" * 10_000 + "/status/", []),
        ("x.com/ann/" * 900 + "status/12", []),
    ],
)
def test_links_to_posts_of_this_server_are_known(text: str, found: list[int]) -> None:
    assert posts_linked(text, HOSTS) == found


def test_a_text_is_kept_composed_and_without_blanks_around() -> None:
    assert checked_text("  cafe\u0301\x00 \n") == "café"
