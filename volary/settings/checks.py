"""Values that would only fail later are refused at the start, each with a sentence that says what would be right (SR-370)."""

import ipaddress
import re
from typing import Any
from urllib.parse import urlsplit

import msgspec

from volary.kit.urls import origin_of
from volary.settings.fields import Settings
from volary.settings.mailing import mail_server

_PATH = re.compile(r"(/[A-Za-z0-9._~-]+)*")
_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")
_MAIL_FROM = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
_VALKEY = ("valkey://", "valkeys://", "redis://", "rediss://", "unix://")
_LINKS = ("http://", "https://", "mailto:", "/")
_LONGEST_NAME = 50


class BadSetting(Exception):
    """A setting cannot be used; the text names it and says what would be right."""


def checked(settings: Settings) -> Settings:
    """The settings with their addresses in one spelling. Raises BadSetting."""
    settings = _addressed(settings)
    _check_database(settings)
    _check_scale(settings)
    _check_networks("VOLARY_TRUSTED_PROXIES", settings.trusted_proxies)
    _check_networks("VOLARY_WEBHOOK_NETWORKS", settings.webhook_networks)
    if settings.log_format not in {"text", "json"}:
        raise BadSetting("VOLARY_LOG_FORMAT must be text or json")
    if settings.developer_approval not in {"automatic", "operator"}:
        raise BadSetting("VOLARY_DEVELOPER_APPROVAL must be automatic or operator")
    if unknown := set(settings.further_permissions) - {"full-archive"}:
        raise BadSetting(f"VOLARY_FURTHER_PERMISSIONS: {min(unknown)!r} is none; there is full-archive")
    if settings.valkey is not None and not _is_valkey(settings.valkey):
        raise BadSetting("VOLARY_VALKEY must be an address such as valkey://host:6379/0")
    if settings.workers > 1 and (settings.database.startswith("sqlite") or not settings.valkey):
        raise BadSetting("VOLARY_WORKERS above 1 needs PostgreSQL (VOLARY_DATABASE) and Valkey (VOLARY_VALKEY)")
    _check_mail(settings)
    _check_looks(settings)
    return settings


def _addressed(settings: Settings) -> Settings:
    if not settings.public_url:
        return msgspec.structs.replace(
            settings, **_on_this_machine(settings.host, settings.port, settings.public_origins)
        )
    origin, path = _address(settings.public_url, "VOLARY_PUBLIC_URL")
    if not _PATH.fullmatch(path):
        raise BadSetting(f"VOLARY_PUBLIC_URL: the path {path!r} must be plain, such as /volary")
    return msgspec.structs.replace(settings, public_url=origin + path, public_origins=_origins(settings.public_origins))


def _on_this_machine(host: str, port: int, further: tuple[str, ...]) -> dict[str, Any]:
    """The public URL and origins of a server that was not told its public address; `further` are the origins that it was told."""
    named = f"[{host}]" if ":" in host else host
    others = ["127.0.0.1"] if host in {"0.0.0.0", "::"} else ["127.0.0.1", named]  # noqa: S104 - compared, not listened on
    own = [origin_of(f"http://{one}:{port}") for one in ("localhost", *others)]
    return {"public_url": own[0], "public_origins": tuple(dict.fromkeys((*own[1:], *_origins(further))))}


def _origins(addresses: tuple[str, ...]) -> tuple[str, ...]:
    found = []
    for address in addresses:
        origin, path = _address(address, "VOLARY_PUBLIC_ORIGINS")
        if path:
            raise BadSetting(f"VOLARY_PUBLIC_ORIGINS: {address!r} must end after the host and port")
        found.append(origin)
    return tuple(found)


def _address(address: str, name: str) -> tuple[str, str]:
    """The origin and the path of a public address, without a slash at the end. Raises BadSetting."""
    wrong = BadSetting(
        f"{name}: {address!r} is no public address: it must start with http:// or https:// and name a host"
    )
    try:
        parts = urlsplit(address)
        origin = origin_of(address)
    except ValueError:  # a port that is none
        raise wrong from None
    if parts.scheme not in {"http", "https"} or not parts.hostname or not address.isprintable() or " " in address:
        raise wrong
    if parts.username is not None or "?" in address or "#" in address:
        raise BadSetting(f"{name}: {address!r} must hold no user name, question mark or number sign")
    return origin, parts.path.rstrip("/")


def _check_database(settings: Settings) -> None:
    kind, found, place = settings.database.partition("://")
    known = found and kind in {"sqlite", "postgresql", "postgres"}
    if not known or (kind == "sqlite" and (not place.startswith("/") or place.endswith("/") or ":memory:" in place)):
        raise BadSetting("VOLARY_DATABASE must be sqlite:///path or postgresql://user:password@host/name")


def _check_scale(settings: Settings) -> None:
    if settings.rate_limits == "off":
        return
    try:
        if 0 < float(settings.rate_limits) < 1e6:
            return
    except ValueError:
        pass
    raise BadSetting("VOLARY_RATE_LIMITS must be off, or a number above 0")


def _is_valkey(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return address.startswith(_VALKEY) and (parts.port or 1) > 0 and bool(parts.hostname or parts.path)
    except ValueError:
        return False


def _check_networks(name: str, networks: tuple[str, ...]) -> None:
    for network in networks:
        try:
            ipaddress.ip_network(network, strict=False)
        except ValueError:
            raise BadSetting(f"{name}: {network!r} is no network such as 10.0.0.0/8") from None


def _check_mail(settings: Settings) -> None:
    try:
        mail_server(settings)
    except ValueError as error:
        raise BadSetting(f"VOLARY_SMTP_URL {error}") from None
    if settings.mail_from and not _MAIL_FROM.fullmatch(settings.mail_from):
        raise BadSetting("VOLARY_MAIL_FROM must be a plain address such as no-reply@example.org")


def _check_looks(settings: Settings) -> None:
    name = settings.site_name
    if not name.strip() or not name.isprintable() or len(name) > _LONGEST_NAME:
        raise BadSetting(f"VOLARY_SITE_NAME must be a name of at most {_LONGEST_NAME} characters")
    if settings.accent and not _COLOUR.fullmatch(settings.accent):
        raise BadSetting("VOLARY_ACCENT must be a colour such as #1d6f5c")
    for link, address in settings.site_links.items():
        if address and not (address.startswith(_LINKS) and address.isprintable()):
            raise BadSetting(f"VOLARY_SITE_LINKS: {link} must lead to an http, https or mailto address, or to a path")
