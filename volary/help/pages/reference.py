"""The reference of the API, made from its operations: all of them with a search, and a page for each. Anybody may read it."""

from collections.abc import Mapping

import msgspec

from volary.access.needs import Need
from volary.access.scopes import SCOPES, Scope
from volary.api.reference.entries import Entry, Reference
from volary.api.reference.examples import ME
from volary.developers.rules.settings import LEVELS
from volary.help.rules.resources import RESOURCES
from volary.help.shapes.every import snippets
from volary.kit.errors import NotFound
from volary.language import mark as _
from volary.web import Response, Visit, page

_HERE = "/help/api"
_LONGEST_SEARCH = 100
_PLACES = ("path", "query", "body")


@page("GET", _HERE)
async def index(visit: Visit) -> Response:
    """Every operation by the part of the API that it belongs to, or those in which some words stand."""
    asked = visit.query.get("q", "").strip()[:_LONGEST_SEARCH]
    part = visit.query.get("part", "")
    found = [one for one in visit.resources[Reference].found(asked) if part not in RESOURCES or one.room == part]
    groups = {room: [one for one in found if one.room == room] for room in RESOURCES}
    return visit.render(
        "help/api/index.html",
        asked=asked,
        part=part,
        resources=RESOURCES,
        groups={room: entries for room, entries in groups.items() if entries},
        count=len(found),
    )


@page("GET", _HERE + "/{operation}")
async def operation(visit: Visit) -> Response:
    """What an operation does, takes and answers, with programs that call it."""
    entry = visit.resources[Reference].get(visit.path["operation"])
    if entry is None:
        raise NotFound(_("There is no such operation on this server."))
    user, app = entry.quotas(visit.settings.rate_limit_scale)
    example = _own(visit, entry)
    return visit.render(
        "help/api/operation.html",
        entry=entry,
        resource=RESOURCES[entry.room],
        places={place: [one for one in entry.parameters if one.place == place] for place in _PLACES},
        levels=LEVELS,
        scopes=_scopes(entry.need),
        user=user,
        app=app,
        limited=visit.settings.rate_limit_scale > 0,
        sent=_indented(example["sent"]),
        answered=_indented(example["answered"]),
        problem=_indented(entry.problem(visit.settings.public_url + "/portal")),
        snippets=snippets(entry, visit.settings.public_url, example["target"], example["sent"]),
    )


def _scopes(need: Need) -> list[Scope]:
    return [SCOPES[name] for name in sorted(need.scopes or ())]


def _own(visit: Visit, entry: Entry) -> Mapping[str, str]:
    """The example's texts, with the reader's own id where somebody is signed in."""
    me = str(visit.current.account_id) if visit.current else ME
    if entry.example is None:
        return {"target": entry.path, "sent": "", "answered": ""}
    told = msgspec.structs.asdict(entry.example)
    return {name: told[name].replace(ME, me) for name in ("target", "sent", "answered")}


def _indented(text: str) -> str:
    """JSON on many lines; a form body stays as it is."""
    try:
        return msgspec.json.format(text.encode(), indent=2).decode() if text else ""
    except msgspec.DecodeError:
        return text
