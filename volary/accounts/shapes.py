"""Accounts on X's wire: the v2 User with its fields and expansions, and the v1.1 user object (X facts 5.2, 7.4)."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from volary.access.caller import Caller
from volary.accounts.models import ACTIVE, SUSPENDED, AccountRow
from volary.accounts.queries import account_by_id, account_by_username, accounts_by_ids, organizations_of
from volary.api.errors import Numbered
from volary.api.kinds import Expansion, Kind, Row, View, field
from volary.db import Reader
from volary.kit.ids import id_in


def moment(milliseconds: int) -> str:
    """A time as v2 writes it: always with milliseconds (tweepy's parser needs them, X facts 5.1)."""
    at = datetime.fromtimestamp(milliseconds // 1000, UTC)
    return f"{at:%Y-%m-%dT%H:%M:%S}.{milliseconds % 1000:03d}Z"


def moment_v1(milliseconds: int) -> str:
    """A time as v1.1 writes it, whatever the machine's locale."""
    at = datetime.fromtimestamp(milliseconds // 1000, UTC)
    day = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[at.weekday()]
    month = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")[at.month - 1]
    return f"{day} {month} {at:%d %H:%M:%S +0000 %Y}"


def _public_metrics(row: AccountRow, view: View) -> dict[str, object]:
    counts: dict[str, object] = {
        "followers_count": row.follower_count,
        "following_count": row.following_count,
        "tweet_count": row.post_count,
        "listed_count": row.listed_count,
        "like_count": row.like_count,
        "media_count": row.media_count,
    }
    return view.vocabulary.renamed(counts, (("tweet_count", "post_count"),))


def _confirmed_email(row: AccountRow, view: View) -> str | None:
    """Only one's own, only confirmed, only with the scope and the App's own permission (C060, SR-211)."""
    own = row.id == view.caller.account_id and view.caller.email and row.email_confirmed_at is not None
    return row.email if own else None


def _entities(row: AccountRow, view: View) -> dict[str, object] | None:
    if not row.website:
        return None
    shown = row.website.split("://", 1)[-1]
    link = {"start": 0, "end": len(row.website), "url": row.website, "expanded_url": row.website, "display_url": shown}
    return {"url": {"urls": [link]}}


async def _load(reader: Reader, caller: Caller, ids: Sequence[int]) -> list[AccountRow]:
    return [row for row in await accounts_by_ids(reader, ids) if row.state == ACTIVE]


async def _organizations(reader: Reader, caller: Caller, rows: Sequence[AccountRow]) -> list[int]:
    """The accounts that the users' labels name: who runs them, and the organizations to which they belong."""
    found = await organizations_of(reader, [row.id for row in rows])
    return [owner for row in rows for owner in _named(row, found)]


def _named(row: AccountRow, organizations: Mapping[int, Sequence[int]]) -> list[int]:
    manager = [] if row.automated_by is None else [row.automated_by]
    return [*manager, *(one for one in organizations.get(row.id, ()) if one not in manager)]


def picture_url(row: AccountRow, base: str) -> str:
    """Where an account's picture is found, in the size that X calls normal; clients write `_400x400` and the like in the place of that."""
    name, _, ending = row.picture.partition(".")
    return f"{base}/profile_images/{row.id}/{name or 'default'}_normal.{ending or 'png'}"


def banner_url(row: AccountRow, base: str) -> str | None:
    """Where an account's banner is found; clients write a size such as `/1500x500` behind it."""
    return f"{base}/profile_banners/{row.id}/{row.banner}" if row.banner else None


USER = Kind(
    name="user",
    bucket=("users", "users"),
    fields=(
        field("id", lambda row, view: str(row.id)),
        field("name", lambda row, view: row.name),
        field("username", lambda row, view: row.username),
        field("confirmed_email", _confirmed_email),
        field("created_at", lambda row, view: moment(row.created_at)),
        field("description", lambda row, view: row.description),
        field("entities", _entities),
        field("location", lambda row, view: row.location or None),
        field("profile_banner_url", lambda row, view: banner_url(row, view.base)),
        field("profile_image_url", lambda row, view: picture_url(row, view.base)),
        field("protected", lambda row, view: bool(row.protected)),
        field("public_metrics", _public_metrics),
        field("url", lambda row, view: row.website or None),
        field("verified", lambda row, view: bool(row.verified)),
        field("verified_type", lambda row, view: "none"),
    ),
    default=frozenset({"id", "name", "username"}),
    load=_load,
    expansions=(
        Expansion(
            frozenset({"affiliation", "affiliation.user_id"}), "user", shows="affiliation", look_up=_organizations
        ),
    ),
)
"""How accounts are shaped on v2. `affiliation` comes from the provider below, since accounts do not hold it themselves."""


async def affiliation(reader: Reader, rows: Sequence[Row], view: View) -> Mapping[int, object]:
    """What each user's label says: that it is automated and by whom (C163), and the organizations to which it belongs.

    X shows both in one place, with one text. An account whose manager is gone or may not act is automated still, and nobody is named.
    """
    users = [row for row in rows if isinstance(row, AccountRow)]
    organizations = await organizations_of(reader, [row.id for row in users])
    runners = [row.automated_by for row in users if row.automated_by is not None]
    managers = {row.id: row for row in await accounts_by_ids(reader, runners) if row.state == ACTIVE}
    return {
        row.id: label for row in users if (label := _label(row, organizations.get(row.id, []), managers, view.base))
    }


def _label(
    row: AccountRow, organizations: list[int], managers: Mapping[int, AccountRow], base: str
) -> dict[str, object] | None:
    shape: dict[str, object] = {}
    named = [*organizations]
    if row.automated_by is not None:
        manager = managers.get(row.automated_by)
        shape["description"] = f"Automated by @{manager.username}" if manager else "Automated"
        if manager is not None:
            shape["url"] = f"{base}/{manager.username}"
            named = [manager.id, *(one for one in organizations if one != manager.id)]
    if named:
        shape["user_id"] = [str(one) for one in named]
    return shape or None


def user_v1(row: AccountRow, base: str, *, email: bool = False) -> dict[str, object]:
    """The v1.1 user object; `base` is this server's public address. With `email`, the extra member that `include_email` asks for, null
    where none is confirmed.
    """
    shape: dict[str, object] = {
        "id": row.id,
        "id_str": str(row.id),
        "name": row.name,
        "screen_name": row.username,
        "location": row.location,
        "description": row.description,
        "url": row.website or None,
        "entities": {"description": {"urls": []}},
        "protected": bool(row.protected),
        "verified": bool(row.verified),
        "followers_count": row.follower_count,
        "friends_count": row.following_count,
        "listed_count": row.listed_count,
        "favourites_count": row.like_count,
        "statuses_count": row.post_count,
        "created_at": moment_v1(row.created_at),
        "utc_offset": None,
        "time_zone": None,
        "geo_enabled": False,
        "lang": None,
        "contributors_enabled": False,
        "is_translator": False,
        "default_profile": True,
        "default_profile_image": not row.picture,
        "profile_image_url": picture_url(row, base),
        "profile_image_url_https": picture_url(row, base),
        "following": False,
        "follow_request_sent": False,
        "notifications": False,
    }
    if row.banner:
        shape["profile_banner_url"] = banner_url(row, base)
    if email:
        shape["email"] = row.email if row.email_confirmed_at is not None else None
    return shape


async def account_named(reader: Reader, user_id: str, screen_name: str) -> AccountRow:
    """The account that a call of v1.1 names by id or name. Raises Numbered: nobody named, nobody there, suspended (X facts 1.7)."""
    if not user_id and not screen_name:
        raise Numbered(403, 38, "user_id or screen_name parameter is missing.")
    row: AccountRow | None = None
    if not user_id:
        row = await account_by_username(reader, screen_name)
    elif (known := id_in(user_id)) is not None:
        row = await account_by_id(reader, known)
    if row is not None and row.state == SUSPENDED:
        raise Numbered(403, 63, "User has been suspended.")
    if row is None or row.state != ACTIVE:
        raise Numbered(404, 50, "User not found.")
    return row
