"""Rate limits in X's way: fixed windows for each operation, by person and by app (X facts 6.1, SR-291–SR-296).

A call for a person counts in the pool of that person with that app; an app's own call in the pool of the app. Where an operation
takes no app-only calls, X's number for the app caps all of its people together, so such calls count in both pools while the person's
own has room. A new token of the same person changes nothing, nor does another spelling of the path: the key is (operation, app, account).
"""

from collections.abc import Mapping, Sequence
from typing import Protocol

import msgspec

from volary.access.caller import Caller, Scheme
from volary.api.answer import Headers
from volary.kit.errors import TooMany

WINDOW = 900
DAY = 86_400


class Quota(msgspec.Struct, frozen=True):
    """So many calls in a window of so many seconds."""

    calls: int
    seconds: int = WINDOW


ONCE_A_SECOND = Quota(1, 1)
"""What X allows of its dearest searches, beside a number for fifteen minutes."""


def per_day(calls: int) -> Quota:
    """A quota for 24 hours."""
    return Quota(calls, DAY)


class Limits(msgspec.Struct, frozen=True):
    """X's numbers for one operation, shorter windows first. An empty pool has no limit."""

    user: tuple[Quota, ...] = ()
    app: tuple[Quota, ...] = ()


def limits(*, user: int | tuple[Quota, ...] = (), app: int | tuple[Quota, ...] = ()) -> Limits:
    """Limits in short: a plain number is for fifteen minutes."""
    return Limits((Quota(user),) if isinstance(user, int) else user, (Quota(app),) if isinstance(app, int) else app)


class Counters(Protocol):
    """Where windows are counted: in this process, or shared by several."""

    async def hit(self, key: str, seconds: int, window: int) -> int:
        """Count one more call in a window and return how many there are now."""
        ...

    async def counted(self, asked: Sequence[tuple[str, int, int]]) -> list[int]:
        """How many calls there are in windows, named as `hit` names them, without counting one."""
        ...


class OwnCounters:
    """Windows in this process. They are dropped when a window ends, so the memory that they need is bounded by its callers."""

    def __init__(self) -> None:
        self._windows: dict[int, tuple[int, dict[str, int]]] = {}

    async def hit(self, key: str, seconds: int, window: int) -> int:
        current, counts = self._windows.get(seconds, (-1, {}))
        if current != window:
            counts = {}
            self._windows[seconds] = (window, counts)
        count = counts[key] = counts.get(key, 0) + 1
        return count

    async def counted(self, asked: Sequence[tuple[str, int, int]]) -> list[int]:
        found = []
        for key, seconds, window in asked:
            current, counts = self._windows.get(seconds, (-1, {}))
            found.append(counts.get(key, 0) if current == window else 0)
        return found


class Left(msgspec.Struct, frozen=True):
    """How many calls a window allows, how many are left, and when it ends, in seconds since 1970."""

    limit: int
    remaining: int
    reset: int


class Limiter:
    """Applies an operation's limits to a call."""

    def __init__(self, counters: Counters, scale: float) -> None:
        self._counters = counters
        self._scale = scale
        self.shares: dict[int, float] = {}
        """Apps whose limits the operator changed, with their share of the usual ones. Nearly always empty."""
        self.on = scale > 0

    async def check(self, operation: str, limit: Limits, app_only: bool, caller: Caller, now: int) -> Headers:
        """Count the call; the headers that tell what is left. Raises Limited when a window is used up."""
        if not self.on:
            return []
        headers: Headers = []
        exceeded = 0
        own = caller.scheme is not Scheme.APP_ONLY
        scale = self._scale_of(caller) if self.shares else self._scale
        if own:
            key = f"{operation} {caller.app_id} {caller.account_id}"
            exceeded = await self._pool(key, "user", limit.user, now, headers, scale, primary=True)
        # What is refused to one person counts for nobody else: they could use up the app's number for all of its people.
        if not exceeded and not (own and app_only):
            key = f"{operation} {caller.app_id}"
            exceeded = await self._pool(key, "app", limit.app, now, headers, scale, primary=not own)
        if exceeded:
            raise Limited(exceeded, headers)
        return headers

    async def left(self, asked: Mapping[str, Limits], caller: Caller, now: int) -> dict[str, Left]:
        """What is left to a caller of each operation's fifteen minutes, by name; nothing for those that have no limit there."""
        own = caller.scheme is not Scheme.APP_ONLY
        quotas = {
            name: quota
            for name, limit in asked.items()
            for quota in (limit.user if own else limit.app)
            if quota.seconds == WINDOW
        }
        window = now // (WINDOW * 1000)
        who = f"{caller.app_id} {caller.account_id}" if own else f"{caller.app_id}"
        counts = await self._counters.counted([(f"{name} {who}", WINDOW, window) for name in quotas])
        found = {}
        for (name, quota), count in zip(quotas.items(), counts, strict=True):
            allowed = max(1, int(quota.calls * self._scale_of(caller))) if self.on else quota.calls
            found[name] = Left(allowed, max(0, allowed - count), (window + 1) * WINDOW)
        return found

    def _scale_of(self, caller: Caller) -> float:
        """By what X's numbers are multiplied for an App."""
        return self._scale * self.shares.get(caller.app_id or 0, 1.0)

    async def _pool(
        self, key: str, name: str, quotas: tuple[Quota, ...], now: int, headers: Headers, scale: float, *, primary: bool
    ) -> int:
        """Count in every window of a pool; the seconds until the last exceeded one ends, 0 when none is."""
        wait = 0
        for quota in quotas:
            seconds = quota.seconds
            window = now // (seconds * 1000)
            allowed = max(1, int(quota.calls * scale))
            count = await self._counters.hit(key, seconds, window)
            reset = (window + 1) * seconds
            if seconds < WINDOW:
                # Told only when it is used up, and then alone: clients wait until the reset that they are told.
                if count > allowed:
                    _tell(headers, name, seconds, allowed, 0, reset, primary)
                    return max(1, reset - now // 1000)
                continue
            _tell(headers, name, seconds, allowed, max(0, allowed - count), reset, primary)
            if count > allowed:
                wait = max(wait, reset - now // 1000)
        return wait


def _tell(headers: Headers, name: str, seconds: int, allowed: int, left: int, reset: int, primary: bool) -> None:
    """X's headers: `x-rate-limit-…` for the caller's own fifteen minutes, `x-…-limit-24hour-…` for days."""
    if seconds == DAY:
        stem = b"x-%s-limit-24hour-" % name.encode()
    elif primary:
        stem = b"x-rate-limit-"
    else:
        return
    headers += (
        (stem + b"limit", b"%d" % allowed),
        (stem + b"remaining", b"%d" % left),
        (stem + b"reset", b"%d" % reset),
    )


class Limited(TooMany):
    """A window is used up; carries the headers that say which."""

    def __init__(self, wait: int, headers: Headers) -> None:
        super().__init__("Too many requests.", retry_after=wait)
        self.headers = headers
