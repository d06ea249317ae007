import pytest
from hypothesis import given
from hypothesis import strategies as st

from volary.kit.ids import LARGEST_ID
from volary.spaces.rules import checked_title, id_of, wire_id


@given(st.integers(0, LARGEST_ID))
def test_an_id_has_one_spelling_of_thirteen_signs(number: int) -> None:
    text = wire_id(number)
    assert (len(text), text[0], text.isalnum() and text.isascii()) == (13, "1", True)
    assert id_of(text) == number


@pytest.mark.parametrize(
    "text", ["", "1", "0" * 13, "1" + "Z" * 12, wire_id(5)[1:], wire_id(5) + "0", "1-0000000000a", "1" + "０" * 12]
)
def test_anything_else_is_no_id(text: str) -> None:
    assert id_of(text) is None


def test_a_title_keeps_emoji_whole_and_cannot_turn_its_line() -> None:
    family = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
    assert checked_title(f"  About\n{family}\u202e bees\x00 ") == f"About {family} bees"
