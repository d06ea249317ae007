"""Texts are normalised as everybody does it, and nobody can make that take long."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from volary.kit.unicode import composed

MARKS = "\u0300\u0327\u0315\u0316"


@given(st.text(max_size=100))
def test_usual_texts_are_in_the_composed_form(text: str) -> None:
    assert composed(text) == unicodedata.normalize("NFC", text)


@given(st.text(alphabet="ae" + MARKS, max_size=200))
def test_what_comes_out_stays_as_it_is(text: str) -> None:
    once = composed(text)
    assert composed(once) == once
    assert unicodedata.is_normalized("NFC", once)


def test_no_letter_has_more_marks_than_can_be_sorted() -> None:
    text = composed("a" + MARKS * 100)
    assert text.count("\u034f") == 399 // 30
    assert max(len(piece) for piece in text.split("\u034f")) <= 31


@pytest.mark.attack("SR-246")
def test_a_letter_with_many_marks_takes_no_time() -> None:
    text = "a" + MARKS * 160_000
    began = time.process_time()
    composed(text)
    assert time.process_time() - began < 25, "sorting them by insertion takes minutes"
