"""Translation, and the choice of a language."""

import pytest

from volary.kit.clock import DAY, HOUR, MINUTE
from volary.language import chosen, translate, translate_plural
from volary.language.formats import Formats

NOW = 1_795_341_900_000  # 2026-11-22, 10:05 UTC


@pytest.mark.parametrize(
    "language,words",
    [("en", "Skip to main content"), ("nl", "Ga naar de hoofdinhoud"), ("de", "Zum Hauptinhalt springen")],
)
def test_a_sentence_is_said_in_each_language(language: str, words: str) -> None:
    assert translate(language, "Skip to main content") == words


def test_an_unknown_sentence_stays_english() -> None:
    assert translate("nl", "No room says this about %(name)s.", name="Ann") == "No room says this about Ann."


def test_an_unknown_language_is_english() -> None:
    assert translate("tlh", "Skip to main content") == "Skip to main content"


def test_numbers_choose_their_form() -> None:
    forms = ("One thing needs to be put right.", "%(n)s things need to be put right.")
    assert translate_plural("en", *forms, 1) == "One thing needs to be put right."
    assert translate_plural("en", *forms, 3) == "3 things need to be put right."
    assert translate_plural("de", *forms, 1) == "Eine Angabe muss berichtigt werden."
    assert translate_plural("nl", *forms, 0) == "Er moeten 0 dingen worden rechtgezet."
    assert translate_plural("nl", "One bird", "%(n)s birds", 2) == "2 birds"


@pytest.mark.parametrize(
    "accept,language",
    [
        ("", "en"),
        ("nl", "nl"),
        ("nl-BE,fr;q=0.8", "nl"),
        ("fr, de;q=0.5, nl;q=0.9", "nl"),
        ("DE_AT", "de"),
        ("nl;q=0, de;q=0.1", "de"),
        ("fr,es", "en"),
        ("*", "en"),
        ("nl;q=much, de", "de"),
        ("nl;q=nan", "en"),
        (",;=,;q=", "en"),
        ("x" * 5_000, "en"),
    ],
)
def test_the_most_wanted_installed_language_is_taken(accept: str, language: str) -> None:
    assert chosen(accept=accept) == language


def test_a_wish_goes_before_the_browser() -> None:
    assert chosen("de", accept="nl") == "de"
    assert chosen("", None, "nl-NL", accept="de") == "nl"
    assert chosen("../../etc", accept="de") == "de"


@pytest.mark.parametrize(
    "language,before,words",
    [
        ("en", 3 * HOUR, "3 hours ago"),
        ("nl", 3 * HOUR, "3 uur geleden"),
        ("de", 5 * HOUR, "vor 5 Stunden"),
        ("en", 40 * DAY, "1 month ago"),
        ("en", MINUTE, "1 minute ago"),
        ("en", 59_000, "just now"),
        ("nl", -5_000, "zojuist"),
        ("de", -2 * DAY, "in 2 Tagen"),
    ],
)
def test_moments_are_told_as_people_tell_them(language: str, before: int, words: str) -> None:
    assert Formats(language).ago(NOW - before, NOW) == words


def test_moments_are_written_out() -> None:
    assert Formats("en").moment(NOW) == "Nov 22, 2026, 10:05 UTC"
    assert Formats("nl").moment(NOW, "Europe/Amsterdam") == "22 nov 2026, 11:05 CET"
    assert Formats("de").moment(NOW, "Not/AZone") == "22.11.2026, 10:05 UTC"
    assert Formats("nl").day(NOW) == "22 nov 2026"
    assert Formats.machine(NOW) == "2026-11-22T10:05:00Z"


def test_numbers_and_lists() -> None:
    assert Formats("de").number(12345.5) == "12.345,5"
    assert Formats("nl").listing(["a", "b", "c"]) == "a, b en c"
