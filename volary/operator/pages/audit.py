"""The audit in the console: events by what one looks for, and their export."""

from collections.abc import AsyncIterator
from urllib.parse import urlencode

import msgspec
from starlette.responses import StreamingResponse

from volary.kit.ids import id_in
from volary.operator.pages.entry import console, older_page, older_than
from volary.operator.queries.apps import PAGE
from volary.operator.queries.audit import Filter, audit, every_event
from volary.operator.rules import FORMATS, csv_line, json_line
from volary.web import Form, Response, Visit

_NUMBERS = ("actor_id", "account_id", "app_id", "grant_id")
_LINES = 200
"""How many lines of an export are sent at once."""


@console("GET", "/operator/audit")
async def show_audit(visit: Visit) -> Response:
    """Who did what, when and from where; the newest first."""
    asked = _asked(visit)
    rows = await audit(visit.db, _filter(asked), older_than(visit))
    return visit.render(
        "operator/audit.html",
        form=Form(visit, asked),
        rows=rows[:PAGE],
        details={row.id: msgspec.json.decode(row.detail) if row.detail else {} for row in rows},
        older=older_page("/operator/audit", [row.id for row in rows], **asked),
        asked=urlencode({name: value for name, value in asked.items() if value}),
        formats=FORMATS,
    )


@console("GET", "/operator/audit/export/{format}")
async def export_audit(visit: Visit) -> Response:
    """The same events as a file, the oldest first, sent while they are read."""
    kind = visit.path["format"]
    if kind not in FORMATS:
        return visit.problem(404, visit.t("There is no such format."))
    answer = StreamingResponse(_lines(visit, kind), media_type=FORMATS[kind])
    answer.headers["content-disposition"] = f'attachment; filename="audit.{kind}"'
    return answer


async def _lines(visit: Visit, kind: str) -> AsyncIterator[str]:
    held = [csv_line()] if kind == "csv" else []
    write = csv_line if kind == "csv" else json_line
    async for row in every_event(visit.db, _filter(_asked(visit))):
        held.append(write(msgspec.structs.asdict(row)))
        if len(held) >= _LINES:
            yield "".join(held)
            held = []
    yield "".join(held)


def _asked(visit: Visit) -> dict[str, str]:
    return {name: visit.query.get(name, "").strip()[:100] for name in ("kind", *_NUMBERS)}


def _filter(asked: dict[str, str]) -> Filter:
    numbers = {name: id_in(asked[name]) or 0 for name in _NUMBERS}
    return Filter(kind=asked["kind"], **numbers)
