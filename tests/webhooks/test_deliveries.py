"""Operators are told of what happens to Apps: signed, at least once, again when it fails, each answer kept."""

import asyncio
import base64
import hashlib
import hmac
import json
import re
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from tests.cast import People
from tests.conftest import HeldDatabase
from tests.house import tree
from tests.webhooks.receiver import Got, Receiver, receiving, status
from volary.activity.actions import record
from volary.db import Tx
from volary.developers.actions import create_app, suspend_app
from volary.developers.rules.settings import Details
from volary.jobs.actions import retry_all
from volary.jobs.declaring import jobs_of
from volary.jobs.queries import jobs_after
from volary.jobs.running import EACH_LANE, Runner
from volary.kit.clock import HOUR, SECOND, SystemClock
from volary.kit.resources import Resources
from volary.settings import Settings
from volary.webhooks import jobs as webhook_jobs
from volary.webhooks.actions import (
    KEPT,
    MOST_WAITING,
    MOST_WEBHOOKS,
    NewWebhook,
    add_webhook,
    forget_deliveries,
    redeliver,
    remove_webhook,
    rotate_secret,
    send_test,
)
from volary.webhooks.errors import BadAddress, TooManyWebhooks, TooMuchWaits, WebhookUnknown
from volary.webhooks.models import DELIVERED, FAILED, WAITING, DeliveryRow
from volary.webhooks.queries import count_waiting, every_webhook, latest_deliveries, sending
from volary.webhooks.rules.signing import new_secret, signature


@asynccontextmanager
async def working(db: HeldDatabase, **settings: Any) -> AsyncIterator[Runner]:
    """Do the deliveries until the block ends. Receivers of this machine may be reached, unless the settings say otherwise."""
    owned = Resources()
    owned.put(
        Settings, Settings(public_url="http://localhost:8000", **{"webhook_networks": ("127.0.0.0/8",), **settings})
    )
    runner = Runner(db, owned, jobs_of([webhook_jobs]), patience=0.1)
    runner.start()
    try:
        yield runner
    finally:
        await runner.stop()


async def until(there: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(30):
        while not await there():
            await asyncio.sleep(0.01)


async def only(db: HeldDatabase) -> DeliveryRow:
    (row,) = await latest_deliveries(db)
    return row


def tried(db: HeldDatabase, times: int, state: str) -> Callable[[], Awaitable[bool]]:
    async def found() -> bool:
        (row,) = await latest_deliveries(db)
        return (row.tries, row.state) == (times, state) and all(not job.holder for job in await jobs_after(db))

    return found


async def hook(db: HeldDatabase, receiver: Receiver, *kinds: str) -> NewWebhook:
    return await db.write(add_webhook, f"http://127.0.0.1:{receiver.port}/hook", kinds)


async def happens(tx: Tx, kind: str = "app.suspended", why: str = "") -> None:
    await record(tx, kind, account_id=7, app_id=9, detail={"name": "Tidy Garden", "why": why})


def as_the_guide_says() -> Callable[[str, dict[str, str], bytes], bool]:
    """The function with which the operators' guide lets receivers check what they get."""
    page = (tree.ROOT / "docs/guide/operators.md").read_text(encoding="utf-8")
    block = re.search(r"```python\n(.*?)```", page, re.DOTALL)
    assert block
    found: dict[str, Any] = {}
    exec(block[1], found)  # noqa: S102 - our own page
    holds: Callable[[str, dict[str, str], bytes], bool] = found["holds"]
    return holds


@pytest.mark.attack("SR-241")
async def test_the_guide_checks_signatures_as_they_are_made(sqlite_db: HeldDatabase) -> None:
    sqlite_db.clock.advance(SystemClock().now() - sqlite_db.now)
    async with receiving() as receiver, working(sqlite_db):
        new = await hook(sqlite_db, receiver)
        await sqlite_db.write(happens)
        await until(tried(sqlite_db, 1, DELIVERED))
    (got,) = receiver.got
    holds = as_the_guide_says()
    assert holds(new.secret, got.headers, got.body)
    assert not holds(new.secret, got.headers, got.body + b" ")
    assert not holds(new_secret(), got.headers, got.body)
    old = str(int(got.headers["webhook-timestamp"]) - 400)
    stale = signature(new.secret, got.headers["webhook-id"], int(old), got.body)
    assert not holds(new.secret, got.headers | {"webhook-timestamp": old, "webhook-signature": stale}, got.body)


def signature_holds(got: Got, secret: str, body: bytes | None = None) -> bool:
    """Whether the HMAC over exactly these bytes is the one that was sent."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{got.headers['webhook-id']}.{got.headers['webhook-timestamp']}.".encode() + (
        got.body if body is None else body
    )
    wanted = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return any(hmac.compare_digest(one, f"v1,{wanted}") for one in got.headers["webhook-signature"].split(" "))


async def test_what_happens_to_an_app_is_told(db: HeldDatabase, cast: People) -> None:
    async with receiving() as receiver, working(db):
        await hook(db, receiver)
        made = await db.write(create_app, cast.dev.id, Details(name="Tidy Garden"))
        await db.write(suspend_app, made.app.id, reason="It follows everybody.")
        await until(lambda: _got(receiver, 2))
    told = {json.loads(got.body)["type"]: json.loads(got.body) for got in receiver.got}
    created, suspended = told["app.created"], told["app.suspended"]
    assert created["data"]["app_id"] == str(made.app.id)
    assert created["data"]["name"] == "Tidy Garden"
    assert suspended["data"]["reason"] == "It follows everybody."
    assert created["timestamp"] == "2026-09-21T14:13:20.000Z"
    assert made.api_key_secret not in receiver.got[0].body.decode()


async def _got(receiver: Receiver, count: int) -> bool:
    return len(receiver.got) >= count


async def test_what_is_sent_is_signed_and_its_answer_is_kept(db: HeldDatabase) -> None:
    async with receiving() as receiver, working(db):
        new = await hook(db, receiver)
        await db.write(happens)
        await until(tried(db, 1, DELIVERED))
    (got,) = receiver.got
    assert signature_holds(got, new.secret)
    assert not signature_holds(got, new.secret, got.body.replace(b"Tidy", b"Tiny"))
    assert got.headers["webhook-id"] == str((await only(db)).id)
    assert got.headers["webhook-timestamp"] == str(db.now // SECOND)
    assert got.headers["content-type"] == "application/json"
    assert got.headers["user-agent"] == "Volary-Webhooks (+http://localhost:8000)"
    row = await only(db)
    assert (row.status, row.answer) == (200, "thank you")
    assert row.milliseconds is not None
    assert (await every_webhook(db))[0].delivered_at == db.now


@pytest.mark.attack("SR-241")
async def test_with_a_new_secret_everything_is_signed_with_it(db: HeldDatabase) -> None:
    """Also what waited since before; the bytes are the same at every try."""
    async with receiving() as receiver, working(db):
        new = await hook(db, receiver)
        receiver.replies = [status(500)]
        await db.write(happens)
        await until(tried(db, 1, WAITING))
        newer = await db.write(rotate_secret, new.id)
        db.clock.advance(HOUR)
        await until(tried(db, 2, DELIVERED))
    before, after = receiver.got
    assert before.body == after.body
    assert before.headers["webhook-id"] == after.headers["webhook-id"]
    assert (signature_holds(before, new.secret), signature_holds(before, newer)) == (True, False)
    assert (signature_holds(after, new.secret), signature_holds(after, newer)) == (False, True)


async def test_the_secret_is_sealed(db: HeldDatabase) -> None:
    async with receiving() as receiver:
        new = await hook(db, receiver)
    kept = await sending(db, new.id)
    assert kept is not None
    assert new.secret.encode() not in kept.secret
    assert new.secret.startswith("whsec_")


@pytest.mark.parametrize("code", [302, 404, 429, 500, 503])
async def test_what_is_not_taken_is_sent_again(db: HeldDatabase, code: int) -> None:
    async with receiving() as receiver, working(db):
        await hook(db, receiver)
        receiver.replies = [status(code, b"not now")]
        await db.write(happens)
        await until(tried(db, 1, WAITING))
        assert ((await only(db)).status, (await only(db)).answer) == (code, "not now")
        db.clock.advance(HOUR)
        await until(tried(db, 2, DELIVERED))
    assert receiver.got[0].headers["webhook-id"] == receiver.got[1].headers["webhook-id"]


@pytest.mark.attack("SR-239")
async def test_a_receiver_that_is_gone_is_given_up_and_can_be_asked_again(db: HeldDatabase) -> None:
    async with receiving() as receiver, working(db):
        await hook(db, receiver)
        receiver.replies = [status(500)] * 14
        await db.write(happens)
        for times in range(1, 14):
            await until(tried(db, times, WAITING))
            db.clock.advance(5 * HOUR)
        await until(tried(db, 14, FAILED))
        assert len(await jobs_after(db, given_up=True)) == 1
        await db.write(redeliver, (await only(db)).id)
        await until(tried(db, 15, DELIVERED))
    assert len(receiver.got) == 15


async def test_a_delivery_that_was_given_up_is_sent_when_its_job_is_tried_again(db: HeldDatabase) -> None:
    async with receiving() as receiver, working(db):
        await hook(db, receiver)
        receiver.replies = [status(500)] * 15
        await db.write(happens)
        for times in range(1, 14):
            await until(tried(db, times, WAITING))
            db.clock.advance(5 * HOUR)
        await until(tried(db, 14, FAILED))
        assert await db.write(retry_all) == 1
        await until(tried(db, 15, WAITING))
        db.clock.advance(5 * HOUR)
        await until(tried(db, 16, DELIVERED))
    assert len({got.headers["webhook-id"] for got in receiver.got}) == 1
    assert not await jobs_after(db)


@pytest.mark.attack("SR-239")
async def test_a_receiver_that_never_answers_holds_up_no_other(db: HeldDatabase) -> None:
    ended = asyncio.Event()

    async def hang(writer: asyncio.StreamWriter) -> None:
        await ended.wait()

    async with receiving() as slow, receiving() as quick, working(db):
        await hook(db, slow)
        await hook(db, quick)
        slow.replies = [hang] * 100
        for _ in range(20):
            await db.write(happens)
        await until(lambda: _got(quick, 20))
        assert slow.connections <= EACH_LANE
        ended.set()


@pytest.mark.attack("SR-239")
async def test_what_waits_for_a_receiver_is_bounded_and_what_is_left_out_is_counted(db: HeldDatabase) -> None:
    async with receiving() as receiver:
        new = await hook(db, receiver)

    async def flood(tx: Tx) -> None:
        for _ in range(MOST_WAITING + 5):
            await happens(tx)

    await db.write(flood)
    assert await count_waiting(db, new.id) == MOST_WAITING
    assert (await every_webhook(db))[0].skipped == 5
    with pytest.raises(TooMuchWaits):
        await db.write(send_test, new.id)


@pytest.mark.attack("SR-229")
@pytest.mark.parametrize("networks", [(), ("10.0.0.0/8",)])
async def test_this_machine_is_not_called_unless_the_operator_allows_it(
    db: HeldDatabase, networks: tuple[str, ...]
) -> None:
    async with receiving() as trap, working(db, webhook_networks=networks):
        await hook(db, trap)
        await db.write(happens)
        await until(tried(db, 1, WAITING))
        assert trap.connections == 0
    assert (await only(db)).answer == "127.0.0.1 is not a public address"


@pytest.mark.attack("SR-240")
@pytest.mark.parametrize("url", ["http://localhost:8000/2/tweets", "http://LOCALHOST:8000/", "http://127.0.0.1:8000/x"])
async def test_this_server_is_not_told_by_itself(db: HeldDatabase, url: str) -> None:
    with pytest.raises(BadAddress, match="own"):
        await db.write(add_webhook, url, (), ("http://localhost:8000", "http://127.0.0.1:8000"))


@pytest.mark.attack("SR-233")
@pytest.mark.parametrize("url", ["ftp://receiver.example/", "https://me:secret@receiver.example/", "receiver.example"])
async def test_an_address_that_can_lead_nowhere_is_refused_at_once(db: HeldDatabase, url: str) -> None:
    with pytest.raises(BadAddress) as refused:
        await db.write(add_webhook, url)
    assert "secret" not in str(refused.value)


@pytest.mark.attack("SR-351")
async def test_what_was_acknowledged_is_told_after_a_crash(db: HeldDatabase) -> None:
    """The act is committed and its process dies: the next one that starts sends it, and an act that failed is never told."""

    async def fails(tx: Tx) -> None:
        await happens(tx, why="never")
        raise RuntimeError("as told")

    async with receiving() as receiver:
        await hook(db, receiver)
        await db.write(happens, why="kept")
        with pytest.raises(RuntimeError):
            await db.write(fails)
        async with working(db):
            await until(tried(db, 1, DELIVERED))
    assert [json.loads(got.body)["data"]["why"] for got in receiver.got] == ["kept"]


@pytest.mark.attack("SR-241")
async def test_a_body_is_signed_byte_for_byte_whatever_stands_in_it(db: HeldDatabase) -> None:
    async with receiving() as receiver, working(db):
        new = await hook(db, receiver)
        await db.write(happens, why='“Grün” <b>&amp;</b> \u2028 "\\ 🌱')
        await until(tried(db, 1, DELIVERED))
    assert signature_holds(receiver.got[0], new.secret)
    assert json.loads(receiver.got[0].body)["data"]["why"] == '“Grün” <b>&amp;</b> \u2028 "\\ 🌱'


async def test_a_webhook_hears_of_the_kinds_that_it_asked_for(db: HeldDatabase) -> None:
    async with receiving() as all_of_it, receiving() as some, working(db):
        await hook(db, all_of_it)
        await hook(db, some, "app.restored")
        for kind in ("app.suspended", "app.restored", "session.started", "app.edited"):
            await db.write(happens, kind)
        await until(lambda: _got(all_of_it, 2))
        await until(lambda: _got(some, 1))
    assert sorted(json.loads(got.body)["type"] for got in all_of_it.got) == ["app.restored", "app.suspended"]
    assert [json.loads(got.body)["type"] for got in some.got] == ["app.restored"]


async def test_a_test_is_sent_when_it_is_asked_for(db: HeldDatabase) -> None:
    async with receiving() as receiver, working(db):
        new = await hook(db, receiver)
        await db.write(send_test, new.id)
        await until(tried(db, 1, DELIVERED))
    assert json.loads(receiver.got[0].body)["type"] == "webhook.test"


async def test_a_webhook_that_is_removed_hears_nothing_more(db: HeldDatabase) -> None:
    async with receiving() as receiver:
        new = await hook(db, receiver)
        await db.write(happens)
        await db.write(remove_webhook, new.id)
        async with working(db):
            await until(lambda: _idle(db))
        assert receiver.connections == 0
    for act in (remove_webhook, rotate_secret, send_test, redeliver):
        with pytest.raises(WebhookUnknown):
            await db.write(act, new.id)


async def _idle(db: HeldDatabase) -> bool:
    return not await jobs_after(db)


async def test_there_are_not_too_many(db: HeldDatabase) -> None:
    for number in range(MOST_WEBHOOKS):
        await db.write(add_webhook, f"https://receiver.example/{number}")
    with pytest.raises(TooManyWebhooks):
        await db.write(add_webhook, "https://receiver.example/more")


async def test_old_deliveries_are_forgotten(db: HeldDatabase) -> None:
    async with receiving() as receiver, working(db):
        await hook(db, receiver)
        await db.write(happens)
        await until(tried(db, 1, DELIVERED))
    db.clock.advance(KEPT + SECOND)
    assert await db.write(forget_deliveries) == 1


async def test_a_certificate_that_nobody_vouches_for_is_no_receiver(
    db: HeldDatabase, self_signed: ssl.SSLContext
) -> None:
    async with receiving(self_signed) as receiver, working(db):
        await db.write(add_webhook, f"https://127.0.0.1:{receiver.port}/")
        await db.write(happens)
        await until(tried(db, 1, WAITING))
        assert not receiver.got
    assert "certificate" in (await only(db)).answer.lower()
