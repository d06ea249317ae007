"""Times, numbers and lists as a language writes them."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale
from babel.dates import format_date, format_timedelta
from babel.lists import format_list
from babel.numbers import format_decimal
from babel.units import format_unit

from volary.language.catalogues import mark, translate

_MINUTE = 60_000
_JUST_NOW = mark("just now")


class Formats:
    """The forms of one language. Times come as milliseconds since 1970."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._locale = Locale.parse(language)

    def moment(self, milliseconds: int, zone: str = "Etc/UTC") -> str:
        """Day and time of day with the name of the time zone, such as `22 Nov 2026, 10:05 UTC`."""
        when = _at(milliseconds, zone)
        return f"{format_date(when, 'medium', locale=self._locale)}, {when:%H:%M} {when.tzname()}"

    def day(self, milliseconds: int, zone: str = "Etc/UTC") -> str:
        """The day, such as `22 Nov 2026`."""
        return format_date(_at(milliseconds, zone), "medium", locale=self._locale)

    def ago(self, milliseconds: int, now: int) -> str:
        """How long ago, or in how long, in words: `3 hours ago`."""
        if abs(now - milliseconds) < _MINUTE:
            return translate(self._language, _JUST_NOW)
        return format_timedelta(
            timedelta(milliseconds=milliseconds - now), add_direction=True, threshold=1, locale=self._locale
        )

    @staticmethod
    def machine(milliseconds: int) -> str:
        """The moment as HTML's `<time datetime>` wants it."""
        return datetime.fromtimestamp(milliseconds / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def number(self, value: float) -> str:
        """A number with the language's separators."""
        return format_decimal(value, locale=self._locale)

    def size(self, count: int) -> str:
        """So many bytes, in the unit in which people say it: `1.2 MB`."""
        units = ("byte", "kilobyte", "megabyte", "gigabyte")
        step = min(len(units) - 1, max(0, len(str(count)) - 1) // 3)
        return format_unit(round(count / 1000**step, 1), f"digital-{units[step]}", length="short", locale=self._locale)

    def listing(self, words: Sequence[str]) -> str:
        """Words joined as a sentence joins them: `a, b and c`."""
        return format_list(list(words), locale=self._locale)


def _at(milliseconds: int, zone: str) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, _zone(zone))


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC
