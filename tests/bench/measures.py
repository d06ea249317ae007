"""What is measured, each as rows for the table. Everything is bounded in requests or seconds and ends by itself."""

import asyncio
import base64
import contextlib
import subprocess
import time
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlencode

import msgspec

from tests.bench import load, making, signing
from tests.bench.load import Result
from tests.bench.peer import Peer
from tests.bench.signing_in import Visitors
from tests.serving import Server
from volary.access.levels import Level
from volary.accounts.actions import create_account
from volary.accounts.rules.hashing import PasswordHasher
from volary.db import Database
from volary.portal.actions.commands import Created

CONNECTIONS = (1, 32, 128)
FEW = (32,)
"""Where every request uses something up that must be made before."""
_MOST_SIGNED = 25_000
_MOST_TAKEN = 8_000
"""Requests a second that no run reaches; so many are made before it for each second."""
_PEOPLE = 400
_VISITORS = 16
_PASSWORD = "correct horse battery staple"


class Row(msgspec.Struct, frozen=True):
    """One line of the table. `of_bare` is the rate as a part of the bare server's at as many connections."""

    what: str
    connections: int
    rate: float
    p50_ms: float
    p99_ms: float
    of_bare: float | None = None


class Bench:
    """One server under measurement: what it is asked, and the bare server's rates beside it."""

    def __init__(self, server: Server, folder: Path, seconds: float, bare: dict[int, float]) -> None:
        self.server, self.folder, self.seconds, self.bare = server, folder, seconds, bare
        self.app: Created = server.app("Bench", level=Level.READ_WRITE, type="web", callbacks=(making.CALLBACK,))
        self.rows: list[Row] = []
        self._grants: making.Grants | None = None
        self._me = f"{server.base}/2/users/me"
        token = server.in_database(lambda db: making.access_token(db, server.cast.ann.id, int(self.app.app_id)))
        self._bearer = f"Bearer {token}"
        load.plain(self._me, 8, 1, [f"Authorization: {self._bearer}"])  # statements compile at their first use

    def bearer_reads(self) -> None:
        """(a) `GET /2/users/me` with one access token."""
        for connections in CONNECTIONS:
            result = load.plain(self._me, connections, self.seconds, [f"Authorization: {self._bearer}"])
            self._add("(a) bearer read", connections, result)

    def signed_reads(self) -> None:
        """(b) the same, each request signed for itself by OAuth 1.0a."""
        app = self.app
        key, key_secret = str(app.api_key), str(app.api_key_secret)
        token, token_secret = str(app.access_token), str(app.access_token_secret)
        for connections in CONNECTIONS:
            count = int(_MOST_SIGNED * (self.seconds + 1))
            headers = signing.authorizations(self._me, key, key_secret, token, token_secret, count)
            result = load.authorized(self._me, connections, self.seconds, self.folder, headers)
            self._add("(b) OAuth 1.0a signed read", connections, result)
            time.sleep(1)  # the next run's nonces belong to another second

    def posts(self) -> None:
        """(c) durable posts with a mention, a hashtag and a link, of four hundred people in turn."""
        allowed = self._allowed()
        people = [f"Bearer {token}" for token in self.server.in_database(lambda db: making.access_tokens(db, allowed))]
        url = f"{self.server.base}/2/tweets"
        for connections in CONNECTIONS:
            word = f"run {connections}"
            result = load.posting(url, connections, self.seconds, self.folder, people, word)
            self._add("(c) durable post", connections, result)

    def exchanges(self) -> None:
        """(d) authorization codes become tokens; each code is used once."""
        allowed = self._allowed()
        for connections in FEW:
            count = int(_MOST_TAKEN * self.seconds)
            made = self.server.in_database(lambda db, count=count: making.codes(db, allowed, count))
            given = {"grant_type": "authorization_code", "redirect_uri": making.CALLBACK}
            bodies = [urlencode({**given, "code_verifier": making.VERIFIER, "code": code}) for code in made]
            self._add("(d) code exchange", connections, self._forms(connections, bodies))

    def refreshes(self) -> None:
        """(e) refresh tokens become their successors; each is used once."""
        allowed = self._allowed()
        for connections in FEW:
            count = int(_MOST_TAKEN * self.seconds)
            made = self.server.in_database(lambda db, count=count: making.refresh_tokens(db, allowed, count))
            bodies = [urlencode({"grant_type": "refresh_token", "refresh_token": token}) for token in made]
            self._add("(e) refresh", connections, self._forms(connections, bodies))

    def sign_ins(self) -> None:
        """(f) sign-ins as fast as the server lets people, with reads beside them; and what the hash alone would allow."""
        alone = asyncio.run(_hashes_a_second(self.seconds))
        self.server.in_database(_person_with_password)
        quiet = load.plain(self._me, 4, self.seconds, [f"Authorization: {self._bearer}"])
        with Visitors(self.server.port, "signs_in", _PASSWORD, _VISITORS) as visitors:
            visitors.rate(1)
            rate = visitors.rate(self.seconds)
            before, began = visitors.done, time.perf_counter()
            busy = load.plain(self._me, 4, self.seconds, [f"Authorization: {self._bearer}"])
            beside = (visitors.done - before) / (time.perf_counter() - began)
        self.rows += [
            Row("(f) the hash alone", _VISITORS, alone, 0, 0),
            Row("(f) sign-in", _VISITORS, rate, 0, 0),
            Row("(f) sign-in, with reads beside it", _VISITORS, beside, 0, 0),
            Row("(f) reads, nobody signing in", 4, quiet.rate, quiet.p50, quiet.p99),
            Row("(f) reads, during sign-ins", 4, busy.rate, busy.p50, busy.p99),
        ]

    def many_tokens(self, counts: Sequence[int]) -> None:
        """Bearer reads with ten thousand different tokens, among few tokens and among many."""
        allowed = self._allowed()
        for count in counts:
            tokens = self.server.in_database(
                lambda db, count=count: making.tokens_among(db, self.server.settings.database, allowed, count)
            )
            headers = [f"Bearer {token}" for token in tokens]
            load.authorized(self._me, 32, 1, self.folder, headers)  # the pages that every look-up needs
            result = load.authorized(self._me, 32, self.seconds, self.folder, headers)
            self._add(f"bearer reads, all different, among {count:,} tokens", 32, result)

    def _allowed(self) -> making.Grants:
        if self._grants is None:
            self._grants = self.server.in_database(lambda db: making.allowed(db, int(self.app.app_id), _PEOPLE))
        return self._grants

    def _forms(self, connections: int, bodies: Sequence[str]) -> Result:
        basic = base64.b64encode(f"{self.app.client_id}:{self.app.client_secret}".encode()).decode()
        url = f"{self.server.base}/2/oauth2/token"
        return load.forms(url, connections, self.seconds, self.folder, f"Basic {basic}", bodies)

    def _add(self, what: str, connections: int, result: Result) -> None:
        self.rows.append(row_of(what, connections, result, self.bare))


def of_peer(peer: Peer, folder: Path, seconds: float, bare: dict[int, float]) -> list[Row]:
    """The same two things of the peer: a read with an access token, and refreshes."""
    reads = load.plain(f"{peer.base}/me", 32, seconds, [f"Authorization: Bearer {peer.access}"])
    basic = base64.b64encode(f"bench:{peer.secret}".encode()).decode()
    bodies = [urlencode({"grant_type": "refresh_token", "refresh_token": token}) for token in peer.refresh]
    refreshed = load.forms(f"{peer.base}/token", 32, seconds, folder, f"Basic {basic}", bodies)
    return [
        row_of("peer: (a) bearer read", 32, reads, bare),
        row_of("peer: (e) refresh, in memory", 32, refreshed, bare),
    ]


def row_of(what: str, connections: int, result: Result, bare: dict[int, float]) -> Row:
    """A row. Raises RuntimeError when an answer was not what was asked for: then nothing was measured."""
    if result.failed:
        raise RuntimeError(f"{what} at {connections} connections: {result.failed} answers were not 2xx")
    return Row(what, connections, result.rate, result.p50, result.p99, result.rate / bare[connections])


def footprint(server: Server) -> float:
    """The memory of supervisor and worker together, in MB, each shared page counted by its share (PSS)."""
    total = 0
    for process in _with_children(server.process):
        for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1])
    return total / 1024


def _with_children(process: int) -> list[int]:
    said = subprocess.run(["pgrep", "-P", str(process)], capture_output=True, text=True, check=False).stdout
    return [process, *(one for child in said.split() for one in _with_children(int(child)))]


async def _hashes_a_second(seconds: float) -> float:
    hasher = PasswordHasher(slots=2)
    kept = await hasher.hash(_PASSWORD)
    before, began = hasher.computed, time.perf_counter()

    async def verify() -> None:
        while time.perf_counter() - began < seconds:
            await hasher.verify(kept, _PASSWORD)

    await asyncio.gather(*(verify() for _ in range(_VISITORS)))
    rate = (hasher.computed - before) / (time.perf_counter() - began)
    hasher.close()
    return rate


async def _person_with_password(db: Database) -> None:
    hasher = PasswordHasher()
    await db.write(create_account, "signs_in", password_hash=await hasher.hash(_PASSWORD))
    hasher.close()


def wait_for(url: str) -> None:
    """Wait until a server answers."""
    until = now() + 30
    while now() < until:
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=2):
            return
        time.sleep(0.005)
    raise RuntimeError(f"nothing answers at {url}")


def now() -> float:
    """Seconds of a clock that only runs forward."""
    return time.perf_counter()
