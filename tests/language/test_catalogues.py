"""Every sentence that any room says has its Dutch and its German, and no catalogue holds what nobody says (C231)."""

import re
from pathlib import Path

import pytest

from tests.language import extraction
from tests.language.extraction import Id
from volary.language import LANGUAGES
from volary.language.catalogues import LOCALES

ROOMS = sorted(extraction.said())
LANGUAGES_TO_TRANSLATE = extraction.LANGUAGES_TO_TRANSLATE
FILES = [path for language in LANGUAGES_TO_TRANSLATE for path in extraction.files(language)]


def name(path: Path) -> str:
    return str(path.relative_to(LOCALES))


def listed(sentences: dict[Id, str]) -> str:
    return "\n" + "\n".join(
        f"{place}: {sentence!r}" for sentence, place in sorted(sentences.items(), key=lambda at: at[1])
    )


@pytest.mark.claim("C231")
@pytest.mark.parametrize("language", LANGUAGES_TO_TRANSLATE)
@pytest.mark.parametrize("room", ROOMS)
def test_every_sentence_is_translated(room: str, language: str) -> None:
    """A sentence that the room `web` has as well (“Cancel”) needs no second translation."""
    known = extraction.held(room, language) | extraction.held("web", language)
    missing = {sentence: place for sentence, place in extraction.said()[room].items() if sentence not in known}
    assert not missing, f"{LOCALES.name}/{language}/{room}.po lacks {len(missing)}:{listed(missing)}"


@pytest.mark.parametrize("path", FILES, ids=name)
def test_no_catalogue_holds_what_nobody_says(path: Path) -> None:
    said = extraction.said().get(extraction.room_of(path), {})
    assert not sorted(map(str, extraction.ids(extraction.read(path)) - said.keys()))


@pytest.mark.parametrize("path", FILES, ids=name)
def test_no_translation_is_empty_or_unsure(path: Path) -> None:
    unready = [
        message.id
        for message in extraction.read(path)
        if message.id and (message.fuzzy or not all(forms(message.string)))
    ]
    assert not unready


@pytest.mark.parametrize("path", FILES, ids=name)
def test_translations_have_the_same_places(path: Path) -> None:
    """Each form of a translation has the places of its sentence; a plural's singular may leave the number out."""
    differing = []
    for message in extraction.read(path):
        if not message.id:
            continue
        wanted = extraction.places(forms(message.id)[-1])
        for place, form in enumerate(forms(message.string)):
            had = extraction.places(form)
            if had != wanted and not (place == 0 and len(forms(message.id)) > 1 and had == wanted - {"%(n)s"}):
                differing.append((message.id, had ^ wanted))
    assert not differing


@pytest.mark.parametrize("path", FILES, ids=name)
def test_every_form_can_be_filled(path: Path) -> None:
    """A percent sign that is not a place is doubled: sentences are always filled."""
    for message in extraction.read(path):
        for text in (*forms(message.id), *forms(message.string)):
            filled = text % dict.fromkeys(re.findall(r"%\((\w+)\)", text), 0)
            assert "%(" not in filled


@pytest.mark.parametrize("language", LANGUAGES_TO_TRANSLATE)
def test_a_sentence_is_translated_in_one_way(language: str) -> None:
    """The catalogues of the rooms are merged: two that differ would make the words depend on their order."""
    found: dict[str, dict[str, list[str]]] = {}
    for path in extraction.files(language):
        for message in extraction.read(path):
            if message.id:
                found.setdefault(str(message.id), {}).setdefault(str(message.string), []).append(path.name)
    assert not {sentence: ways for sentence, ways in found.items() if len(ways) > 1}


def test_each_catalogue_belongs_to_a_room() -> None:
    assert not {path.name for path in FILES if extraction.room_of(path) not in ROOMS}


@pytest.mark.claim("C232")
def test_languages_bear_their_own_names() -> None:
    assert [(language.code, language.name) for language in LANGUAGES] == [
        ("en", "English"),
        ("de", "Deutsch"),
        ("nl", "Nederlands"),
    ]


def test_the_extraction_finds_what_code_and_templates_say() -> None:
    """The control of all the above: were nothing found, nothing could be missing."""
    assert "Skip to main content" in extraction.said()["web"]
    assert "just now" in extraction.said()["language"]
    assert ("One thing needs to be put right.", "%(n)s things need to be put right.") in extraction.said()["web"]


def forms(text: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    return (text or "",) if isinstance(text, str) or text is None else tuple(text)
