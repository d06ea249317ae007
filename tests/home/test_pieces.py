"""A text as pieces: what leads somewhere and what does not, and nothing lost between."""

from hypothesis import given
from hypothesis import strategies as st

from volary.home.rules import Piece, pieces
from volary.posts.rules.entities import Entities, entities_of, urls_in
from volary.posts.rules.links import shown_address


def read(text: str, *, known: bool = True, lead: int = 0) -> Entities:
    """The entities of a text; each mentioned name has an account, or none has."""
    found = entities_of(text, urls_in(text))
    mentions = tuple((start, end, name, int(known)) for start, end, name, _ in found.mentions)
    return Entities(found.urls, mentions, found.hashtags, found.cashtags, lead)


def test_each_kind_leads_where_it_should() -> None:
    text = "@bob see https://example.org/a, www.example.com, #gentian and $ABC"
    assert [piece for piece in pieces(text, read(text)) if piece.kind != "text"] == [
        Piece("@bob", "mention", "/bob"),
        Piece("example.org/a", "link", "https://example.org/a"),
        Piece("example.com", "link", "http://www.example.com"),
        Piece("#gentian", "tag", "/search?q=%23gentian"),
        Piece("$ABC", "tag", "/search?q=%24ABC"),
    ]


def test_a_name_that_nobody_had_leads_nowhere() -> None:
    assert pieces("hi @nobody", read("hi @nobody", known=False)) == [Piece("hi @nobody")]


def test_the_names_that_an_answer_was_given_are_left_out() -> None:
    text = "@ann @bob yes, @carol"
    assert [piece.text for piece in pieces(text, read(text, lead=10))] == ["yes, ", "@carol"]
    assert pieces("@ann ", read("@ann ", lead=5)) == []


@given(st.text(st.sampled_from("a @#$.:/é\n<&早\u202e") | st.characters(), max_size=80), st.integers(0, 20))
def test_nothing_is_lost_or_said_twice(text: str, lead: int) -> None:
    lead = min(lead, len(text))
    entities = read(text, lead=lead)
    shown = {shown_address(url): url for _, _, url in entities.urls}
    whole = "".join(shown[one.text] if one.kind == "link" else one.text for one in pieces(text, entities))
    spans = [(start, end) for start, end, _ in entities.urls] + [(start, end) for start, end, _, _ in entities.mentions]
    begun_inside = any(start < lead < end for start, end in spans)
    assert whole == text[lead:] or begun_inside
