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
that the API prints. `why` is for the log alone. It is rendered in two places only: the rings of `api` and of `web`. Beside them it
may bring a clue, from which the App's developer is told in the portal what was wrong.
"""

from typing import Self

import msgspec


class Clue(msgspec.Struct):
    """What is known of a refused call beyond its answer: for the developer of the App, whom the answer must not tell everything.

    `reason` names a sentence (`usage.rules.reasons`), `facts` fill it: never a secret, a token, a code, or a text that somebody wrote.
    `app_id` is the App that the call named, `proven` whether it proved that. What is not known yet is looked up when the clue is written
    down, by the digests of the key and token that were sent. `base` is the base string of a signature, shown only redacted.
    """

    reason: str = ""
    facts: dict[str, str | int] = {}
    app_id: int = 0
    proven: bool = False
    key: bytes = b""
    token: bytes = b""
    base: bytes = b""


class Refusal(Exception):
    """A rule said no. Subclasses set the status; rooms derive their own in `errors.py` where a caller must tell them apart."""

    status = 400

    def __init__(self, message: str, *, field: str | None = None, why: str = "", **parameters: str | int) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.why = why
        self.parameters = parameters
        self.clue: Clue | None = None

    def because(self, reason: str, /, **facts: str | int) -> Self:
        """The same refusal, with what the App's developer is told of it."""
        self.clue = Clue(reason, facts)
        return self

    def named(self, app_id: int = 0, *, proven: bool = False, key: bytes = b"", token: bytes = b"") -> Self:
        """The same refusal, with the App that the call named, or digests of the key and token that may tell it. The first one holds."""
        clue = self.clue = self.clue or Clue()
        clue.app_id, clue.proven = clue.app_id or app_id, clue.proven or proven
        clue.key, clue.token = clue.key or key, clue.token or token
        return self

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


class RefusedTo:
    """`with RefusedTo(app_id, proven=True):` whatever is refused inside is refused to this App, and stands in its log."""

    __slots__ = ("_app_id", "_proven")

    def __init__(self, app_id: int, *, proven: bool = False) -> None:
        self._app_id, self._proven = app_id, proven

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if isinstance(error, Refusal):
            error.named(self._app_id, proven=self._proven)
