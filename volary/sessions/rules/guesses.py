"""How many wrong passwords are taken, and from whom (SR-149, SR-151, SR-152; decision 0022 gives the reasons for the numbers).

Three counts, each in a window that opens with its first failure:

    network   50 in 15 minutes   one IPv4 address or one IPv6 /64, at whatever names
    pair      10 in 15 minutes   one name from one network
    login     in 6 hours         one name from everywhere; it never refuses the name's owner, it only makes strangers' pairs shorter:
                                 from 50 on a network that the account was never used from has 2 tries, from 2,000 on none

A place or browser in which the account was signed in before is no stranger: whoever fails somebody's sign-in a thousand times from
elsewhere slows the owner down nowhere that the owner has been. Names that nobody has are counted in the same way, so that counting does
not tell which names exist.
"""

import ipaddress
from collections.abc import Mapping

import msgspec

from volary.kit.clock import HOUR, MINUTE

NETWORK_LIMIT, PAIR_LIMIT = 50, 10
NEAR_WINDOW = 15 * MINUTE
BESIEGED_AT, STRANGERS_TRIES, CLOSED_AT = 50, 2, 2_000
LOGIN_WINDOW = 6 * HOUR
LONGEST_WINDOW = LOGIN_WINDOW
CODE_LIMIT, CODE_WINDOW = 10, HOUR
"""Wrong one-time codes at one account, from everywhere: whoever gets to type one knows the password. Of a million codes three are right at
a time, so a guesser who goes on for a whole month has one chance in fifty, and the account's owner thirty letters a day before that."""
SIGN_UP_LIMIT, SIGN_UP_WINDOW = 100, HOUR
"""Accounts that may be opened from one network: a school's classes share one."""

RESET_LIMIT, RESET_WINDOW = 20, HOUR
"""How often letters about a forgotten password may be asked for from one network."""


class Attempt(msgspec.Struct, frozen=True):
    """One attempt to sign in, as it is counted: the subjects of its three counts."""

    network: str
    pair: str
    login: str

    @property
    def subjects(self) -> tuple[str, str, str]:
        return self.network, self.pair, self.login


class Count(msgspec.Struct, frozen=True):
    """A count and the moment at which its window opened."""

    window_start: int
    count: int


def counted(attempt: Attempt, counts: Mapping[str, Count], now: int) -> dict[str, Count]:
    """The counts with this attempt in them: a window that is over begins anew."""
    return {subject: _next(counts.get(subject), _window(subject), now) for subject in attempt.subjects}


def seconds_to_wait(attempt: Attempt, counts: Mapping[str, Count], now: int, *, stranger: bool) -> int:
    """How long this attempt has to wait; 0 when it may go on."""
    login = _within(counts.get(attempt.login), LOGIN_WINDOW, now)
    tries = PAIR_LIMIT
    if stranger and login >= CLOSED_AT:
        return _left(counts[attempt.login], LOGIN_WINDOW, now)
    if stranger and login >= BESIEGED_AT:
        tries = STRANGERS_TRIES
    return max(
        _left(counts[subject], NEAR_WINDOW, now) if _within(counts.get(subject), NEAR_WINDOW, now) >= limit else 0
        for subject, limit in ((attempt.network, NETWORK_LIMIT), (attempt.pair, tries))
    )


def besieged(attempt: Attempt, counts: Mapping[str, Count], now: int) -> bool:
    """Whether so many have failed at this name that it matters who is a stranger."""
    return _within(counts.get(attempt.login), LOGIN_WINDOW, now) >= BESIEGED_AT


def network_of(address: str) -> str:
    """What counts as one place: an IPv4 address, or the /64 that an IPv6 address lies in."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address[:64]
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((int(parsed) >> 64 << 64, 64)))


def sign_up_counted(held: Count | None, now: int) -> Count:
    """The count of sign-ups from a network with one more in it."""
    return _next(held, SIGN_UP_WINDOW, now)


def seconds_to_next_sign_up(held: Count | None, now: int) -> int:
    """How long a network has to wait until it may open another account; 0 when it may now."""
    used_up = _within(held, SIGN_UP_WINDOW, now) >= SIGN_UP_LIMIT
    return _left(held, SIGN_UP_WINDOW, now) if held and used_up else 0


def reset_counted(held: Count | None, now: int) -> Count:
    """The count of letters about forgotten passwords that a network asked for, with one more in it."""
    return _next(held, RESET_WINDOW, now)


def seconds_to_next_reset(held: Count | None, now: int) -> int:
    """How long a network has to wait until it may ask for another one; 0 when it may now."""
    used_up = _within(held, RESET_WINDOW, now) >= RESET_LIMIT
    return _left(held, RESET_WINDOW, now) if held and used_up else 0


def code_counted(held: Count | None, now: int) -> Count:
    """The count of wrong codes at an account with one more in it."""
    return _next(held, CODE_WINDOW, now)


def seconds_to_next_code(held: Count | None, now: int) -> int:
    """How long nobody may type a code for an account; 0 when somebody may now."""
    used_up = _within(held, CODE_WINDOW, now) >= CODE_LIMIT
    return _left(held, CODE_WINDOW, now) if held and used_up else 0


def _window(subject: str) -> int:
    return LOGIN_WINDOW if subject.startswith("login:") else NEAR_WINDOW


def _next(held: Count | None, window: int, now: int) -> Count:
    running = _within(held, window, now)
    return Count(held.window_start, running + 1) if held and running else Count(now, 1)


def _within(held: Count | None, window: int, now: int) -> int:
    return held.count if held and now < held.window_start + window else 0


def _left(held: Count, window: int, now: int) -> int:
    return max(1, -(-(held.window_start + window - now) // 1000))
