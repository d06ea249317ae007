"""*Request log*: the App's latest calls, each with the reason of its refusal in words and what to do."""

from collections.abc import Sequence

import msgspec

from volary.kit.clock import DAY
from volary.language import mark as _
from volary.language.formats import Formats
from volary.portal.pages.showing import app_of, framed
from volary.usage.models import LoggedCall
from volary.usage.queries.calls import Wanted, latest_calls
from volary.usage.rules.bounds import LATEST, LATEST_UNPROVEN, TRIED
from volary.usage.rules.reasons import UNKNOWN, reason_of
from volary.web import Response, Visit, page

_HERE = "/portal/apps/{app_id}/log"
_PER_PAGE = 50
_CLASSES = (2, 4, 5)
_SCHEMES = {
    "oauth1": _("OAuth 1.0a, for a person"),
    "oauth2": _("OAuth 2.0, for a person"),
    "app": _("the App on its own behalf"),
    "": _("no token"),
}


class Told(msgspec.Struct, frozen=True):
    """A call with its words in the visitor's language."""

    call: LoggedCall
    scheme: str
    reason: str
    advice: str
    base: str


@page("GET", _HERE, signed_in=True)
async def log(visit: Visit) -> Response:
    """The calls of the App, or those that only named it; all, or those of a class of statuses, an endpoint, a request id."""
    app = await app_of(visit)
    asked = visit.query
    proven = asked.get("who") != "strangers"
    wanted = Wanted(_number(asked.get("status", "")), asked.get("endpoint", ""), asked.get("request", "").strip())
    since = visit.db.now - visit.settings.request_log_days * DAY
    calls = await latest_calls(visit.db, app.id, since, proven=proven)
    found = [call for call in calls if wanted.takes(call)]
    pages = max(1, -(-len(found) // _PER_PAGE))
    number = min(max(1, _number(asked.get("page", ""))), pages)
    return await framed(
        visit,
        "portal/log.html",
        app,
        tried=TRIED,
        proven=proven,
        wanted=wanted,
        kept=LATEST if proven else LATEST_UNPROVEN,
        days=visit.settings.request_log_days,
        classes=_CLASSES,
        endpoints=sorted({call.endpoint for call in calls if call.endpoint} | ({wanted.endpoint} - {""})),
        told=_in_words(visit, found[(number - 1) * _PER_PAGE : number * _PER_PAGE]),
        empty=not calls,
        count=len(found),
        number=number,
        pages=pages,
    )


def _in_words(visit: Visit, calls: Sequence[LoggedCall]) -> list[Told]:
    forms = Formats(visit.language)
    return [_told(visit, forms, call) for call in calls]


def _told(visit: Visit, forms: Formats, call: LoggedCall) -> Told:
    facts = {
        name: forms.moment(int(value), visit.zone) if name == "at" else value for name, value in call.facts.items()
    }
    base = str(facts.pop("base", ""))
    scheme = visit.t(_SCHEMES.get(call.scheme, _SCHEMES[""]))
    if not call.reason:
        return Told(call, scheme, "", "", "")
    reason = reason_of(call.reason)
    try:
        return Told(call, scheme, visit.t(reason.sentence, **facts), _advice(visit, reason.advice, facts), base)
    except (KeyError, TypeError):  # another version of the server wrote other facts
        return Told(call, scheme, visit.t(UNKNOWN.sentence), "", base)


def _advice(visit: Visit, sentence: str, facts: dict[str, str | int]) -> str:
    return visit.t(sentence, **facts) if sentence else ""


def _number(text: str) -> int:
    """A small number; 0 for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0
