"""Which bytes of a file a request wants (RFC 9110 §14). One range at most: several at once serve nobody but an attacker (SR-258)."""

import re

import msgspec

_ONE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")


class Span(msgspec.Struct, frozen=True):
    """Bytes from `start` up to and without `end`."""

    start: int
    end: int


def span_of(header: str | None, size: int) -> Span | None:
    """The wanted span of a file; the whole of it where no range is asked for, None where the range cannot be given (416)."""
    if header is None or not header.lower().startswith("bytes="):
        return Span(0, size)  # another unit is passed over (RFC 9110 §14.2)
    found = _ONE.fullmatch(header.strip().lower()) if len(header) <= 64 else None
    if found is None or not (found[1] or found[2]):
        return None
    if not found[1]:
        start, end = max(0, size - int(found[2])), size
    else:
        start, end = int(found[1]), min(size, int(found[2]) + 1) if found[2] else size
    return Span(start, end) if start < end else None
