"""The door to the bytes of media: for those who may see them, and so that they can do nothing but be shown (SR-202, SR-258, SR-272)."""

from pathlib import Path
from urllib.parse import urlencode

from starlette.responses import Response, StreamingResponse

from volary.accounts.models import ACTIVE, AccountRow
from volary.accounts.queries import account_by_id
from volary.kit.errors import NotFound
from volary.kit.ids import id_in
from volary.language import mark as _
from volary.media.actions.viewing import Plays
from volary.media.models import MediaRow
from volary.media.queries import languages_of, media_by_name, subtitles_by_name
from volary.media.rules.addresses import PREFIX, SIGNATURE, viewer_of
from volary.media.rules.folder import Folder, is_name
from volary.media.rules.keys import VIDEO
from volary.media.rules.parts import SUBTITLES_TYPE, TYPES, language_in, part_of
from volary.media.rules.profile_sizes import BANNERS, PORTRAITS
from volary.media.rules.sending import HARMLESS, opened
from volary.web import Visit, page

_MISSING = _("There is no such picture or video, or it is not for you to see.")
_KEPT = {"cache-control": "public, max-age=86400"}
"""For what has another name when it is another picture."""
_FOR_ALL, _FOR_SOME = "public, max-age=300", "private, no-store"


@page("GET", "/media/{file}")
async def media_file(visit: Visit) -> Response:
    """A picture in one of its sizes, a GIF, a video, its preview or its subtitles."""
    name, _dot, ending = visit.path["file"].partition(".")
    language = language_in(ending)
    if language is not None and is_name(name):
        return await _subtitles(visit, name, language)
    row = await _seen(visit, name) if is_name(name) and ending in TYPES else None
    size = visit.query.get("name", "")
    part = part_of(row.kind, row.format, row.parts, ending, size) if row is not None else None
    if row is None or part is None:
        raise NotFound(_MISSING)
    path = visit.resources[Folder].file(row.name, part)
    asked, head = visit.request.headers.get("range"), visit.request.method == "HEAD"
    if row.kind == VIDEO and part == "orig" and not head and (asked or "bytes=0-").startswith("bytes=0-"):
        visit.resources[Plays].count(row.id, visit.db.now)  # its beginning is asked for: somebody plays it
    headers = HARMLESS | {
        "content-type": TYPES[ending],
        "content-disposition": f'inline; filename="{row.id}.{ending}"',
        "cache-control": _FOR_ALL if row.open else _FOR_SOME,
    }
    if row.kind == VIDEO and part == "orig" and (languages := await languages_of(visit.db, row.id)):
        headers["link"] = ", ".join(_link(visit, name, language) for language in languages)
    return await _sent(path, asked, headers, head=head)


async def _subtitles(visit: Visit, name: str, language: str) -> Response:
    """The subtitles of a video in a language, for whoever may see the video."""
    for viewer in _viewers(visit, name):
        row = await subtitles_by_name(visit.db, viewer, name, language)
        if row is not None:
            path = visit.resources[Folder].file(row.file, "orig")
            kept = _FOR_ALL if row.open else _FOR_SOME
            headers = HARMLESS | {"content-type": SUBTITLES_TYPE, "cache-control": kept}
            return await _sent(path, visit.request.headers.get("range"), headers, head=visit.request.method == "HEAD")
    raise NotFound(_MISSING)


def _link(visit: Visit, name: str, language: str) -> str:
    """Where a video's subtitles are, under the address that the video itself was asked for (RFC 8288)."""
    signature = {key: visit.query[key] for key in SIGNATURE if key in visit.query}
    query = f"?{urlencode(signature)}" if signature else ""
    found = language.lower()
    return f'<{PREFIX}{name}.{found}.vtt{query}>; rel="related"; type="text/vtt"; hreflang="{found}"'


@page("GET", "/profile_images/{account_id}/{file}")
async def profile_image(visit: Visit) -> Response:
    """Somebody's picture, which everybody may see, or the one that stands for who has none."""
    stem, _dot, ending = visit.path["file"].partition(".")
    name, _line, size = stem.partition("_")
    part = size or "400x400"
    if part not in PORTRAITS:
        raise NotFound(_MISSING)
    if name == "default" and ending == "png":
        from volary.media.rules.portraits import nobodys_portrait  # with Pillow, for which a start has no use

        return Response(nobodys_portrait(PORTRAITS[part]), headers=HARMLESS | {"content-type": "image/png"} | _KEPT)
    row = await _account(visit)
    if row is None or f"{name}.{ending}" != row.picture:
        raise NotFound(_MISSING)
    return await _open_to_all(visit, name, part, TYPES[ending])


@page("GET", "/profile_banners/{account_id}/{name}")
async def profile_banner(visit: Visit) -> Response:
    """Somebody's banner in its largest size."""
    return await _banner(visit, "1500x500")


@page("GET", "/profile_banners/{account_id}/{name}/{size}")
async def profile_banner_in_a_size(visit: Visit) -> Response:
    """Somebody's banner in one of its sizes."""
    return await _banner(visit, visit.path["size"])


async def _banner(visit: Visit, size: str) -> Response:
    row, name = await _account(visit), visit.path["name"]
    if row is None or not row.banner or name != row.banner or size not in BANNERS:
        raise NotFound(_MISSING)
    return await _open_to_all(visit, name, size, "image/jpeg")


async def _account(visit: Visit) -> AccountRow | None:
    account_id = id_in(visit.path["account_id"])
    row = None if account_id is None else await account_by_id(visit.db, account_id)
    return row if row is not None and row.state == ACTIVE else None


async def _open_to_all(visit: Visit, name: str, part: str, content_type: str) -> Response:
    headers = HARMLESS | {"content-type": content_type} | _KEPT
    path = visit.resources[Folder].file(name, part)
    return await _sent(path, visit.request.headers.get("range"), headers, head=visit.request.method == "HEAD")


async def _seen(visit: Visit, name: str) -> MediaRow | None:
    """The media, if whoever asks may see it: anybody, whom the address was signed for, or who is signed in in this browser."""
    for viewer in _viewers(visit, name):
        row = await media_by_name(visit.db, viewer, name)
        if row is not None:
            return row
    return None


def _viewers(visit: Visit, name: str) -> list[int]:
    """As whom the media of an address may be seen: as anybody or whom it was signed for, and as who is signed in in this browser."""
    signed_for = viewer_of(visit.db.keys, name, visit.query, visit.db.now)
    return list(dict.fromkeys([signed_for, *(one.account_id for one in visit.accounts)]))


async def _sent(path: Path, asked: str | None, headers: dict[str, str], *, head: bool) -> Response:
    try:
        status, about, pieces = await opened(path, asked)
    except FileNotFoundError as error:
        raise NotFound(_MISSING, why=f"{path.name} is not in the folder") from error
    if head and pieces is not None:
        pieces.close()
    if head or pieces is None:
        return Response(status_code=status, headers=headers | about)
    return StreamingResponse(pieces, status, headers | about)
