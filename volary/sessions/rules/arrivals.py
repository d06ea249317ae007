"""Who is at the door: what is kept about where and with what somebody signs in."""

from collections.abc import Mapping
from typing import Protocol

import msgspec

from volary.kit.resources import Resources
from volary.kit.secrets import digest
from volary.sessions.rules.browsers import held_tokens
from volary.sessions.rules.devices import device_of
from volary.sessions.rules.locations import LocationFinder


class Visitor(Protocol):
    """The part of a visit that tells where it comes from."""

    address: str
    language: str

    @property
    def cookies(self) -> Mapping[str, str]: ...
    @property
    def user_agent(self) -> str: ...
    @property
    def resources(self) -> Resources: ...


class Arrival(msgspec.Struct, frozen=True):
    """Where a sign-in comes from, in the form in which a session keeps it, and the digests of the tokens that the browser holds."""

    address: str
    location: str = ""
    device: str = ""
    browser: str = ""
    user_agent: str = ""
    held: tuple[bytes, ...] = ()


def arrival_of(visit: Visitor) -> Arrival:
    """What a visit tells about where it comes from. The process's LocationFinder is among its resources."""
    device = device_of(visit.user_agent)
    return Arrival(
        address=visit.address,
        location=visit.resources[LocationFinder].find(visit.address, visit.language).kept,
        device=device.kept,
        browser=device.browser,
        user_agent=visit.user_agent,
        held=tuple(digest(token) for token in held_tokens(visit.cookies)),
    )
