"""A multipart body in memory: its parts by name, strictly (RFC 7578, SR-262, SR-263).

File names and the types that a sender gives its parts are passed over: nothing here believes them, so they cannot lead anywhere.
"""

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from volary.api.errors import InvalidRequest

MOST_PARTS = 16
LONGEST_FIELD = 4096
"""The most bytes of a part that is not among those that may be long."""
_LONGEST_NAME = 64
_MOST_HEADERS, _LONGEST_HEADER = 8, 8192


def parts_of(content_type: bytes, body: bytes, *, long: frozenset[str]) -> dict[str, bytes]:
    """The parts by their names, each once. Parts named in `long` may have any length, the others are fields of a form.

    It looks for boundaries in the whole body, which takes milliseconds for megabytes. Raises InvalidRequest.
    """
    kind, options = parse_options_header(content_type)
    boundary = options.get(b"boundary", b"")
    if kind.lower() != b"multipart/form-data" or not boundary:
        raise InvalidRequest("The multipart body names no boundary.")
    collected = _Collected(long)
    try:
        parser = MultipartParser(
            boundary,
            {
                "on_part_begin": collected.begin,
                "on_part_data": collected.data,
                "on_part_end": collected.end_part,
                "on_header_field": collected.header_name,
                "on_header_value": collected.header_value,
                "on_header_end": collected.end_header,
                "on_end": collected.end,
            },
            max_header_count=_MOST_HEADERS,
            max_header_size=_LONGEST_HEADER,
        )
        parser.write(body)
        parser.finalize()
    except (FormParserError, UnicodeDecodeError) as error:
        raise InvalidRequest("The multipart body cannot be read.") from error
    if not collected.ended:
        raise InvalidRequest("The multipart body ends before its last boundary.")
    return collected.parts


class _Collected:
    """What the parser has found so far."""

    def __init__(self, long: frozenset[str]) -> None:
        self.parts: dict[str, bytes] = {}
        self.ended = False
        self._long = long
        self._begun = 0
        self._header = self._value = b""
        self._name: str | None = None
        self._pieces: list[bytes] = []
        self._size = 0

    def begin(self) -> None:
        self._begun += 1
        if self._begun > MOST_PARTS:
            raise InvalidRequest(f"The multipart body has more than {MOST_PARTS} parts.")
        self._name, self._pieces, self._size = None, [], 0

    def header_name(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def end_header(self) -> None:
        if self._header.lower() == b"content-disposition":
            kind, options = parse_options_header(self._value)
            name = options.get(b"name", b"").decode()
            if kind.lower() == b"form-data" and 0 < len(name) <= _LONGEST_NAME:
                self._name = name
        self._header = self._value = b""

    def data(self, data: bytes, start: int, end: int) -> None:
        if self._name is None:
            raise InvalidRequest("A part of the multipart body has no name.")
        self._size += end - start
        if self._size > LONGEST_FIELD and self._name not in self._long:
            raise InvalidRequest(f"The field `{self._name}` of the multipart body is too long.", self._name)
        self._pieces.append(data[start:end])

    def end_part(self) -> None:
        if self._name is None:
            raise InvalidRequest("A part of the multipart body has no name.")
        if self._name in self.parts:
            raise InvalidRequest(f"The field `{self._name}` of the multipart body is there twice.", self._name)
        self.parts[self._name] = b"".join(self._pieces)

    def end(self) -> None:
        self.ended = True
