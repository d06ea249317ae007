"""Why a call was refused, as the name of a reason and its facts: what the log keeps, and `reasons` has the words for."""

from volary.access.caller import Caller
from volary.access.errors import LevelTooLow, NotEnrolled, ScopeMissing, UnsupportedAuthentication
from volary.api.errors import InvalidRequest
from volary.kit.errors import Busy, Refusal, TooMany
from volary.usage.rules.redaction import base_shown, value_shown

Facts = dict[str, str | int]

_LONGEST = 300


def told(refusal: Refusal | None, caller: Caller | None) -> tuple[str, Facts]:
    """Reason and facts; no reason for a call that was not refused."""
    if refusal is None:
        return "", {}
    clue = refusal.clue
    if clue is not None and clue.reason:
        return clue.reason, (clue.facts | {"base": base_shown(clue.base)} if clue.base else clue.facts)
    match refusal:
        case ScopeMissing():
            has = " ".join(sorted(caller.scopes)) if caller else ""
            return "scope", {"missing": " ".join(sorted(refusal.missing)), "has": has or "–"}
        case LevelTooLow():
            return "level", {"level": caller.level.wire if caller else ""}
        case UnsupportedAuthentication():
            return "scheme", {"used": refusal.used, "supported": ", ".join(refusal.supported)}
        case NotEnrolled():
            return "no_project", {}
        case Busy():
            return "busy", {}
        case TooMany():
            return "limit", {"seconds": refusal.retry_after}
        case _:
            return "told", {"answer": _answer(refusal)}


def _answer(refusal: Refusal) -> str:
    """What the App was told. Where it repeats what was sent in a parameter, only harmless values are kept."""
    text = str(refusal)
    if isinstance(refusal, InvalidRequest):
        for value in refusal.values:
            text = text.replace(value, value_shown(refusal.parameter, value)) if value else text
    return text[:_LONGEST]
