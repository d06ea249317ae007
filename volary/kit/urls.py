"""URLs as strings. Comparing is always done on the raw text; parsing is only for reading parts of a URL that was checked before."""

from collections.abc import Mapping
from urllib.parse import quote, urlsplit

_DEFAULT_PORTS = {"http": 80, "https": 443}


def extended(url: str, parameters: Mapping[str, str]) -> str:
    """The URL with parameters appended to its query; what stands there already is kept byte for byte.

    A fragment stays last. Values are percent-encoded, so no value can end the header or the parameter that it stands in.
    """
    base, mark, fragment = url.partition("#")
    joint = "" if base.endswith(("?", "&")) else ("&" if "?" in base else "?")
    added = "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in parameters.items())
    return base + joint + added + mark + fragment if added else url


def origin_of(url: str) -> str:
    """Scheme, host and port of an http(s) URL as browsers write an origin: lower case, without the default port."""
    parts = urlsplit(url)
    scheme, host = parts.scheme.lower(), (parts.hostname or "").lower()
    if ":" in host:
        host = f"[{host}]"
    port = parts.port
    return f"{scheme}://{host}" if port in (None, _DEFAULT_PORTS.get(scheme)) else f"{scheme}://{host}:{port}"
