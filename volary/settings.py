"""Settings: one frozen value, read once from the environment or `volary.toml`, and passed by argument.

Each setting is the environment variable `VOLARY_<NAME>` or the key of the same name in lower case in `volary.toml`; the environment
wins. A worker process reads them again. Defaults suit one person's machine; production is described in docs/guide/operators.md.
"""

import ipaddress
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from volary.kit.urls import origin_of

PREFIX = "VOLARY_"


class BadSetting(Exception):
    """A setting cannot be used; the text names it and says what would be right."""


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an installation can choose. The comment under each field is its documentation (docs/settings.md)."""

    database: str = "sqlite:///volary.db"
    """`sqlite:///path` or `postgresql://user:password@host/name`."""
    public_url: str = ""
    """The address under which people and apps reach the server; links, cookies and signatures use it, never the Host header. Without
    it the server answers on this machine only: at localhost, at 127.0.0.1 and at `host`, each with `port`."""
    public_origins: tuple[str, ...] = ()
    """Further origins that reach this server (comma-separated); requests for any other host are refused."""
    trusted_proxies: tuple[str, ...] = ()
    """Networks of proxies whose X-Forwarded-For is believed (comma-separated, such as 10.0.0.0/8)."""
    host: str = "127.0.0.1"
    """The address to listen on."""
    port: int = 8000
    """The port to listen on; 0 takes a free one."""
    workers: int = 1
    """Worker processes; more than one needs PostgreSQL and Valkey."""
    key: str | None = None
    """The installation's key, 32 bytes as base64; without it, a file beside the SQLite database that only its owner can read."""
    valkey: str | None = None
    """`valkey://host:port/0`: limits, nonces and notices that several processes share."""
    rate_limits: str = "1"
    """`off`, or a number by which X's rate limits are multiplied."""
    site_name: str = "Volary"
    """The name that pages, mails and consent texts show."""
    accent: str = ""
    """The accent colour of the pages, as #rrggbb; empty for the product's own."""
    site_links: dict[str, str] = {}
    """Footer links by name: status, accessibility, privacy, terms, contact, embed, documentation, forums. One that is not set is left
    out."""
    location_database: str | None = None
    """Path of an MMDB file with towns for session locations; without it, countries from the built-in table."""
    pkce_plain: bool = True
    """Whether PKCE's `plain` method is taken, as X's clients may send it; production should switch it off."""
    issuer_in_answers: bool = False
    """Whether authorization answers carry `iss` (RFC 9207); X's clients do not expect it."""
    standard_errors: bool = False
    """Whether the OAuth 2.0 token endpoint answers with RFC 6749's error names (invalid_grant, invalid_client) instead of X's."""
    log_format: str = "text"
    """`text` for people, `json` for machines."""
    metrics: bool = True
    """Whether /metrics answers (to addresses of this machine and of trusted proxies' networks)."""
    password_slots: int = 2
    """Password hashes computed at the same time."""
    password_queue: int = 32
    """Sign-ins that may wait for a slot; the next one is answered 503."""
    demo: bool = False
    """Set by `volary demo`: shows the demo's people and pages."""

    @property
    def origins(self) -> tuple[str, ...]:
        """All origins of this server, the public one first."""
        return tuple(dict.fromkeys((origin_of(self.public_url), *map(origin_of, self.public_origins))))

    @property
    def secure(self) -> bool:
        """Whether people reach the server over https."""
        return self.public_url.startswith("https://")

    @property
    def path_prefix(self) -> str:
        """The path of the public URL where a proxy serves Volary below one, else empty; no trailing slash."""
        return (
            "/" + tail.rstrip("/")
            if (tail := self.public_url.split("://", 1)[-1].partition("/")[2].rstrip("/"))
            else ""
        )

    @property
    def rate_limit_scale(self) -> float:
        """What X's limits are multiplied by; 0 switches them off."""
        return 0.0 if self.rate_limits == "off" else float(self.rate_limits)

    def replaced(self, **changes: object) -> "Settings":
        """A copy with some settings changed, checked again."""
        return _checked(msgspec.structs.replace(self, **changes))


def load(environ: Mapping[str, str] | None = None, file: str | Path | None = None) -> Settings:
    """Read the settings. `file` defaults to `VOLARY_SETTINGS`, else `volary.toml` where it exists. Raises BadSetting."""
    environ = os.environ if environ is None else environ
    path = Path(file or environ.get("VOLARY_SETTINGS") or "volary.toml")
    values: dict[str, object] = {}
    if path.exists():
        try:
            values.update(tomllib.loads(path.read_text(encoding="utf-8")))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise BadSetting(f"{path}: {error}") from error
    elif file or environ.get("VOLARY_SETTINGS"):
        raise BadSetting(f"{path}: no such file")
    fields = {field.name: field.type for field in msgspec.structs.fields(Settings)}
    for name, kind in fields.items():
        text = environ.get(PREFIX + name.upper())
        if text is not None:
            values[name] = _parsed(text, kind)
    try:
        return _checked(msgspec.convert(values, Settings, strict=False))
    except msgspec.ValidationError as error:
        raise BadSetting(f"a setting is wrong: {error}") from error


def _parsed(text: str, kind: object) -> object:
    if kind == tuple[str, ...]:
        return [part.strip() for part in text.split(",") if part.strip()]
    if kind == dict[str, str]:
        return dict(part.strip().split("=", 1) for part in text.split(",") if "=" in part)
    if kind is bool:
        return {"on": True, "yes": True, "off": False, "no": False}.get(text.strip().lower(), text)
    return text or None if kind == (str | None) else text


def _checked(settings: Settings) -> Settings:
    """Refuse values that would only fail later, each with a sentence that says what would be right."""
    if not 0 <= settings.port <= 65_535:
        raise BadSetting("VOLARY_PORT must lie between 0 and 65535")
    if not settings.public_url:
        settings = msgspec.structs.replace(
            settings, **_on_this_machine(settings.host, settings.port, settings.public_origins)
        )
    for url in (settings.public_url, *settings.public_origins):
        if not _is_address(url):
            raise BadSetting(f"{url!r} is no public address: it must start with http:// or https:// and name a host")
    if not settings.database.startswith(("sqlite:///", "postgresql://", "postgres://")):
        raise BadSetting("VOLARY_DATABASE must be sqlite:///path or postgresql://user:password@host/name")
    if settings.rate_limits != "off":
        try:
            if not 0 < float(settings.rate_limits) < 1e6:
                raise ValueError
        except ValueError:
            raise BadSetting("VOLARY_RATE_LIMITS must be off, or a number above 0") from None
    for network in settings.trusted_proxies:
        try:
            ipaddress.ip_network(network, strict=False)
        except ValueError:
            raise BadSetting(f"VOLARY_TRUSTED_PROXIES: {network!r} is no network such as 10.0.0.0/8") from None
    if settings.log_format not in {"text", "json"}:
        raise BadSetting("VOLARY_LOG_FORMAT must be text or json")
    if settings.workers > 1 and (settings.database.startswith("sqlite") or not settings.valkey):
        raise BadSetting("VOLARY_WORKERS above 1 needs PostgreSQL (VOLARY_DATABASE) and Valkey (VOLARY_VALKEY)")
    if settings.accent and not (
        len(settings.accent) == 7 and settings.accent[0] == "#" and _is_hex(settings.accent[1:])
    ):
        raise BadSetting("VOLARY_ACCENT must be a colour such as #1d6f5c")
    return settings


def _on_this_machine(host: str, port: int, further: tuple[str, ...]) -> dict[str, Any]:
    """The public URL and origins of a server that was not told its public address; `further` are the origins that it was told."""
    named = f"[{host}]" if ":" in host else host
    others = ["127.0.0.1"] if host in {"0.0.0.0", "::"} else ["127.0.0.1", named]  # noqa: S104 - compared, not listened on
    return {
        "public_url": f"http://localhost:{port}",
        "public_origins": tuple(dict.fromkeys((*(f"http://{one}:{port}" for one in others), *further))),
    }


def _is_address(url: str) -> bool:
    try:
        return url.startswith(("http://", "https://")) and origin_of(url).split("://", 1)[1] != ""
    except ValueError:  # a port that is none
        return False


def _is_hex(text: str) -> bool:
    return all(character in "0123456789abcdefABCDEF" for character in text)
