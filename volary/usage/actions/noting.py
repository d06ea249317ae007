"""Calls are noted in memory while they are answered, and written down beside the requests, many together.

    note() ──► ring ──► shares: what each App's calls come to, and the latest of them ──► rows

Nothing waits for it: a full ring drops its oldest calls and counts them. A crash loses what was not written yet, the calls of two seconds
while the database can write; a graceful stop writes it. Those who proved nothing have a ring of their own, so that strangers can push
out strangers alone.
"""

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
from volary.usage.rules.telling import told

FLUSH_SECONDS = 2
"""How often a process writes down what it noted."""

_SLICE, _SLICE_UNPROVEN = 2_000, 50
"""Noted calls that are looked at in one go: about a millisecond."""
_PARCELS = 20
"""Shares that one action writes."""
_MOST_REMEMBERED = 20_000

Noted = tuple[Caller | None, int, str, int, float, str, Refusal | None, float]
"""Caller, App, endpoint, status, seconds, request id, refusal, and when it was answered by the process's own clock."""

Bucket = tuple[int, bool]
"""An App, and whether the calls proved it."""

_SCHEMES = {Scheme.OAUTH1: "oauth1", Scheme.OAUTH2_USER: "oauth2", Scheme.APP_ONLY: "app"}


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
        self._unproven: deque[Noted] = deque(maxlen=RING_UNPROVEN)
        self._shares: dict[Bucket, Share] = {}
        self._unpruned: dict[Bucket, int] = {}
        self.dropped = 0
        """Calls that are in no count and in no log, because they came faster than they could be written."""

    def note(self, answer: Answer, endpoint: str, seconds: float, request_id: str) -> None:
        """An answer was sent. One that has to do with no App and refuses nobody is not noted."""
        caller, refusal, app_id = answer.caller, answer.refusal, answer.app_id
        if not self._on or (caller is None and refusal is None and not app_id):
            return
        known = caller is not None or app_id or (refusal is not None and refusal.clue and refusal.clue.proven)
        ring = self._proven if known else self._unproven
        if len(ring) == ring.maxlen:
            self.dropped += 1
        ring.append((caller, app_id, endpoint, answer.status, seconds, request_id, refusal, time.perf_counter()))

    async def flush(self, db: Database) -> None:
        """Write down what was noted, in small actions that leave requests their time.

        What a busy database does not take waits, and nothing more is gathered before it is written: so much is held at most.
        """
        if await self._written(db):
            await self._gather(db)
            await self._written(db)

    async def _gather(self, db: Database) -> None:
        for _ in range(0, len(self._proven), _SLICE):
            async with Resting():
                for _ in range(min(len(self._proven), _SLICE)):
                    call = self._proven.popleft()
                    self._keep((_app_of(call), True), call[2], call)
        for _ in range(0, len(self._unproven), _SLICE_UNPROVEN):
            async with Resting():
                for _ in range(min(len(self._unproven), _SLICE_UNPROVEN)):
                    call = self._unproven.popleft()
                    refusal = call[6]
                    if refusal is not None and refusal.clue is not None:
                        await settle(db, refusal.clue)
                    self._keep((_app_of(call), False), "", call)

    def _keep(self, bucket: Bucket, endpoint: str, call: Noted) -> None:
        share = self._shares.get(bucket)
        if share is None:
            latest: deque[Noted] = deque(maxlen=most_kept(bucket[0], proven=bucket[1]))
            share = self._shares[bucket] = Share(latest)
        share.latest.append(call)
        tally = share.tallies.get(endpoint)
        if tally is None:
            tally = share.tallies[endpoint] = Tally()
        tally.count(call[3], int(call[4] * 1_000_000))

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


def _app_of(call: Noted) -> int:
    caller, refusal = call[0], call[6]
    if caller is not None:
        return caller.app_id or 0
    if call[1] or refusal is None or refusal.clue is None:
        return call[1]
    return refusal.clue.app_id


def _logged(call: Noted, now: int, moment: float) -> LoggedCall:
    """A call as it is kept. `now` and `moment` are the same instant by the database's clock and by the process's."""
    caller, _, endpoint, status, seconds, request_id, refusal, answered = call
    reason, facts = told(refusal, caller, status)
    return LoggedCall(
        at=now - int((moment - answered) * 1000),
        endpoint=endpoint,
        status=status,
        microseconds=int(seconds * 1_000_000),
        request_id=request_id,
        scheme=_SCHEMES.get(caller.scheme, "") if caller is not None else "",
        account_id=caller.account_id if caller is not None else None,
        reason=reason,
        facts=facts,
    )
