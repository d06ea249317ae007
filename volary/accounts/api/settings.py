"""v1.1's calls on one's own account: its settings and its profile, which v2 has no operation for (C038, C043, C048, X facts 7.2)."""

from datetime import UTC, datetime
from typing import TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from volary.access.levels import Level
from volary.access.needs import Need
from volary.accounts.actions import edit_profile
from volary.accounts.errors import Refused
from volary.accounts.models import AccountRow
from volary.accounts.queries import account_by_id, own_by_id
from volary.accounts.shapes import user_v1
from volary.api.call import Call, Reply
from volary.api.errors import NotBuilt, Numbered
from volary.api.limits import limits
from volary.api.operation import operation
from volary.api.query import NoQuery

READ = Need(oauth1=Level.READ, project=False)
Q = TypeVar("Q", bound=msgspec.Struct)
WRITE = Need(oauth1=Level.READ_WRITE, project=False)


class SettingsQuery(msgspec.Struct, frozen=True):
    """What can be set. Times of sleep and a place for trends are not kept here: they are refused, never dropped in silence."""

    lang: str | None = None
    time_zone: str | None = None
    sleep_time_enabled: str | None = None
    start_sleep_time: str | None = None
    end_sleep_time: str | None = None
    trend_location_woeid: str | None = None


class ProfileQuery(msgspec.Struct, frozen=True):
    """What a profile shows; what is not named stays as it is. Colours and other parameters of v1.1 are passed over."""

    name: str | None = None
    url: str | None = None
    location: str | None = None
    description: str | None = None


@operation("GET", "/1.1/account/settings.json", need=READ, limits=limits(user=15))
async def settings(call: Call[NoQuery, None]) -> Reply:
    """The settings of the account that the token stands for, language and time zone among them (C038)."""
    return Reply(await _settings_v1(call, await _own(call)))


@operation("POST", "/1.1/account/settings.json", need=WRITE, limits=limits(user=15), query=SettingsQuery)
async def change_settings(call: Call[SettingsQuery, None]) -> Reply:
    """Change the language of pages and mails, and the time zone (C048)."""
    query = call.query
    if query.sleep_time_enabled or query.start_sleep_time or query.end_sleep_time or query.trend_location_woeid:
        raise NotBuilt("A sleep time or a place for trends")
    try:
        row = await call.db.write(edit_profile, call.caller, language=query.lang, time_zone=query.time_zone)
    except Refused as refusal:
        name = "lang" if refusal.field == "language" else refusal.field
        raise Numbered(400, 44, f"{name} parameter is invalid.") from None
    return Reply(await _settings_v1(call, row))


@operation("POST", "/1.1/account/update_profile.json", need=WRITE, limits=limits(user=15), query=ProfileQuery)
async def update_profile(call: Call[ProfileQuery, None]) -> Reply:
    """Change what the profile shows, and answer with the account (C043)."""
    query = call.query
    try:
        row = await call.db.write(
            edit_profile,
            call.caller,
            name=query.name,
            website=query.url,
            location=query.location,
            description=query.description,
        )
    except Refused as refusal:
        raise Numbered(403, 120, f"Account update failed: {_complaint(refusal)}") from None
    return Reply(user_v1(row, call.settings.public_url))


def _complaint(refusal: Refused) -> str:
    """What is wrong with a value, where it can be in X's words."""
    name = "Url" if refusal.field == "website" else (refusal.field or "").capitalize()
    if "limit" in refusal.parameters:
        return f"{name} is too long (maximum is {refusal.parameters['limit']} characters)."
    return f"{name}: {refusal}"


async def _own(call: Call[NoQuery, None]) -> AccountRow:
    row = await account_by_id(call.db, call.me)
    if row is None:
        raise Numbered(404, 50, "User not found.")
    return row


async def _settings_v1(call: Call[Q, None], row: AccountRow) -> dict[str, object]:
    """The v1.1 settings object. Where no language was chosen pages come in the browser's, and English stands here."""
    own = await own_by_id(call.db, row.id)
    return {
        "screen_name": row.username,
        "protected": bool(row.protected),
        "language": row.language or "en",
        "time_zone": _time_zone(row.time_zone, call.db.now),
        "always_use_https": True,
        "use_cookie_personalization": False,
        "geo_enabled": False,
        "sleep_time": {"enabled": False, "start_time": None, "end_time": None},
        "discoverable_by_email": own is not None and bool(own.discoverable_by_email),
        "discoverable_by_mobile_phone": False,
        "display_sensitive_media": False,
        "allow_contributor_request": "none",
        "translator_type": "none",
    }


def _time_zone(name: str, now: int) -> dict[str, object]:
    """The zone under its name in the tz database, with a name to show and its seconds from UTC at this moment."""
    try:
        offset = datetime.fromtimestamp(now / 1000, UTC).astimezone(ZoneInfo(name)).utcoffset()
    except (ZoneInfoNotFoundError, ValueError):
        offset = None
    shown = name.rpartition("/")[2].replace("_", " ")
    return {"name": shown, "tzinfo_name": name, "utc_offset": int(offset.total_seconds()) if offset else 0}
