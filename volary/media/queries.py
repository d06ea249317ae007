"""Reading media. Who may see them is part of each statement that gives them away, never a filter after it (SR-202, SR-191)."""

from collections.abc import Sequence

from sqlalchemy import BigInteger, Select, and_, bindparam, case, cast, exists, func, or_, select

from volary.accounts.models import ACTIVE, accounts
from volary.db import Reader, in_list, statement
from volary.graph.queries.visibility import visible
from volary.media.models import (
    READY,
    MediaRow,
    SegmentRow,
    SubtitlesRow,
    ViewRow,
    WaitingRow,
    media,
    media_readers,
    media_segments,
    media_subtitles,
    media_views,
)

_VIEWER = bindparam("viewer", type_=BigInteger())
_OPEN = and_(media.c.post_uses > 0, accounts.c.protected == 0, accounts.c.state == ACTIVE)
_COLUMNS = (
    *(media.c[name] for name in MediaRow.__struct_fields__ if name != "open"),
    case((_OPEN, 1), else_=0).label("open"),
)
_EVERY: Select[tuple[object, ...]] = select(*_COLUMNS).join_from(media, accounts, accounts.c.id == media.c.owner_id)
_HELD = exists(
    select(media_readers.c.uses).where(media_readers.c.media_id == media.c.id, media_readers.c.account_id == _VIEWER)
)
_OWNED = media.c.owner_id == _VIEWER
_PRIVATE_TOO = or_(media.c.message_uses == 0, bindparam("messages", type_=BigInteger()) == 1)
_SEEN = and_(
    media.c.state == READY,
    or_(and_(media.c.post_uses > 0, or_(_OWNED, visible())), and_(or_(_OWNED, _HELD), _PRIVATE_TOO)),
)
_VISIBLE = _EVERY.where(_SEEN)
_BY_IDS = statement(_VISIBLE.where(in_list(media.c.id, "ids")), MediaRow)
_BY_NAME = statement(_VISIBLE.where(media.c.name == bindparam("name")), MediaRow)
_FILES = media.alias("files")
_SUBTITLES = statement(
    select(_FILES.c.name.label("file"), case((_OPEN, 1), else_=0).label("open"))
    .join_from(media, accounts, accounts.c.id == media.c.owner_id)
    .join(media_subtitles, media_subtitles.c.media_id == media.c.id)
    .join(_FILES, _FILES.c.id == media_subtitles.c.file_id)
    .where(_SEEN, media.c.name == bindparam("name"), media_subtitles.c.language == bindparam("language")),
    SubtitlesRow,
)
_LANGUAGES = statement(
    select(media_subtitles.c.language)
    .where(media_subtitles.c.media_id == bindparam("id"))
    .order_by(media_subtitles.c.language),
    str,
)
_ALIVE = or_(media.c.expires_at.is_(None), media.c.expires_at > bindparam("now"))
_OWN = _EVERY.where(media.c.owner_id == bindparam("account"), _ALIVE)
_OWN_BY_ID = statement(_OWN.where(media.c.id == bindparam("id")), MediaRow)
_OWN_BY_IDS = statement(_OWN.where(in_list(media.c.id, "ids")), MediaRow)
_SEGMENTS = statement(
    select(media_segments.c.place, media_segments.c.size)
    .where(media_segments.c.media_id == bindparam("id"))
    .order_by(media_segments.c.place),
    SegmentRow,
)
_VIEWS = statement(
    select(media_views.c.media_id, media_views.c.hour, media_views.c.views).where(
        in_list(media_views.c.media_id, "ids"),
        media_views.c.hour >= bindparam("first"),
        media_views.c.hour < bindparam("last"),
    ),
    ViewRow,
)
_WAITING = statement(
    select(func.count().label("count"), cast(func.coalesce(func.sum(media.c.size), 0), BigInteger).label("size")).where(
        media.c.owner_id == bindparam("account"), media.c.expires_at.is_not(None)
    ),
    WaitingRow,
)


async def media_by_ids(reader: Reader, viewer: int, ids: Sequence[int], *, messages: bool = True) -> list[MediaRow]:
    """Those of the media that a viewer may see (0: anybody), in no particular order. Without `messages` none that was only sent with some,
    whoever sent it: for apps that may not read messages (SR-187, SR-191).
    """
    return await reader.all(_BY_IDS, ids=list(ids), viewer=viewer, messages=int(messages)) if ids else []


async def media_by_name(reader: Reader, viewer: int, name: str) -> MediaRow | None:
    """The media whose files have this name, if the viewer may see it."""
    return await reader.one(_BY_NAME, name=name, viewer=viewer, messages=1)


async def subtitles_by_name(reader: Reader, viewer: int, name: str, language: str) -> SubtitlesRow | None:
    """The subtitles in a language of the video whose files have this name, if the viewer may see the video."""
    return await reader.one(_SUBTITLES, name=name, language=language, viewer=viewer, messages=1)


async def languages_of(reader: Reader, media_id: int) -> list[str]:
    """The languages in which a video has subtitles."""
    return await reader.all(_LANGUAGES, id=media_id)


async def own_upload(reader: Reader, account: int, media_id: int) -> MediaRow | None:
    """A media of an account's own that has not expired, in whatever state."""
    return await reader.one(_OWN_BY_ID, id=media_id, account=account, now=reader.now)


async def own_media(reader: Reader, account: int, ids: Sequence[int]) -> list[MediaRow]:
    """Those of the media that are an account's own and have not expired, in the order asked for. Look at their `state` and `kind`."""
    rows = await reader.all(_OWN_BY_IDS, ids=list(ids), account=account, now=reader.now) if ids else []
    found = {row.id: row for row in rows}
    return [found[one] for one in ids if one in found]


async def own_kept(reader: Reader, account: int, ids: Sequence[int]) -> list[MediaRow]:
    """Those of the media that are an account's own and can be used, in no particular order."""
    return [row for row in await own_media(reader, account, ids) if row.state == READY]


async def views_of(reader: Reader, ids: Sequence[int], first: int, last: int) -> list[ViewRow]:
    """The plays of media in the hours from `first` up to and without `last`."""
    return await reader.all(_VIEWS, ids=list(ids), first=first, last=last) if ids else []


async def segments_of(reader: Reader, media_id: int) -> list[SegmentRow]:
    """The segments of an upload that have come in, in their order."""
    return await reader.all(_SEGMENTS, id=media_id)


async def waiting_of(reader: Reader, account: int) -> WaitingRow:
    """How many media of an account nothing uses yet, and their bytes."""
    return await reader.one(_WAITING, account=account) or WaitingRow(0, 0)
