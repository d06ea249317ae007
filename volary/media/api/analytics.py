"""How often one's own videos were played, by hours or days. What is not counted here (clicks, times watched) is left out."""

from typing import Annotated, Literal

import msgspec

from volary.accounts.shapes import moment
from volary.api.call import Call, Reply
from volary.api.errors import InvalidRequest
from volary.api.limits import limits
from volary.api.operation import operation
from volary.api.pagination import moment_in
from volary.api.problems import not_found
from volary.kit.clock import HOUR
from volary.media.api.needs import READ_OWN
from volary.media.queries import own_kept, views_of
from volary.media.shapes import id_in_key, media_key

Field = Literal[
    "cta_url_clicks",
    "cta_watch_clicks",
    "media_key",
    "play_from_tap",
    "playback25",
    "playback50",
    "playback75",
    "playback_complete",
    "playback_start",
    "timestamp",
    "timestamped_metrics",
    "video_views",
    "watch_time_ms",
]
_HOURS = {"hourly": 1, "daily": 24}


class AnalyticsQuery(msgspec.Struct, frozen=True, kw_only=True):
    """The parameters. Whole hours are counted, so the time is widened to those that it touches."""

    media_keys: Annotated[tuple[str, ...], msgspec.Meta(min_length=1, max_length=100)]
    start_time: str
    end_time: str
    granularity: Literal["hourly", "daily", "total"] = "daily"
    fields: tuple[Field, ...] = msgspec.field(default=(), name="media_analytics.fields")


@operation("GET", "/2/media/analytics", need=READ_OWN, limits=limits(app=300, user=300), query=AnalyticsQuery)
async def analytics(call: Call[AnalyticsQuery, None]) -> Reply:
    """The plays of some of one's own media; another's are told like missing ones."""
    query = call.query
    start, end = moment_in(query.start_time, "start_time"), moment_in(query.end_time, "end_time")
    if end <= start:
        raise InvalidRequest("The `end_time` must be later than the `start_time`.", "end_time", (query.end_time,))
    keys = {id_in_key(key, "media_keys"): key for key in query.media_keys}
    own = {row.id: row for row in await own_kept(call.db, call.me, list(keys)) if media_key(row) == keys[row.id]}
    hours: dict[int, dict[int, int]] = {one: {} for one in own}
    for row in await views_of(call.db, list(own), start // HOUR, (end + HOUR - 1) // HOUR):
        hours[row.media_id][row.hour] = row.views
    counted = not query.fields or "video_views" in query.fields
    body: dict[str, object] = {}
    if own:
        body["data"] = [_shaped(keys[one], hours[one], start, query.granularity, counted) for one in keys if one in own]
    if missing := [key for one, key in keys.items() if one not in own]:
        body["errors"] = [not_found("media", "media_keys", key) for key in missing]
    return Reply(body)


def _shaped(key: str, hours: dict[int, int], start: int, granularity: str, counted: bool) -> dict[str, object]:
    """The plays of one media: of all the time, or of each part of it in which there were any."""
    if granularity == "total":
        total = {"video_views": sum(hours.values())} if counted else {}
        return {"media_key": key, "timestamp": moment(start // HOUR * HOUR), **total}
    length = _HOURS[granularity]
    sums: dict[int, int] = {}
    for hour, views in sorted(hours.items()):
        begun = hour // length * length
        sums[begun] = sums.get(begun, 0) + views
    parts = [
        {"timestamp": moment(begun * HOUR), "metrics": {"video_views": views} if counted else {}}
        for begun, views in sums.items()
    ]
    return {"media_key": key, "timestamped_metrics": parts}
