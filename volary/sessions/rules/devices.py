"""What a User-Agent header says about a device and a browser, kept with the session at sign-in (A14).

The names are what the maker calls them and are not translated; the kind decides the picture and the words around them.
"""

import re
from typing import Literal

import msgspec
import ua_parser

Kind = Literal["computer", "phone", "tablet", "program", "unknown"]

_LONGEST = 500
_SYSTEMS = {"Mac OS X": "macOS", "Chrome OS": "ChromeOS"}
_BROWSERS = {
    "Mobile Safari": "Safari",
    "Chrome Mobile": "Chrome",
    "HeadlessChrome": "Chrome",
    "Firefox Mobile": "Firefox",
    "Chrome Mobile iOS": "Chrome",
}
_COMPUTERS = frozenset(
    {"Windows", "macOS", "Linux", "ChromeOS", "Ubuntu", "Debian", "Fedora", "FreeBSD", "OpenBSD", "NetBSD"}
)
# Programs name themselves as "name/version" and nothing of Mozilla's; the parser knows but a few of them.
_PROGRAM = re.compile(r"([A-Za-z][A-Za-z0-9 ._+-]{0,40})/(\d+)?")


class Device(msgspec.Struct, frozen=True):
    """A device and the browser (or program) on it; an empty text is not known."""

    kind: Kind
    system: str
    browser: str

    @property
    def kept(self) -> str:
        """The text for the session's `device` column."""
        return f"{self.kind}/{self.system}"


def device_of(user_agent: str) -> Device:
    """The device and browser that a User-Agent header names."""
    text = user_agent[:_LONGEST]
    program = None if text.startswith("Mozilla/") else _PROGRAM.match(text)
    if program is not None:
        return Device("program", "", _versioned(program[1].strip(), program[2]))
    parsed = ua_parser.parse(text)
    family = parsed.os.family if parsed.os else ""
    system = _SYSTEMS.get(family, family)
    browser = ""
    if parsed.user_agent:
        name = parsed.user_agent.family
        browser = _versioned(_BROWSERS.get(name, name), parsed.user_agent.major)
    model = parsed.device.family if parsed.device else ""
    if model in {"iPhone", "iPad"}:
        system = model
    return Device(_kind(system, text), system, browser)


def kept_device(device: str, browser: str) -> Device:
    """A device as a session's columns hold it."""
    kind, _, system = device.partition("/")
    known: Kind = kind if kind in {"computer", "phone", "tablet", "program"} else "unknown"  # type: ignore[assignment]
    return Device(known, system, browser)


def _kind(system: str, user_agent: str) -> Kind:
    if system in _COMPUTERS:
        return "computer"
    if system == "iPad" or (system == "Android" and "Mobile" not in user_agent):
        return "tablet"
    return "phone" if system in {"iPhone", "iOS", "Android"} else "unknown"


def _versioned(name: str, major: str | None) -> str:
    return f"{name} {major}" if major else name
