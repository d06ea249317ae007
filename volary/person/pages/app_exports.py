"""*Apps and sessions* to take along: the connected apps and the sessions, each as JSON and as CSV."""

from datetime import UTC, datetime

import msgspec

from volary.kit.errors import NotFound
from volary.kit.sheets import csv_line
from volary.language import mark as _
from volary.oauth.connected import connected_apps, connected_devices
from volary.person.pages.apps import APPS
from volary.person.pages.sessions import shown_sessions
from volary.web import Response, Visit, page

Row = dict[str, object]

_NO_FILE = _("There is no such file.")
_APPS = (
    *("app_id", "name", "website", "level", "email", "scopes", "connected_at", "ends_at", "last_used_at"),
    *("last_used_address", "sign_in_id", "sign_in_name", "sign_in_protocol", "signed_in_at"),
    *("sign_in_last_used_at", "sign_in_last_used_address"),
)
_SESSIONS = ("session_id", "current", "device", "browser", "place", "address", "signed_in_at", "last_seen_at")


@page("GET", APPS + "/export/{file}", signed_in=True)
async def export(visit: Visit) -> Response:
    """One of the four files. Apps stand in it once for each sign-in, since a table has no lists in its cells."""
    what, _dot, kind = visit.path["file"].partition(".")
    if what not in {"apps", "sessions"} or kind not in {"json", "csv"}:
        raise NotFound(_NO_FILE)
    fields, rows = (_APPS, await _app_rows(visit)) if what == "apps" else (_SESSIONS, await _session_rows(visit))
    if kind == "json":
        body, about = msgspec.json.format(msgspec.json.encode(rows), indent=2), "application/json"
    else:
        lines = [csv_line(fields), *(csv_line(row[name] for name in fields) for row in rows)]
        body, about = "".join(lines).encode(), "text/csv; charset=utf-8"
    return Response(body, media_type=about, headers={"content-disposition": f'attachment; filename="{what}.{kind}"'})


async def _app_rows(visit: Visit) -> list[Row]:
    rows: list[Row] = []
    for app in await connected_apps(visit.db, visit.me.account_id):
        level = app.effective_level
        about: Row = {
            "app_id": str(app.app_id),
            "name": app.name,
            "website": app.website,
            "level": level.wire if level else "",
            "email": app.effective_email,
            "scopes": " ".join(sorted(app.effective_scopes)),
            "connected_at": _time(app.created_at),
            "ends_at": _time(app.expires_at),
            "last_used_at": _time(app.last_used_at),
            "last_used_address": app.last_used_address,
        }
        devices = await connected_devices(visit.db, visit.me.account_id, app.app_id)
        rows.extend(
            {
                **about,
                "sign_in_id": str(device.id),
                "sign_in_name": device.name,
                "sign_in_protocol": device.protocol,
                "signed_in_at": _time(device.created_at),
                "sign_in_last_used_at": _time(device.last_used_at),
                "sign_in_last_used_address": device.last_used_address,
            }
            for device in devices
        )
        if not devices:
            rows.append({**about, **dict.fromkeys(_APPS[len(about) :])})
    return rows


async def _session_rows(visit: Visit) -> list[Row]:
    return [
        {
            "session_id": str(shown.row.id),
            "current": shown.here,
            "device": " ".join(part for part in (shown.device.system, shown.device.kind) if part),
            "browser": shown.device.browser,
            "place": shown.place,
            "address": shown.row.address,
            "signed_in_at": _time(shown.row.created_at),
            "last_seen_at": _time(shown.row.last_seen_at),
        }
        for shown in await shown_sessions(visit)
    ]


def _time(milliseconds: int | None) -> str | None:
    if milliseconds is None:
        return None
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
