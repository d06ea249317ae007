"""One merged catalogue for each installed language, read from the rooms' gettext files when it is first needed."""

import gettext
from collections.abc import Callable
from functools import cache
from pathlib import Path

import msgspec
from babel import Locale
from babel.messages.pofile import read_po

SOURCE = "en"
"""The language of the sentences in code and templates; it needs no file."""

LOCALES = Path(__file__).parent / "locales"


class Language(msgspec.Struct, frozen=True):
    """An installed language: its code and the name that its speakers give it (C232)."""

    code: str
    name: str


def _installed() -> tuple[Language, ...]:
    codes = [SOURCE, *sorted(folder.name for folder in LOCALES.iterdir() if any(folder.glob("*.po")))]
    return tuple(Language(code, (Locale.parse(code).get_display_name() or code).capitalize()) for code in codes)


LANGUAGES: tuple[Language, ...] = _installed()
"""The installed languages, the source language first."""


class Catalogue:
    """The sentences of one language. A sentence without a translation is given back in English."""

    def __init__(
        self, sentences: dict[str, str], plurals: dict[str, tuple[str, ...]], index: Callable[[int], int]
    ) -> None:
        self._sentences = sentences
        self._plurals = plurals
        self._index = index

    def text(self, sentence: str) -> str:
        """The sentence in this language, its places still open."""
        return self._sentences.get(sentence, sentence)

    def plural(self, one: str, many: str, number: int) -> str:
        """The form that fits the number, its places still open."""
        forms = self._plurals.get(one)
        if forms is None:
            return one if number == 1 else many
        return forms[self._index(number)]


@cache
def catalogue(language: str) -> Catalogue:
    """The merged catalogue of an installed language; of any other, the source language's empty one."""
    sentences: dict[str, str] = {}
    plurals: dict[str, tuple[str, ...]] = {}
    expression = "n != 1"
    for path in sorted((LOCALES / language).glob("*.po")) if language != SOURCE else ():
        with path.open("rb") as file:
            read = read_po(file, locale=language)
        expression = read.plural_expr
        for message in read:
            if not message.id or message.fuzzy:
                continue
            if isinstance(message.id, str):
                sentences[message.id] = str(message.string)
            elif isinstance(message.string, tuple):
                plurals[message.id[0]] = message.string
    return Catalogue(sentences, plurals, gettext.c2py(expression))


def mark(sentence: str) -> str:
    """Name a sentence for the catalogues without translating it yet: for constants and for refusals."""
    return sentence


def translate(language: str, sentence: str, /, **parameters: object) -> str:
    """The sentence in a language with its %(name)s places filled; a percent sign of its own is written %%."""
    return catalogue(language).text(sentence) % parameters


def translate_plural(language: str, one: str, many: str, number: int, /, **parameters: object) -> str:
    """The form of a sentence that fits a number, which fills its %(n)s place."""
    return catalogue(language).plural(one, many, number) % {"n": number, **parameters}
