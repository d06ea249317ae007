"""Refusals that only the API's wire knows: wrong parameters, and X's numbered errors of v1.1."""

from volary.kit.errors import Forbidden, Invalid, Refusal

_LONGEST_SENTENCE, _LONGEST_VALUE = 2_000, 100


class InvalidRequest(Invalid):
    """A parameter is wrong: X's `invalid-request` problem, which names it and the values that were sent (X facts 4.4).

    What was sent is echoed clipped: an answer is never much longer than a sentence.
    """

    def __init__(self, message: str, parameter: str = "", values: tuple[str, ...] = ()) -> None:
        super().__init__("%(sentence)s", sentence=message[:_LONGEST_SENTENCE])
        self.parameter = parameter[:_LONGEST_VALUE]
        self.values = tuple(value[:_LONGEST_VALUE] for value in values)


class NotPermitted(Forbidden):
    """The caller may call this, but not for this content or person: X's plain 403 with a sentence of its own (X facts 4.3)."""


class Numbered(Refusal):
    """A refusal with X's v1.1 number and text (X facts 1.7). On v2 paths only its status counts."""

    def __init__(self, status: int, code: int, message: str, why: str = "") -> None:
        super().__init__("%(text)s", text=message, why=why)
        self.status = status
        self.code = code


class NotBuilt(Refusal):
    """A part of X's API that this server does not have; said plainly instead of being ignored."""

    status = 501

    def __init__(self, what: str) -> None:
        super().__init__("%(what)s is not supported by this server.", what=what)
