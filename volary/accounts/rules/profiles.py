"""The other fields of a profile: email address, description, location, website, language, time zone."""

import re
from functools import cache
from urllib.parse import urlsplit

import msgspec
from babel.core import get_global

from volary.accounts.errors import Refused
from volary.accounts.rules.names import checked_name
from volary.kit.unicode import composed, one_line
from volary.language import LANGUAGES
from volary.language import mark as _

EMAIL_LENGTH = 254
DESCRIPTION_LENGTH, LOCATION_LENGTH, WEBSITE_LENGTH = 160, 30, 100

EMAIL_SHAPE = _("This is not an email address.")
TOO_LONG = _("At most %(limit)s characters fit here.")
WEBSITE_SHAPE = _("A website starts with https:// or http:// and names a host.")
LANGUAGE_UNKNOWN = _("This language is not available.")
TIME_ZONE_UNKNOWN = _("This time zone is not known.")
COUNTRY_UNKNOWN = _("This country is not known.")
PHONE_SHAPE = _("A phone number begins with + and the country's number, and has 7 to 15 digits.")

# The address that browsers accept in <input type="email"> (HTML Living Standard), with a dot or a local host in the domain left to mail.
_EMAIL = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@"
    r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*",
    re.ASCII,
)


class Profile(msgspec.Struct, frozen=True):
    """What an account shows of itself, and how pages speak to it."""

    name: str
    description: str = ""
    location: str = ""
    website: str = ""
    language: str = ""
    """Empty where none was chosen: then the browser decides."""
    time_zone: str = "Etc/UTC"
    protected: int = 0


def checked_profile(profile: Profile) -> Profile:
    """The profile as it is kept. Raises Refused for the first field that is wrong."""
    return Profile(
        name=checked_name(profile.name),
        description=checked_description(profile.description),
        location=checked_location(profile.location),
        website=checked_website(profile.website),
        language=kept_language(profile.language),
        time_zone=checked_time_zone(profile.time_zone),
        protected=int(bool(profile.protected)),
    )


def email_key(email: str) -> str | None:
    """An address as it is kept and compared, in lower case; None for a text that is none."""
    kept = email.strip()
    return kept.lower() if len(kept) <= EMAIL_LENGTH and _EMAIL.fullmatch(kept) else None


def checked_email(email: str) -> str:
    """An address as it is kept. Raises Refused."""
    key = email_key(email)
    if key is None:
        raise Refused(EMAIL_SHAPE, field="email")
    return key


def checked_description(text: str) -> str:
    """What a person says about themselves; line ends stay, other control characters go. Raises Refused when too long."""
    lines = [one_line(line) for line in composed(text).splitlines()]
    return _within("\n".join(lines).strip(), DESCRIPTION_LENGTH, "description")


def checked_location(text: str) -> str:
    """Where a person says they are. Raises Refused when too long."""
    return _within(one_line(text), LOCATION_LENGTH, "location")


def checked_website(url: str) -> str:
    """A link to show: http or https with a host and no user name in it, or empty. Raises Refused (SR-165)."""
    kept = url.strip()
    if not kept:
        return ""
    try:
        parts = urlsplit(kept)
        sound = parts.scheme.lower() in {"http", "https"} and bool(parts.hostname) and parts.username is None
    except ValueError:
        sound = False
    if not sound or not kept.isascii() or not kept.isprintable() or set(kept) & set(' "<>\\^`{|}'):
        raise Refused(WEBSITE_SHAPE, field="website")
    return _within(kept, WEBSITE_LENGTH, "website")


def kept_language(language: str) -> str:
    """A language as it is kept: one of those that pages come in, or empty for none. Raises Refused."""
    return language and checked_language(language)


def checked_language(language: str) -> str:
    """One of the languages that pages come in. Raises Refused."""
    if language not in {known.code for known in LANGUAGES}:
        raise Refused(LANGUAGE_UNKNOWN, field="language")
    return language


@cache
def time_zones() -> frozenset[str]:
    """The names of the time zones that can be chosen (the zones of CLDR, as Area/Place)."""
    return frozenset(zone for zone in get_global("zone_territories") if "/" in zone and zone != "Etc/Unknown")


def checked_time_zone(zone: str) -> str:
    """A time zone of the tz database. Raises Refused."""
    if zone not in time_zones():
        raise Refused(TIME_ZONE_UNKNOWN, field="time_zone")
    return zone


_PHONE = re.compile(r"\+[1-9][0-9]{6,14}", re.ASCII)
_BETWEEN_DIGITS = re.compile(r"[\s().\-/\u2010\u2011\u00a0]+")


def checked_phone(text: str) -> str:
    """A phone number as it is kept: a plus and digits (E.164), or empty for none. Raises Refused."""
    kept = _BETWEEN_DIGITS.sub("", text)
    if kept and not _PHONE.fullmatch(kept):
        raise Refused(PHONE_SHAPE, field="phone")
    return kept


@cache
def countries() -> frozenset[str]:
    """The countries that can be chosen, as ISO 3166 has them in two letters."""
    return frozenset(code for code in get_global("zone_territories").values() if len(code) == 2 and code != "ZZ")


def checked_country(code: str) -> str:
    """A country, or empty for none. Raises Refused."""
    if code and code not in countries():
        raise Refused(COUNTRY_UNKNOWN, field="country")
    return code


def _within(text: str, limit: int, field: str) -> str:
    if len(text) > limit:
        raise Refused(TOO_LONG, field=field, limit=limit)
    return text
