"""Why a query is not understood."""

from volary.api.errors import InvalidRequest

_BEFORE = "There were errors processing your request: "


class BadQuery(InvalidRequest):
    """The query cannot be read. `place` is where in it, counted from one (X facts 5.8)."""

    def __init__(self, what: str, query: str, place: int | None = None) -> None:
        where = "" if place is None else f" (at position {place})"
        super().__init__(f"{_BEFORE}{what}{where}", "query", (query,))


class TooLongQuery(InvalidRequest):
    """The query has more characters than this operation takes."""

    def __init__(self, query: str, longest: int) -> None:
        message = (
            f"The `query` query parameter value [{query[:50]}…] is not valid: size must be between 1 and {longest}"
        )
        super().__init__(message, "query", (query,))
