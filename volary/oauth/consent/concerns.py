"""What somebody should know of an app before they trust it: that it is new, that it asks for much, that its name is like another's.

Nobody verifies Apps here, so the page says of each who registered it and when (decision 0030); these are the things out of the ordinary.
"""

import msgspec
from sqlalchemy import bindparam, func, or_, select

from volary.access.levels import Level
from volary.access.scopes import acts
from volary.db import Reader, statement
from volary.developers.models import ACTIVE, AppRow, apps
from volary.developers.rules.texts import name_key
from volary.kit.clock import DAY
from volary.language import mark as _
from volary.oauth.asking import Request
from volary.oauth.consent.names import plain
from volary.oauth.models import OAUTH1

NEW_FOR = 30 * DAY
"""How long an App counts as new."""

MUCH = 12
"""From how many OAuth 2.0 scopes on an App asks for much, even without messages."""

_SHORTEST = 5
"""Shorter names are like others by chance."""
_MOST = 200

_NEW = _("This app is new: it was registered on %(day)s.")
_ALL = _("This app asks for much: it wants to act for you and to read your Direct Messages. Few apps need that.")
_MANY = _("This app asks for much: %(count)s permissions at once. Few apps need that.")
_ALIKE = _(
    "Its name is like that of another app, %(other)s, which was there before. Make sure that it is the one that you want."
)


class Concern(msgspec.Struct, frozen=True):
    """A sentence and what fills its places. `day` is a moment in milliseconds, where there is one."""

    sentence: str
    day: int = 0
    count: int = 0
    other: str = ""


class _Name(msgspec.Struct, frozen=True):
    name: str
    name_key: str


_HEAD = func.substr(apps.c.name_key, 1, bindparam("half"))
_TAIL = func.substr(apps.c.name_key, func.length(apps.c.name_key) - bindparam("half") + 1)
_BEFORE = statement(
    select(apps.c.name, apps.c.name_key)
    .where(
        apps.c.id < bindparam("id"),
        apps.c.state == ACTIVE,
        func.length(apps.c.name_key) >= _SHORTEST,
        or_(bindparam("head") == _HEAD, bindparam("tail") == _TAIL),
    )
    .order_by(apps.c.id)
    .limit(_MOST),
    _Name,
)


async def concerns(reader: Reader, app: AppRow, request: Request) -> tuple[Concern, ...]:
    """What stands out, the gravest first."""
    found = []
    other = await _older_namesake(reader, app)
    if other:
        found.append(Concern(_ALIKE, other=plain(other)))
    found.extend(_much(request))
    if reader.now - app.created_at < NEW_FOR:
        found.append(Concern(_NEW, day=app.created_at))
    return tuple(found)


def _much(request: Request) -> list[Concern]:
    if request.protocol == OAUTH1:
        return [Concern(_ALL)] if Level.from_wire(request.level) is Level.DIRECT_MESSAGES else []
    if "dm.read" in request.scopes and any(acts(name) and name != "dm.write" for name in request.scopes):
        return [Concern(_ALL)]
    return [Concern(_MANY, count=len(request.scopes))] if len(request.scopes) >= MUCH else []


async def _older_namesake(reader: Reader, app: AppRow) -> str:
    """An App that was there before and whose name differs in one letter, or is the other's beginning or end.

    Names that are drawn alike cannot be registered at all (decision 0033). One change leaves half of a name as it was, so the statement
    gives few, and the exact comparison is done here.
    """
    key = name_key(app.name)
    if len(key) < _SHORTEST:
        return ""
    half = len(key) // 2
    near = await reader.all(_BEFORE, id=app.id, half=half, head=key[:half], tail=key[-half:])
    return next((one.name for one in near if one.name_key != key and alike(key, one.name_key)), "")


def alike(one: str, other: str) -> bool:
    """Whether two names are a letter apart (put in, left out, changed, or swapped with its neighbour),
    or one is the other and more words.
    """
    short, long = sorted((one, other), key=len)
    if long.startswith(short + " ") or long.endswith(" " + short):
        return True
    if len(long) - len(short) > 1:
        return False
    at = next((place for place, letter in enumerate(short) if letter != long[place]), len(short))
    if len(short) != len(long):
        return short[at:] == long[at + 1 :]
    swapped = short[at + 1 : at + 2] + short[at : at + 1] + short[at + 2 :]
    return short[at + 1 :] == long[at + 1 :] or swapped == long[at:]
