"""Calls are noted in memory while they are answered, and written down beside the requests, many together.

    note() ──► ring ──► shares: what each App's calls come to, and the latest of them ──► rows

Nothing waits for it: a full ring drops its oldest calls and counts them. A crash loses what was not written yet, the calls of two seconds
while the database can write; a graceful stop writes it. Those who proved nothing have a ring of their own, so that strangers can push
out strangers alone.
"""

import asyncio
import time
from collections import deque
from itertools import islice

import msgspec

from volary.access.caller import Caller, Scheme
from volary.api.answer import Answer
from volary.db import Database
from volary.kit.errors import Busy, Refusal
from volary.kit.resting import Resting
from volary.usage.actions.storing import Parcel, store
from volary.usage.models import LoggedCall, Tally
from volary.usage.queries.settling import settle
from volary.usage.rules.bounds import RING, RING_UNPROVEN, most_kept
from volary.usage.rules.telling import Facts, told

FLUSH_SECONDS = 2
"""How often a process writes down what it noted."""

_SLICE, _SLICE_UNPROVEN = 2_000, 50
"""Noted calls that are looked at in one go: about a millisecond."""
_PARCELS = 20
"""Shares that one action writes."""
_MOST_REMEMBERED = 20_000

Noted = tuple[int, int | None, str, str, int, float, float, str, str, Facts | None]
"""App, account, scheme, endpoint, status, when it began by the process's own clock, how many seconds it took, request id, reason, facts.

Nothing in it is looked at by Python's garbage collector for long: tens of thousands of these wait on a busy server."""

Unproven = tuple[Refusal, str, int, float, float, str]
"""Refusal, endpoint, status, when it began, seconds, request id: who was named, and why it was refused, is found out when it is written."""

Bucket = tuple[int, bool]
"""An App, and whether the calls proved it."""

_OAUTH1, _OAUTH2 = Scheme.OAUTH1, Scheme.OAUTH2_USER


class Share(msgspec.Struct):
    """What waits to be written of one bucket."""

    latest: deque[Noted]
    tallies: dict[str, Tally] = {}


class Calls:
    """The calls that this process noted and has not written yet. One per process, in its resources."""

    def __init__(self, *, counting: bool = True, logging: bool = True) -> None:
        self._on = counting or logging
        self._counting, self._logging = counting, logging
        self._proven: deque[Noted] = deque(maxlen=RING)
        self._unproven: deque[Unproven] = deque(maxlen=RING_UNPROVEN)
        self._shares: dict[Bucket, Share] = {}
        self._unpruned: dict[Bucket, int] = {}
        self._writing = asyncio.Lock()
        self.dropped = 0
        """Calls that are in no count and in no log, because they came faster than they could be written."""

    def note(self, answer: Answer, endpoint: str, began: float, seconds: float, request_id: str) -> None:
        """An answer was sent to whoever asked at `began` (`time.perf_counter`). One that has to do with no App and refuses nobody is
        not noted.
        """
        caller = answer.caller
        if not self._on:
            return
        if caller is None or answer.refusal is not None:
            self._note_other(answer, endpoint, began, seconds, request_id)
            return
        scheme = caller.scheme
        kind = "oauth2" if scheme is _OAUTH2 else "oauth1" if scheme is _OAUTH1 else "app"
        reason = "failed" if answer.status >= 500 else ""
        ring = self._proven
        if len(ring) == RING:
            self.dropped += 1
        ring.append(
            (
                caller.app_id or 0,
                caller.account_id,
                kind,
                endpoint,
                answer.status,
                began,
                seconds,
                request_id,
                reason,
                None,
            )
        )

    def _note_other(self, answer: Answer, endpoint: str, began: float, seconds: float, request_id: str) -> None:
        """An answer that is a refusal, or that a door gave which makes no Caller."""
        refusal, caller, app_id = answer.refusal, answer.caller, answer.app_id
        clue = refusal.clue if refusal is not None else None
        if refusal is not None:  # what it knows of the request, body and all, is let go of with the answer
            refusal.__traceback__ = refusal.__context__ = refusal.__cause__ = None
            if caller is None and not (clue is not None and clue.proven):
                self._count_dropped(self._unproven)
                self._unproven.append((refusal, endpoint, answer.status, began, seconds, request_id))
                return
        elif not app_id:
            return
        account = caller.account_id if caller is not None else None
        known = (caller.app_id if caller is not None else clue.app_id if clue is not None else app_id) or 0
        reason, facts = told(refusal, caller)
        self._count_dropped(self._proven)
        self._proven.append(
            (known, account, _kind(caller), endpoint, answer.status, began, seconds, request_id, reason, facts)
        )

    def _count_dropped(self, ring: deque[Noted] | deque[Unproven]) -> None:
        if len(ring) == ring.maxlen:
            self.dropped += 1

    async def flush(self, db: Database) -> None:
        """Write down what was noted, in small actions that leave requests their time.

        What a busy database does not take waits, and nothing more is gathered before it is written: so much is held at most.
        """
        async with self._writing:
            if await self._written(db):
                await self._gather(db)
                await self._written(db)

    async def _gather(self, db: Database) -> None:
        for _ in range(0, len(self._proven), _SLICE):
            async with Resting():
                self._gather_slice()
        for _ in range(0, len(self._unproven), _SLICE_UNPROVEN):
            async with Resting():
                for _ in range(min(len(self._unproven), _SLICE_UNPROVEN)):
                    await self._gather_unproven(db, self._unproven.popleft())

    def _gather_slice(self) -> None:
        """A slice of the ring. It is gone through for every call of the API, so it is short rather than pretty."""
        ring = self._proven
        here: dict[int, tuple[deque[Noted], dict[str, Tally]]] = {}
        for _ in range(min(len(ring), _SLICE)):
            call = ring.popleft()
            app_id, endpoint, status = call[0], call[3], call[4]
            held = here.get(app_id)
            if held is None:
                share = self._share((app_id, True))
                held = here[app_id] = share.latest, share.tallies
            latest, tallies = held
            latest.append(call)
            tally = tallies.get(endpoint)
            if tally is None:
                tally = tallies[endpoint] = Tally()
            tally.requests += 1
            tally.microseconds += int(call[6] * 1_000_000)
            if status >= 400:
                tally.wrong(status)

    async def _gather_unproven(self, db: Database, call: Unproven) -> None:
        """The refusal of somebody who proved nothing, for the App that was named."""
        refusal, endpoint, status, began, seconds, request_id = call
        if refusal.clue is not None:
            await settle(db, refusal.clue)
        app_id = refusal.clue.app_id if refusal.clue is not None else 0
        reason, facts = told(refusal, None)
        share = self._share((app_id, False))
        share.latest.append((app_id, None, "", endpoint, status, began, seconds, request_id, reason, facts))
        tally = share.tallies.setdefault("", Tally())
        tally.requests += 1
        tally.wrong(status)

    def _share(self, bucket: Bucket) -> Share:
        share = self._shares.get(bucket)
        if share is None:
            share = self._shares[bucket] = Share(deque(maxlen=most_kept(bucket[0], proven=bucket[1])))
        return share

    async def _written(self, db: Database) -> bool:
        """Write all shares; False when the database cannot now. What fails in another way is let go, or it would fail for ever."""
        while self._shares:
            some = list(islice(self._shares, _PARCELS))
            async with Resting():
                parcels = [self._parcel(db.now, bucket, self._shares[bucket]) for bucket in some]
                try:
                    await db.write(store, parcels)
                except Busy:
                    return False
                except Exception:
                    self._let_go(some)
                    raise
                self._let_go(some)
                self._remember(parcels)
        return True

    def _let_go(self, buckets: list[Bucket]) -> None:
        for bucket in buckets:
            del self._shares[bucket]

    def _parcel(self, now: int, bucket: Bucket, share: Share) -> Parcel:
        app_id, proven = bucket
        moment = time.perf_counter()
        calls = [_logged(call, now, moment) for call in share.latest] if self._logging else []
        keep = most_kept(app_id, proven=proven)
        written = self._unpruned.get(bucket)
        due = written is None or written + len(calls) > keep // 2
        return Parcel(app_id, proven, share.tallies if self._counting else {}, calls, keep if due else 0)

    def _remember(self, parcels: list[Parcel]) -> None:
        """How many calls were written to each log since its oldest were let go. What is not remembered is due the next time."""
        if len(self._unpruned) > _MOST_REMEMBERED:
            self._unpruned.clear()
        for parcel in parcels:
            bucket = parcel.app_id, parcel.proven
            self._unpruned[bucket] = 0 if parcel.keep else self._unpruned.get(bucket, 0) + len(parcel.calls)


def _kind(caller: Caller | None) -> str:
    if caller is None:
        return ""
    return "oauth2" if caller.scheme is _OAUTH2 else "oauth1" if caller.scheme is _OAUTH1 else "app"


def _logged(call: Noted, now: int, moment: float) -> LoggedCall:
    """A call as it is kept. `now` and `moment` are the same instant by the database's clock and by the process's."""
    _, account_id, scheme, endpoint, status, began, seconds, request_id, reason, facts = call
    return LoggedCall(
        now - int((moment - began - seconds) * 1000),
        endpoint,
        status,
        int(seconds * 1_000_000),
        request_id,
        scheme,
        account_id,
        reason,
        facts or {},
    )
