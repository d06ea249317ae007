"""Writing a letter: one template, read twice, as plain text and as HTML, in the reader's language.

A template has two blocks, `subject` and `letter`, made of `parts` (`mail/text_parts.html`, `mail/html_parts.html`). It knows `at(path)` for
addresses of this site, `when(ms)` for times in the reader's time zone, `_` for sentences, and the letter's parameters.
"""

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import escape

from volary.language import catalogue, chosen
from volary.language.formats import Formats
from volary.mail.rules import subject_of
from volary.settings import Settings

PACKAGE = Path(__file__).parent.parent


class Written(msgspec.Struct, frozen=True):
    """A letter as it is read."""

    language: str
    subject: str
    text: str
    html: str


class Writer:
    """Writes the letters of every room, for one installation."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._folders = sorted(PACKAGE.glob("*/templates"))
        self._environment = cache(self._made)

    def written(self, template: str, language: str, parameters: Mapping[str, str | int]) -> Written:
        """A letter from its template and parameters; in English where the language is not installed."""
        language = chosen(language)
        zone, formats = str(parameters.get("zone", "Etc/UTC")), Formats(language)
        values: dict[str, object] = {**parameters, "when": lambda at: formats.moment(at, zone)}
        subject = subject_of(self._part(template, language, "text", "subject", values))
        values["subject"] = subject
        text = self._part(template, language, "text", "letter", values)
        html = self._part(template, language, "html", "letter", values)
        return Written(language, subject, _tidy(text), html)

    def _part(self, template: str, language: str, form: str, block: str, values: Mapping[str, object]) -> str:
        read = self._environment(language, form).get_template(f"{template}.html")
        context = read.new_context(dict(values))
        return "".join(read.blocks[block](context))

    def _made(self, language: str, form: str) -> Environment:
        is_html = form == "html"
        made = Environment(
            loader=FileSystemLoader(self._folders),
            autoescape=is_html,  # noqa: S701 - plain text shows what it is given as it is
            undefined=StrictUndefined,
            auto_reload=False,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        made.globals.update(
            _=_sentences(language, self._settings.site_name, escaping=is_html),
            at=lambda path: self._settings.public_url + path,
            site=self._settings.site_name,
            home=self._settings.public_url,
            language=language,
        )
        made.globals["parts"] = made.get_template(f"mail/{form}_parts.html").module
        return made


def _sentences(language: str, site: str, *, escaping: bool) -> Callable[..., str]:
    """The function `_` of a letter: a sentence, translated, with its places filled and escaped where the form needs it."""
    words = catalogue(language)

    def translated(sentence: str, /, **parameters: object) -> str:
        text = words.text(sentence)
        return (escape(text) if escaping else text) % {"site": site, **parameters}

    return translated


def _tidy(text: str) -> str:
    """Paragraphs with one empty line between them."""
    while "\n\n\n" in text:
        text = text.replace("\n\n\n", "\n\n")
    return text.strip("\n") + "\n"
