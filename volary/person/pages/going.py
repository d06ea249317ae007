"""Where people go on to, and when they may come back."""

from volary.kit.errors import Refusal, TooMany
from volary.web import Response, Visit


def home(visit: Visit) -> str:
    """Where somebody goes who wanted nothing in particular."""
    return "/" if visit.has_door("/") else "/settings"


def with_retry(answer: Response, refusal: Refusal) -> Response:
    """Say in the header, too, when to come back."""
    if isinstance(refusal, TooMany):
        answer.headers["retry-after"] = str(refusal.retry_after)
    return answer
