"""Refusals: the one way in which a rule says no.

    Refusal                 400
    ├── Invalid             400   a value is wrong; `field` names it
    ├── Unauthenticated     401   nobody is known to be calling
    ├── Forbidden           403   known, but may not
    ├── NotFound            404   missing, or not for this caller to see
    ├── Conflict            409   somebody else was there first
    ├── TooMany             429   slower, please; `retry_after` in seconds
    └── Busy                503   not now, nothing was done; `retry_after` in seconds

A refusal carries two texts. `message` is an English sentence with %(name)s places: the catalogue id that pages translate and
that the API prints. `why` is for the log alone. It is rendered in two places only: the rings of `api` and of `web`.
"""


class Refusal(Exception):
    """A rule said no. Subclasses set the status; rooms derive their own in `errors.py` where a caller must tell them apart."""

    status = 400

    def __init__(self, message: str, *, field: str | None = None, why: str = "", **parameters: str | int) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.why = why
        self.parameters = parameters

    def __str__(self) -> str:
        return self.message % self.parameters if self.parameters else self.message


class Invalid(Refusal):
    """A value that was sent is wrong."""


class Unauthenticated(Refusal):
    """No credentials, or credentials that are not valid (any more)."""

    status = 401


class Forbidden(Refusal):
    """The caller is known and may not do this."""

    status = 403


class NotFound(Refusal):
    """There is no such thing, or none that this caller may see: the two are told alike."""

    status = 404


class Conflict(Refusal):
    """The name is taken, or the thing was changed meanwhile."""

    status = 409


class TooMany(Refusal):
    """A limit is used up."""

    status = 429

    def __init__(
        self, message: str, *, retry_after: int, field: str | None = None, why: str = "", **parameters: str | int
    ) -> None:
        super().__init__(message, field=field, why=why, **parameters)
        self.retry_after = retry_after


class Busy(TooMany):
    """The server cannot do this now (queue full, disk full, database away); nothing was changed."""

    status = 503
