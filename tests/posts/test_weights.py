"""What a text weighs and what stands in it, beside a plain account of its pieces."""

import itertools
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from volary.posts.errors import EmptyText, TextTooLong
from volary.posts.rules.entities import entities_of, urls_in
from volary.posts.rules.length import LIMIT, weight
from volary.posts.rules.texts import checked_text, text_key

PLAIN = st.sampled_from("abcXYZ019éüßñ").map(lambda letter: (letter, 1))
HEAVY = st.sampled_from("日本語中文한글").map(lambda letter: (letter, 2))
EMOJI = st.sampled_from(["😀", "👍🏽", "👨‍👩‍👧‍👦", "🇳🇱", "1️⃣", "❤️", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "🦊"]).map(lambda one: (one, 2))
LINK = st.sampled_from(["https://example.com", "http://a.test/x?y=z#w", "example.org", "www.example.net/a/b"]).map(
    lambda one: (one, 23)
)
WORD = st.lists(PLAIN | HEAVY, min_size=1, max_size=6).map(
    lambda letters: ("".join(letter for letter, _ in letters), sum(heavy for _, heavy in letters))
)


@given(st.lists(WORD | EMOJI | LINK, max_size=20))
def test_a_text_weighs_what_its_pieces_weigh(pieces: list[tuple[str, int]]) -> None:
    text = " ".join(piece for piece, _ in pieces)
    assert weight(text, urls_in(text)) == sum(heavy for _, heavy in pieces) + max(0, len(pieces) - 1)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=300))
def test_any_text_has_a_weight_that_its_other_spelling_has_too(text: str) -> None:
    text = unicodedata.normalize("NFC", text)
    found = weight(text, urls_in(text))
    assert 0 <= found <= 2 * len(text) + 23 * len(urls_in(text))


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=400))
def test_any_text_is_kept_or_refused_and_what_is_kept_fits(text: str) -> None:
    try:
        kept, links = checked_text(text)
    except (EmptyText, TextTooLong):
        return
    assert weight(kept, links) <= LIMIT
    assert checked_text(kept) == (kept, links)
    assert kept == kept.strip()
    assert "\x00" not in kept
    assert len(text_key(kept)) == 24


SIGNS = st.lists(
    st.sampled_from(["@ann", "#tag", "$VOL", "word", "https://x.test/a", "@", "#1", "(", ")", ".", "日本", "é"])
)


@given(SIGNS)
def test_what_is_found_stands_where_it_is_said_to_stand(pieces: list[str]) -> None:
    text = " ".join(pieces)
    found = entities_of(text, urls_in(text))
    for start, end, url in found.urls:
        assert text[start:end] == url
    for start, end, name, _ in found.mentions:
        assert text[start:end] == f"@{name}"
    for start, end, tag in (*found.hashtags, *found.cashtags):
        assert text[start + 1 : end] == tag
        assert text[start] in "#$"
    spans: list[tuple[int, int]] = [span[:2] for span in (*found.urls, *found.hashtags, *found.cashtags)]
    spans = sorted([*spans, *(span[:2] for span in found.mentions)])
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(spans))
    assert len(found.mentions) == pieces.count("@ann")
    assert len(found.urls) == pieces.count("https://x.test/a")
    assert len(found.hashtags) == pieces.count("#tag")


@given(st.text(max_size=200))
def test_reading_a_text_never_fails(text: str) -> None:
    entities_of(text, urls_in(text))
