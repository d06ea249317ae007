"""Where an address is, without asking anybody: a database of towns if the operator has one, else the built-in table of countries.

The table tells where an address is registered, which for one address in ten is another country than the one it is used in; so what is
shown is called approximate. Addresses of this machine and of private networks are named as such and never looked up (decision 0022).
"""

import ipaddress
from typing import Literal, Self

import iptocc
import maxminddb
import msgspec
from babel import Locale

from volary.language import mark as _
from volary.language import translate

Kind = Literal["computer", "network", "place", "unknown"]

THIS_COMPUTER = _("this computer")
LOCAL_NETWORK = _("local network")
UNKNOWN = _("unknown place")
APPROXIMATE = _("%(place)s (approximate)")

_LONGEST_TOWN = 80
_SOURCES = {"dbip": ("DB-IP", "https://db-ip.com"), "geolite2": ("MaxMind", "https://www.maxmind.com")}


class Location(msgspec.Struct, frozen=True):
    """A place: a country by its ISO code and, where it is known, a town by its name."""

    kind: Kind
    country: str = ""
    town: str = ""

    @property
    def kept(self) -> str:
        """The text for the session's `location` column."""
        return f"{self.kind}/{self.country}/{self.town}"

    @classmethod
    def of(cls, kept: str) -> Self:
        """A place as a session's column holds it."""
        kind, _slash, rest = kept.partition("/")
        country, _slash, town = rest.partition("/")
        known: Kind = kind if kind in {"computer", "network", "place"} else "unknown"  # type: ignore[assignment]
        return cls(known, country, town)

    def words(self, language: str) -> str:
        """The place in a language: `Utrecht, Niederlande (ungefähr)`."""
        if self.kind == "computer":
            return translate(language, THIS_COMPUTER)
        if self.kind == "network":
            return translate(language, LOCAL_NETWORK)
        country = Locale.parse(language).territories.get(self.country, self.country)
        place = ", ".join(part for part in (self.town, country) if part)
        return translate(language, APPROXIMATE, place=place) if place else translate(language, UNKNOWN)


class LocationFinder:
    """Finds places. `database` is the path of an MMDB file with towns or countries (GeoLite2 or DB-IP), or None for the built-in table."""

    def __init__(self, database: str | None = None) -> None:
        """Open the database. Raises OSError or maxminddb.InvalidDatabaseError when it cannot be read."""
        self._towns = maxminddb.open_database(database) if database else None

    @property
    def source(self) -> tuple[str, str] | None:
        """The name and address that the database's licence wants to be named with the places."""
        kind = self._towns.metadata().database_type.lower() if self._towns else ""
        return next((named for mark, named in _SOURCES.items() if mark in kind), None)

    def find(self, address: str, language: str = "en") -> Location:
        """The place of an address; a town is named in the language where the database can."""
        try:
            parsed = ipaddress.ip_address(address)
        except ValueError:
            return Location("unknown")
        if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped:
            parsed = parsed.ipv4_mapped
        if parsed.is_loopback:
            return Location("computer")
        if not parsed.is_global:  # private, link-local, and what a provider's customers share (RFC 6598)
            return Location("network")
        return self._in_database(str(parsed), language) or _registered(str(parsed))

    def close(self) -> None:
        """Let go of the database."""
        if self._towns is not None:
            self._towns.close()

    def _in_database(self, address: str, language: str) -> Location | None:
        if self._towns is None:
            return None
        try:
            found = msgspec.convert(self._towns.get(address), _Record, strict=False)
        except (ValueError, msgspec.ValidationError):
            return None
        country = found.country.iso_code.upper()
        names = found.city.names
        town = (names.get(language) or names.get("en") or "")[:_LONGEST_TOWN]
        return Location("place", country, town) if _is_country(country) else None


class _Country(msgspec.Struct):
    iso_code: str = ""


class _City(msgspec.Struct):
    names: dict[str, str] = {}


class _Record(msgspec.Struct):
    """What is read of a record of an MMDB file."""

    country: _Country = msgspec.field(default_factory=_Country)
    city: _City = msgspec.field(default_factory=_City)


def _registered(address: str) -> Location:
    country = iptocc.country_code(address)
    return Location("place", country) if country and _is_country(country) else Location("unknown")


def _is_country(code: str) -> bool:
    return len(code) == 2 and code.isascii() and code.isalpha()
