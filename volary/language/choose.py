"""Which language somebody gets: the first installed one among their wishes."""

from collections.abc import Iterator

from volary.language.catalogues import LANGUAGES, SOURCE

_CODES = frozenset(language.code for language in LANGUAGES)
_LONGEST_HEADER = 500


def chosen(*wishes: str | None, accept: str | None = None) -> str:
    """The first wish that is installed, else the best of an Accept-Language header (RFC 9110 §12.5.4), else English.

    A wish may carry a region (`nl-BE`): the language is what counts.
    """
    for wish in wishes:
        code = _primary(wish or "")
        if code in _CODES:
            return code
    return next(_accepted(accept or ""), SOURCE)


def _primary(tag: str) -> str:
    return tag.strip().lower().replace("_", "-").partition("-")[0]


def _accepted(header: str) -> Iterator[str]:
    """Installed languages of the header, the most wanted first; a part that makes no sense is passed over."""
    weighed: list[tuple[float, str]] = []
    for part in header[:_LONGEST_HEADER].split(","):
        tag, _, options = part.partition(";")
        name, _, value = options.strip().partition("=")
        try:
            weight = float(value) if name == "q" else 1.0
        except ValueError:
            continue
        if weight > 0 and _primary(tag) in _CODES:
            weighed.append((-weight, _primary(tag)))
    for _, code in sorted(weighed, key=lambda pair: pair[0]):
        yield code
