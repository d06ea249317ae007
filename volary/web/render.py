"""Templates: one Jinja environment for each language, so that macros need no visitor to find their words.

Autoescaping is always on and an unknown name is an error. The compiled templates are shared by the languages. Sentences of the
catalogues are plain text and are escaped like everything else: markup enters a sentence only through its places, as a value that was
built by a macro.
"""

from collections.abc import Callable
from functools import cache
from pathlib import Path

from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined, Template
from jinja2.bccache import Bucket
from markupsafe import Markup, escape

from volary.language import LANGUAGES, catalogue, formats
from volary.settings import Settings
from volary.web.static import assets

PACKAGE = Path(__file__).parent.parent


class _Compiled(BytecodeCache):
    """Keeps compiled templates in memory, for the environments of all languages; Jinja checks them against their sources."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if (code := self._kept.get(bucket.key)) is not None:
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


_COMPILED = _Compiled()


class Renderer:
    """The templates of every room, in every language, for one installation."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._folders = sorted(PACKAGE.glob("*/templates"))
        self._environments = {language.code: self._environment(language.code) for language in LANGUAGES}

    def template(self, name: str, language: str) -> Template:
        """A template by its name, such as `web/base.html`."""
        return self._environments[language].get_template(name)

    def _environment(self, language: str) -> Environment:
        environment = Environment(
            loader=FileSystemLoader(self._folders),
            autoescape=True,
            undefined=StrictUndefined,
            bytecode_cache=_COMPILED,
            auto_reload=False,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        prefix = self._settings.path_prefix
        environment.globals.update(
            _=sentences(language, self._settings.site_name),
            n=plurals(language, self._settings.site_name),
            to=lambda path: prefix + path,
            static=lambda name: prefix + assets(self._settings.accent).path(name),
            site=self._settings.site_name,
            language=language,
            languages=LANGUAGES,
            formats=formats.Formats(language),
        )
        return environment


def sentences(language: str, site: str) -> Callable[..., Markup]:
    """The function `_` of a language's templates: a sentence, translated and escaped, with its places filled."""
    words = catalogue(language)

    @cache
    def escaped(sentence: str) -> Markup:
        return escape(words.text(sentence))

    def translated(sentence: str, /, **parameters: object) -> Markup:
        return escaped(sentence) % {"site": site, **parameters}

    return translated


def plurals(language: str, site: str) -> Callable[..., Markup]:
    """The function `n` of a language's templates: the form of a sentence that fits a number."""
    words = catalogue(language)

    def translated(one: str, many: str, number: int, /, **parameters: object) -> Markup:
        return escape(words.plural(one, many, number)) % {"site": site, "n": number, **parameters}

    return translated
