"""v1.1's calls on the pictures of one's profile (C043, X facts 7.2)."""

import re
from typing import Any

import msgspec

from volary.accounts.queries import account_by_id
from volary.accounts.shapes import account_named, banner_url, user_v1
from volary.api.call import Call, Reply
from volary.api.errors import InvalidRequest, Numbered
from volary.api.limits import limits
from volary.api.operation import operation
from volary.api.query import NoQuery
from volary.media.actions.portraying import Which, drop_picture, take_picture
from volary.media.api.needs import STATUS_V1, WRITE_V1
from volary.media.api.receiving import BODY_LIMIT, decoded
from volary.media.api.upload import sent
from volary.media.errors import Unreadable
from volary.media.rules.limits import LARGEST_PHOTO
from volary.media.rules.profile_sizes import BANNERS

_BASE64 = re.compile(rb"[A-Za-z0-9+/_\s-]+={0,2}\s*")
_LIMITS = limits(user=15)


class ImageQuery(msgspec.Struct, frozen=True):
    """Parameters that clients send along; the picture itself is in the body."""

    include_entities: str = ""
    skip_status: str = ""
    width: str = ""
    height: str = ""
    offset_left: str = ""
    offset_top: str = ""


class WhoseQuery(msgspec.Struct, frozen=True):
    """Whose banner."""

    user_id: str = ""
    screen_name: str = ""


Picture = Call[ImageQuery, None]


@operation(
    "POST",
    "/1.1/account/update_profile_image.json",
    need=WRITE_V1,
    limits=_LIMITS,
    query=ImageQuery,
    body_limit=BODY_LIMIT,
    large=True,
)
async def update_profile_image(call: Picture) -> Reply:
    """Take another profile picture for the account that the token stands for."""
    await _change(call, "picture", _sent(call, "image"))
    row = await account_by_id(call.db, call.me)
    if row is None:
        raise Numbered(404, 50, "User not found.")
    return Reply(user_v1(row, call.settings.public_url))


@operation(
    "POST",
    "/1.1/account/update_profile_banner.json",
    need=WRITE_V1,
    limits=_LIMITS,
    query=ImageQuery,
    body_limit=BODY_LIMIT,
    large=True,
)
async def update_profile_banner(call: Picture) -> Reply:
    """Take another banner. It is cut to its shape from the middle; where to cut cannot be chosen."""
    await _change(call, "banner", _sent(call, "banner"))
    return Reply({})


@operation("POST", "/1.1/account/remove_profile_banner.json", need=WRITE_V1, limits=_LIMITS)
async def remove_profile_banner(call: Call[NoQuery, None]) -> Reply:
    """Remove the banner of the account that the token stands for."""
    await drop_picture(call.db, call.resources, call.caller, "banner")
    return Reply({})


@operation("GET", "/1.1/users/profile_banner.json", need=STATUS_V1, limits=limits(user=180), query=WhoseQuery)
async def profile_banner(call: Call[WhoseQuery, None]) -> Reply:
    """Where somebody's banner is, in its sizes."""
    row = await account_named(call.db, call.query.user_id, call.query.screen_name)
    found = banner_url(row, call.settings.public_url)
    if found is None:
        raise Numbered(404, 34, "Sorry, that page does not exist.")
    sizes = {name: {"w": width, "h": height, "url": f"{found}/{name}"} for name, (width, height) in BANNERS.items()}
    return Reply({"sizes": sizes})


def _sent(call: Call[Any, None], name: str) -> bytes:
    """The picture in a body: a part of a form as it is or as base64. Raises Numbered."""
    try:
        _, content = sent(call, name) if call.raw.body else ({}, b"")
        if _BASE64.fullmatch(content):  # no picture of the four formats begins with such letters alone
            content = decoded(content)
    except InvalidRequest as refusal:
        raise Numbered(400, 38, str(refusal)) from None
    if not content:
        raise Numbered(400, 38, f"{name} parameter is missing.")
    if len(content) > LARGEST_PHOTO:
        raise Numbered(400, 421, "The picture is too large.")
    return content


async def _change(call: Call[Any, None], which: Which, content: bytes) -> None:
    """Take a picture. Raises Numbered."""
    try:
        await take_picture(call.db, call.resources, call.caller, which, content)
    except Unreadable as refusal:
        raise Numbered(422 if which == "banner" else 400, 120, str(refusal), refusal.why) from None
