import contextlib
import time

import pytest

from volary.posts.errors import EmptyText, TextTooLong
from volary.posts.rules.entities import entities_of, urls_in
from volary.posts.rules.length import weight
from volary.posts.rules.links import shown_address
from volary.posts.rules.texts import checked_text, text_key


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hello", 5),
        ("héé", 3),
        ("日本語", 6),
        ("👨‍👩‍👧‍👦", 2),
        ("🇳🇱a", 3),
        ("1️⃣", 2),
        ("👍🏽", 2),
        ("©", 1),
        ("see https://example.com/a?b=c#d, ok", 4 + 23 + 4),
        ("example.com.", 24),
        ("http://x.test/" + "a" * 500, 23),
    ],
)
def test_a_text_weighs_what_clients_expect(text: str, expected: int) -> None:
    assert weight(text, urls_in(text)) == expected


def test_links_mentions_and_tags_are_found_where_they_stand() -> None:
    text = "Hi @ann and @bob_1, #café #123 #a1 $TSLA see https://x.test/@foo#bar. mail a@b.com"
    found = entities_of(text, urls_in(text))
    assert [span[2] for span in found.urls] == ["https://x.test/@foo#bar"]
    assert [name for _, _, name, _ in found.mentions] == ["ann", "bob_1"]
    assert [span[2] for span in found.hashtags] == ["café", "a1"]
    assert [span[2] for span in found.cashtags] == ["TSLA"]
    assert found.mentions[0][:2] == (3, 7)


def test_a_text_is_kept_without_what_nobody_sees() -> None:
    assert checked_text("  a\x00b\x07\r\nc  ")[0] == "ab\nc"
    assert checked_text("e\u0301")[0] == "\u00e9"


@pytest.mark.parametrize("text", ["", "   ", "\n", "\u200b\u200b", "\x00"])
def test_an_empty_text_is_no_post(text: str) -> None:
    with pytest.raises(EmptyText):
        checked_text(text)


def test_the_limit_is_280_weighted_characters() -> None:
    assert checked_text("x" * 280)
    for text in ("x" * 281, "語" * 141, "x" * 1_000_000):
        with pytest.raises(TextTooLong):
            checked_text(text)


@pytest.mark.attack("SR-246")
@pytest.mark.parametrize(
    "text", ["a" + "\u0300\u0327" * 320_000, "http://x.test/" + ")" * 83_000], ids=["marks", "brackets"]
)
def test_no_text_takes_long_to_be_refused(text: str) -> None:
    began = time.process_time()
    with contextlib.suppress(TextTooLong):
        entities_of(*checked_text(text))
    assert time.process_time() - began < 15, "what grows with the square takes minutes"


def test_a_link_keeps_the_brackets_that_it_opened() -> None:
    texts = [
        "http://x.test/a_(b)",
        "(http://x.test/a_(b))",
        "http://x.test/(a)).",
        "http://x.test/a)",
        "http://x.test/(a).)",
    ]
    assert [span[2] for text in texts for span in urls_in(text)] == [
        "http://x.test/a_(b)",
        "http://x.test/a_(b)",
        "http://x.test/(a)",
        "http://x.test/a",
        "http://x.test/(a)",
    ]


def test_the_same_text_is_recognised_in_any_case_and_spacing() -> None:
    assert text_key("Hello  World") == text_key("hello world") != text_key("hello world!")


@pytest.mark.parametrize(
    ("text", "urls", "mentions", "hashtags"),
    [
        ("見てhttps://x.test/aです", ["https://x.test/a"], [], []),
        ("見てexample.comのテスト", ["example.com"], [], []),
        ("日本@annさん #東京タワー", [], ["ann"], ["東京タワー"]),
        ("＠ann ＃tag", [], ["ann"], ["tag"]),
        ("👍🏽@ann 👨‍👩‍👧‍👦 #🦊 #fox🦊", [], ["ann"], ["fox"]),
        ("https://x.test/é/д?ü=1", ["https://x.test/é/д?ü=1"], [], []),
        ("mail a@b.example and @annö and @ann://x", [], [], []),
        ("한국어https://x.test 링크", ["https://x.test"], [], []),
        ("@averyveryverylongname @ok", [], ["ok"], []),
    ],
)
def test_what_stands_in_a_text_of_any_script(
    text: str, urls: list[str], mentions: list[str], hashtags: list[str]
) -> None:
    found = entities_of(text, urls_in(text))
    assert [url for _, _, url in found.urls if url != "b.example"] == urls
    assert [name for _, _, name, _ in found.mentions] == mentions
    assert [tag for _, _, tag in found.hashtags] == hashtags
    for start, end, url in found.urls:
        assert text[start:end] == url
    for start, end, name, _ in found.mentions:
        assert text[start:end] in {f"@{name}", f"\uff20{name}"}


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://www.example.com/", "example.com/"),
        ("http://example.com", "example.com"),
        ("example.com/a?b=c", "example.com/a?b=c"),
        ("https://example.com/" + "a" * 15, "example.com/" + "a" * 15),
        ("https://example.com/" + "a" * 16, "example.com/" + "a" * 14 + "…"),
        ("https://www.test", "test"),
    ],
)
def test_a_link_is_shown_short(url: str, shown: str) -> None:
    assert shown_address(url) == shown
