"""Lines of CSV for table programs (RFC 4180), in which no text of anybody is taken for a formula (CWE-1236)."""

import csv
import io
from collections.abc import Iterable

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def csv_line(values: Iterable[object]) -> str:
    """One line, with its end. A text that a table program would compute is quoted; None is empty."""
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow(_harmless(value) for value in values)
    return line.getvalue()


def _harmless(value: object) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
