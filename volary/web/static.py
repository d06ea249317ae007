"""Style, script and pictures: read once, served under names that carry a hash of the content and may be kept forever."""

import gzip
import hashlib
from functools import cache
from pathlib import Path

import msgspec
from starlette.datastructures import Headers
from starlette.responses import Response

from volary.web.accent import accent_rules
from volary.web.headers import FIXED

FOLDER = Path(__file__).parent / "static"
PREFIX = "/static/"
_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
_ALONE = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"
"""For a picture that is opened as a page of its own."""
_FOREVER = "public, max-age=31536000, immutable"


class Asset(msgspec.Struct, frozen=True):
    """One file as it is served."""

    path: str
    content_type: str
    content: bytes
    zipped: bytes


class Assets:
    """All files of one installation; its accent colour is part of the style sheet, and so of the sheet's hash."""

    def __init__(self, accent: str) -> None:
        sheets = sorted((FOLDER / "css").glob("*.css"))
        style = "".join(sheet.read_text("utf-8") for sheet in sheets) + accent_rules(accent)
        self._named = {"volary.css": _asset("volary.css", style.encode())}
        for file in sorted(FOLDER.iterdir()):
            if file.is_file():
                self._named[file.name] = _asset(file.name, file.read_bytes())
        self._served = {asset.path: asset for asset in self._named.values()}

    def path(self, name: str) -> str:
        """Where a file is served. Raises KeyError for one that does not exist."""
        return self._named[name].path

    def answer(self, path: str, headers: Headers) -> Response | None:
        """The file at a path, or None."""
        asset = self._served.get(path)
        if asset is None:
            return None
        told = FIXED | {"cache-control": _FOREVER, "content-security-policy": _ALONE, "vary": "Accept-Encoding"}
        if "gzip" in headers.get("accept-encoding", ""):
            told["content-encoding"] = "gzip"
            return Response(asset.zipped, media_type=asset.content_type, headers=told)
        return Response(asset.content, media_type=asset.content_type, headers=told)


@cache
def assets(accent: str) -> Assets:
    """The files for an accent colour, read and zipped once."""
    return Assets(accent)


def _asset(name: str, content: bytes) -> Asset:
    stem, _, ending = name.rpartition(".")
    mark = hashlib.sha256(content).hexdigest()[:12]
    kind = _TYPES.get("." + ending, "application/octet-stream")
    return Asset(f"{PREFIX}{stem}.{mark}.{ending}", kind, content, gzip.compress(content, 9, mtime=0))
