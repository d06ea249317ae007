"""Which sentences the rooms say, found in their code and templates, and what the catalogues hold.

`python -m tests.language.extraction` writes what is missing into the catalogues, untranslated, and takes out what nobody says any more.
"""

import re
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po

from volary.language import LANGUAGES
from volary.language.catalogues import LOCALES, SOURCE

PRODUCT = LOCALES.parent.parent
LANGUAGES_TO_TRANSLATE = [language.code for language in LANGUAGES if language.code != SOURCE]

Id = str | tuple[str, str]

# Functions that take a sentence, with the places of its singular and plural.
_SINGLE = dict.fromkeys(("_", "mark", "t"), None)
_PLURAL = {"n": (1, 2)}

HEADER = """# {name} of the room `{room}`. The ids are the sentences in code and templates; tests/language holds them together.
msgid ""
msgstr ""
"Language: {code}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""


@cache
def said() -> dict[str, dict[Id, str]]:
    """The sentences of each room (a folder or module of the product), each with a place where it is said."""
    rooms: dict[str, dict[Id, str]] = {}
    for path in sorted(PRODUCT.rglob("*")):
        if path.suffix not in {".py", ".html"}:
            continue
        room = path.relative_to(PRODUCT).parts[0].removesuffix(".py")
        for line, sentence in _in(path):
            rooms.setdefault(room, {}).setdefault(sentence, f"{path.relative_to(PRODUCT.parent)}:{line}")
    return rooms


def _in(path: Path) -> Iterator[tuple[int, Id]]:
    keywords = {**_SINGLE, **_PLURAL}
    method = "python" if path.suffix == ".py" else "jinja2"
    with path.open("rb") as file:
        for line, sentence, _comments, _context in extract(method, file, keywords=keywords):
            if sentence:
                yield line, sentence if isinstance(sentence, str) else (sentence[0], sentence[1])


def files(language: str) -> list[Path]:
    """The catalogues of a language. A room may have several: `oauth.po`, `oauth1.po`."""
    return sorted((LOCALES / language).glob("*.po"))


def room_of(path: Path) -> str:
    """The room that a catalogue belongs to: its name is the room's, or begins with it."""
    fitting = [room for room in said() if path.stem.startswith(room)]
    return max(fitting, key=len, default=path.stem)


def read(path: Path) -> Catalog:
    """One catalogue."""
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.name)


def held(room: str, language: str) -> set[Id]:
    """The sentences that a room's catalogues have."""
    return set().union(*(ids(read(path)) for path in files(language) if room_of(path) == room))


def ids(catalogue: Catalog) -> set[Id]:
    """The sentences that a catalogue has an entry for."""
    return {_id(message.id) for message in catalogue if message.id}


def _id(message_id: str | tuple[str, ...] | list[str]) -> Id:
    return message_id if isinstance(message_id, str) else (message_id[0], message_id[1])


def places(text: str) -> set[str]:
    """The %(name)s places of a sentence."""
    return set(re.findall(r"%\(\w+\)[a-z]", text))


def write(path: Path, catalogue: Catalog) -> None:
    """Write a catalogue, its sentences in order, one to a line."""
    language = next(entry for entry in LANGUAGES if entry.code == path.parent.name)
    buffer = BytesIO()
    write_po(buffer, catalogue, width=0, no_location=True, omit_header=True, sort_output=True, ignore_obsolete=True)
    text = HEADER.format(name=language.name, room=path.stem, code=language.code) + buffer.getvalue().decode()
    path.write_text(text.rstrip("\n") + "\n", "utf-8")


def _mend() -> None:
    for language in LANGUAGES_TO_TRANSLATE:
        shared = held("web", language)
        for path in files(language):
            _without_stale(path)
        for room, sentences in said().items():
            missing = sentences.keys() - held(room, language) - (set() if room == "web" else shared)
            path = LOCALES / language / f"{room}.po"
            catalogue = read(path) if path.exists() else Catalog(locale=language)
            for sentence in missing:
                catalogue.add(sentence, "" if isinstance(sentence, str) else ("", ""))
            if missing:
                write(path, catalogue)


def _without_stale(path: Path) -> None:
    catalogue = read(path)
    stale = [message.id for message in catalogue if message.id and _id(message.id) not in said().get(room_of(path), {})]
    for sentence in stale:
        catalogue.delete(sentence if isinstance(sentence, str) else sentence[0])
    if stale:
        write(path, catalogue)


if __name__ == "__main__":
    _mend()
