"""A signed request is taken once, also by a process that was started anew, also of many at the same moment (RFC 5849 §3.3)."""

import asyncio
from pathlib import Path

import pytest

from tests.cast import People
from tests.conftest import HeldDatabase
from tests.oauth.oauth1.stage import CALLBACK, HOST, ME, Pair, Stage, error, set_up
from volary.kit.errors import Busy
from volary.kit.resources import Resources
from volary.oauth.oauth1.errors import NotAuthenticated, WrongTime
from volary.oauth.oauth1.nonces.file import FileNonces
from volary.oauth.oauth1.verify import Verifier
from volary.oauth.uses import Uses
from volary.settings import Settings


@pytest.mark.attack("SR-048")
async def test_a_second_copy_is_refused(stage: Stage, ann_rw1: Pair) -> None:
    sent = stage.signed(stage.rw1, ann_rw1, "POST", "/2/tweets")
    assert (await stage.caller(sent)).username == "ann"
    stage.db.clock.advance(1000)
    with pytest.raises(NotAuthenticated) as caught:
        await stage.caller(sent)
    assert (caught.value.status, caught.value.code) == (401, 32)


@pytest.mark.attack("SR-048")
async def test_a_copy_is_refused_until_its_time_is_over(stage: Stage, ann_rw1: Pair) -> None:
    stage.db.clock.advance(3600_000)
    sent = stage.signed(stage.rw1, ann_rw1, "GET", ME, timestamp=str(stage.db.now // 1000 + 300))
    assert (await stage.caller(sent)).username == "ann"
    for _ in range(6):
        stage.db.clock.advance(100_000)
        with pytest.raises(NotAuthenticated):
            await stage.caller(sent)
    stage.db.clock.advance(1000)
    with pytest.raises(WrongTime):
        await stage.caller(sent)


@pytest.mark.attack("SR-048")
async def test_a_restart_opens_nothing(stage: Stage, ann_rw1: Pair, tmp_path: Path) -> None:
    sent = stage.signed(stage.rw1, ann_rw1, "GET", ME)
    assert (await stage.caller(sent)).username == "ann"
    again = FileNonces(tmp_path / "nonces", stage.db.clock)  # the file that the stage's own store writes
    stage.resources = Resources()
    stage.resources.put(Verifier, Verifier(stage.settings, again))
    stage.resources.put(Uses, Uses())
    with pytest.raises(NotAuthenticated):
        await stage.caller(sent)
    assert (await stage.caller(stage.signed(stage.rw1, ann_rw1, "GET", ME))).username == "ann"
    await again.close()


@pytest.mark.attack("SR-048")
async def test_of_many_copies_at_once_one_is_taken(stage: Stage, ann_rw1: Pair) -> None:
    sent = stage.signed(stage.rw1, ann_rw1, "GET", ME)
    answers = await asyncio.gather(*(stage.caller(sent) for _ in range(20)), return_exceptions=True)
    assert sum(not isinstance(answer, BaseException) for answer in answers) == 1
    assert sum(isinstance(answer, NotAuthenticated) for answer in answers) == 19


@pytest.mark.attack("SR-048")
async def test_copies_at_the_doors_make_one_token(stage: Stage) -> None:
    sent = stage.asking(stage.rw1)
    assert (await stage.door(sent)).status == 200
    assert error(await stage.door(sent)) == (401, 32)


async def test_the_same_nonce_is_another_request_for_another_token_app_or_second(stage: Stage, ann_rw1: Pair) -> None:
    bob = await stage.connect(stage.rw1, stage.people.bob.id)
    other = await stage.connect(stage.r1, stage.people.ann.id)
    now = stage.db.now // 1000
    for app, pair, second in (
        (stage.rw1, ann_rw1, now),
        (stage.rw1, bob, now),
        (stage.r1, other, now),
        (stage.rw1, ann_rw1, now + 1),
    ):
        sent = stage.signed(app, pair, "GET", ME, nonce="same", timestamp=str(second))
        assert (await stage.caller(sent)).level


async def test_a_wrong_signature_leaves_no_trace(stage: Stage, ann_rw1: Pair) -> None:
    """A stranger cannot use up somebody's nonce, nor fill the file."""
    sent = stage.signed(stage.rw1, ann_rw1, "GET", ME, nonce="wanted")
    forged = stage.signed(stage.rw1, Pair(ann_rw1.token, "guess"), "GET", ME, nonce="wanted")
    with pytest.raises(NotAuthenticated):
        await stage.caller(forged)
    assert (await stage.caller(sent)).username == "ann"


class Away:
    """A store that cannot remember, as Valkey while it is away."""

    async def take(self, second: int, digest: bytes) -> bool:
        raise Busy("The server is busy. Please try again in a moment.", retry_after=1)

    async def sweep(self) -> int:
        return 0

    async def close(self) -> None:
        pass


@pytest.mark.attack("SR-341")
async def test_without_a_memory_nobody_is_let_in(db: HeldDatabase, cast: People) -> None:
    stage = await set_up(db, Away(), cast, Settings(public_url=HOST))
    sent = stage.signed(stage.rw1, None, "POST", "/oauth/request_token", callback_uri=CALLBACK)
    answer = await stage.door(sent)
    assert error(answer) == (503, 130)
    assert (b"retry-after", b"1") in answer.headers
