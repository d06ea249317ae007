"""Who is at the door: what is kept about where and with what somebody signs in."""

from collections.abc import Callable, Mapping
from functools import cached_property
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


class Traits(msgspec.Struct, frozen=True):
    """What an address and a User-Agent header say about where and with what somebody is, in the form in which a session keeps it."""

    location: str = ""
    device: str = ""
    browser: str = ""


class Arrival(msgspec.Struct, frozen=True, dict=True):
    """Where a sign-in comes from, and the digests of the tokens that the browser holds.

    A User-Agent header takes milliseconds to read, and whoever sends it chooses how many: so it is read when a session or a record
    needs it, and not before it is known that a password may be tried at all.
    """

    address: str
    user_agent: str = ""
    held: tuple[bytes, ...] = ()
    place: Callable[[str], str] = str

    @cached_property
    def traits(self) -> Traits:
        """Place and device, worked out once."""
        device = device_of(self.user_agent)
        return Traits(self.place(self.address), device.kept, device.browser)

    def look(self) -> None:
        """Work the traits out now: it takes a while, and no transaction should wait for it."""
        _ = self.traits


def arrival_of(visit: Visitor) -> Arrival:
    """What a visit tells about where it comes from. The process's LocationFinder is among its resources."""
    finder, language = visit.resources[LocationFinder], visit.language
    return Arrival(
        address=visit.address,
        user_agent=visit.user_agent,
        held=tuple(digest(token) for token in held_tokens(visit.cookies)),
        place=lambda address: finder.find(address, language).kept,
    )
