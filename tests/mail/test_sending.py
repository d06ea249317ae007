"""Letters reach a real mail server, in the reader's language, and nothing that a mail server does loses one or sends it twice."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

import pytest

from tests.cast import People
from tests.conftest import HeldDatabase
from tests.mail.conftest import Sending
from tests.mail.post_office import open_post_office
from volary.accounts.actions import change_email, write_to
from volary.db import Tx
from volary.jobs.actions import retry_all
from volary.jobs.queries import jobs_after
from volary.kit.clock import HOUR, MINUTE
from volary.mail.actions import KEPT, forget_letters, send, send_again
from volary.mail.models import FAILED, OUTBOX, SENT, WAITING, Addressee, LetterRow
from volary.mail.queries import latest_letters
from volary.mail.reading import read
from volary.mail.writing import Writer
from volary.settings import Settings

LETTER = "developers/letters/suspended"
GARDEN = "Tidy Garden"
WHY = "It follows everybody\nand then lets them go."


async def write(
    tx: Tx,
    account_id: int,
    app: str = GARDEN,
    name: str = "Ann Ameland",
    reason: str = WHY,
    *,
    confirmed: bool = False,
) -> bool:
    return await write_to(
        tx,
        account_id,
        LETTER,
        {
            "name": name,
            "app": app,
            "app_id": "1234567890",
            "rule": "Automation rules",
            "reason": reason,
            "suspended_at": 1_700_000_000_000,
        },
        confirmed=confirmed,
    )


async def until(there: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(30):
        while not await there():
            await asyncio.sleep(0.01)


async def only(db: HeldDatabase) -> LetterRow:
    (row,) = await latest_letters(db)
    return row


def in_state(db: HeldDatabase, state: str) -> Callable[[], Awaitable[bool]]:
    async def found() -> bool:
        return (await only(db)).state == state

    return found


def tried(db: HeldDatabase, times: int) -> Callable[[], Awaitable[bool]]:
    async def found() -> bool:
        (job,) = await jobs_after(db)
        return job.tries == times and job.holder == ""

    return found


async def test_a_letter_arrives(db: HeldDatabase, cast: People, sending: Sending) -> None:
    async with open_post_office() as office, sending(smtp_url=f"smtp+plain://127.0.0.1:{office.port}"):
        assert await db.write(write, cast.ann.id)
        await until(in_state(db, SENT))
    (got,) = office.taken
    assert (got.sender, got.recipients) == ("no-reply@localhost", ["ann@example.org"])
    message = got.message
    assert message["Subject"] == "Application suspension notice: Tidy Garden"
    assert message["From"] == "Volary <no-reply@localhost>"
    assert message["To"] == "ann@example.org"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Message-ID"] == f"<{(await only(db)).id}.letter@localhost>"
    assert message["Date"].datetime.timestamp() == (await only(db)).created_at // 1000
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert (await only(db)).answer.startswith("taken as 17")


async def test_a_letter_says_the_same_as_text_and_as_html(db: HeldDatabase, cast: People, sending: Sending) -> None:
    async with open_post_office() as office, sending(smtp_url=f"smtp+plain://127.0.0.1:{office.port}"):
        await db.write(write, cast.ann.id)
        await until(in_state(db, SENT))
    parts = {part.get_content_type(): part.get_content() for part in office.taken[0].message.iter_parts()}
    assert parts["text/plain"].splitlines()[:10] == [
        "Hello Ann Ameland,",
        "",
        "your App “Tidy Garden” on Volary was suspended. Its keys and tokens are refused from now on. What people allowed it is kept.",
        "",
        "App: Tidy Garden",
        "App ID: 1234567890",
        "Rule: Automation rules",
        "Suspended: Nov 14, 2023, 22:13 UTC",
        "",
        "The reason that was given:",
    ]
    for words in ("Tidy Garden", "1234567890", "Automation rules", "and then lets them go."):
        assert words in parts["text/plain"]
        assert words in parts["text/html"]
    assert "http://localhost:8000/portal/apps/1234567890" in parts["text/plain"]
    assert 'href="http://localhost:8000/portal/apps/1234567890"' in parts["text/html"]


@pytest.mark.parametrize(
    ("who", "subject", "greeting"),
    [
        ("bob", "Melding dat je app is geschorst: Tidy Garden", "Hallo Ann Ameland,"),
        ("carol", "Mitteilung über die Sperrung Ihrer App: Tidy Garden", "Guten Tag, Ann Ameland,"),
    ],
)
async def test_a_letter_is_in_the_readers_language(
    db: HeldDatabase, cast: People, sending: Sending, who: str, subject: str, greeting: str
) -> None:
    async with open_post_office() as office, sending(smtp_url=f"smtp+plain://127.0.0.1:{office.port}"):
        await db.write(write, getattr(cast, who).id)
        await until(in_state(db, SENT))
    message = office.taken[0].message
    assert message["Subject"] == subject
    assert message["Content-Language"] == getattr(cast, who).language
    body = message.get_body(("plain",))
    assert body is not None
    assert body.get_content().startswith(greeting)


async def test_a_letter_of_an_act_that_failed_was_never_written(db: HeldDatabase, cast: People) -> None:
    async def act(tx: Tx) -> None:
        await write(tx, cast.ann.id)
        raise RuntimeError("as told")

    with pytest.raises(RuntimeError):
        await db.write(act)
    assert not await latest_letters(db)
    assert not await jobs_after(db)


@pytest.mark.parametrize("reply", ["451 greylisted, come back later", "421 too many of you"])
async def test_a_mail_server_that_says_later_is_asked_again(
    db: HeldDatabase, cast: People, sending: Sending, reply: str
) -> None:
    async with open_post_office() as office, sending(smtp_url=f"smtp+plain://127.0.0.1:{office.port}"):
        office.recipient_replies = [reply]
        await db.write(write, cast.ann.id)
        await until(tried(db, 1))
        assert (await only(db)).state == WAITING
        assert reply.partition(" ")[0] in (await jobs_after(db))[0].error
        db.clock.advance(2 * MINUTE)
        await until(in_state(db, SENT))
    assert len(office.taken) == 1


async def test_a_letter_that_is_refused_for_good_is_given_up_and_seen(
    db: HeldDatabase, cast: People, sending: Sending
) -> None:
    async with open_post_office() as office, sending(smtp_url=f"smtp+plain://127.0.0.1:{office.port}"):
        office.recipient_replies = ["550 no such person"]
        await db.write(write, cast.ann.id)
        await until(in_state(db, FAILED))
        assert (await only(db)).answer == "550 no such person"
        (job,) = await jobs_after(db, given_up=True)
        assert (job.tries, job.error) == (1, "550 no such person")
        assert await db.write(send_again, (await only(db)).id)
        await until(in_state(db, SENT))
    assert office.tries == 2


async def test_a_letter_that_was_given_up_is_sent_when_its_job_is_tried_again(
    db: HeldDatabase, cast: People, sending: Sending
) -> None:
    async with open_post_office() as office, sending(smtp_url=f"smtp+plain://127.0.0.1:{office.port}"):
        office.recipient_replies = ["550 not from you", "550 still not"]
        await db.write(write, cast.ann.id)
        await until(in_state(db, FAILED))
        assert await db.write(retry_all) == 1
        await until(partial(_says, db, "550 still not"))
        assert (await only(db)).state == FAILED
        assert await db.write(retry_all) == 1
        await until(in_state(db, SENT))
    assert len(office.taken) == 1
    assert not await jobs_after(db)


async def _says(db: HeldDatabase, answer: str) -> bool:
    return (await only(db)).answer == answer


async def test_a_message_that_is_refused_is_given_up_too(db: HeldDatabase, cast: People, sending: Sending) -> None:
    async with open_post_office() as office, sending(smtp_url=f"smtp+plain://127.0.0.1:{office.port}"):
        office.replies = ["554 this looks like spam"]
        await db.write(write, cast.ann.id)
        await until(in_state(db, FAILED))
    assert (await only(db)).answer == "554 this looks like spam"


async def test_a_mail_server_that_hangs_up_is_asked_again(db: HeldDatabase, cast: People, sending: Sending) -> None:
    async with open_post_office() as office, sending(smtp_url=f"smtp+plain://127.0.0.1:{office.port}"):
        office.hangs_up = 1
        await db.write(write, cast.ann.id)
        await until(tried(db, 1))
        db.clock.advance(2 * MINUTE)
        await until(in_state(db, SENT))
    assert len(office.taken) == 1


async def test_a_mail_server_that_is_away_is_asked_again(db: HeldDatabase, cast: People, sending: Sending) -> None:
    async with open_post_office() as office:
        port = office.port
    async with sending(smtp_url=f"smtp+plain://127.0.0.1:{port}"):
        await db.write(write, cast.ann.id)
        await until(tried(db, 1))
    assert (await only(db)).state == WAITING
    assert f"127.0.0.1:{port}" in (await jobs_after(db))[0].error


async def test_without_a_mail_server_letters_stay_in_the_outbox(
    db: HeldDatabase, cast: People, sending: Sending
) -> None:
    async with sending():
        await db.write(write, cast.ann.id)
        await until(in_state(db, OUTBOX))
    written = read(db.keys, Writer(Settings(public_url="http://localhost:8000")), await only(db))
    assert written.subject == "Application suspension notice: Tidy Garden"
    async with open_post_office() as office, sending(smtp_url=f"smtp+plain://127.0.0.1:{office.port}"):
        assert await db.write(send_again, (await only(db)).id)
        await until(in_state(db, SENT))
    assert len(office.taken) == 1


async def test_nothing_of_a_letter_is_kept_once_it_was_sent(db: HeldDatabase, cast: People, sending: Sending) -> None:
    async with open_post_office() as office, sending(smtp_url=f"smtp+plain://127.0.0.1:{office.port}"):
        await db.write(write, cast.ann.id)
        sealed = (await only(db)).parameters
        assert sealed is not None
        assert b"Tidy Garden" not in sealed
        await until(in_state(db, SENT))
        letter = await only(db)
        assert letter.parameters is None
        with pytest.raises(LookupError):
            read(db.keys, Writer(Settings()), letter)
        assert not await db.write(send_again, letter.id)
        assert await db.write(retry_all) == 0
    db.clock.advance(KEPT + HOUR)
    assert await db.write(forget_letters) == 1


async def test_an_account_without_an_address_gets_no_letter(db: HeldDatabase, cast: People) -> None:
    async def act(tx: Tx) -> tuple[bool, bool]:
        await change_email(tx, cast.ann.id, "new@example.org")
        unconfirmed = await write(tx, cast.ann.id, confirmed=True)
        await change_email(tx, cast.ann.id, "")
        return unconfirmed, await write(tx, cast.ann.id)

    assert await db.write(act) == (False, False)


@pytest.mark.attack("SR-168")
@pytest.mark.parametrize(
    "name",
    [
        "Garden\r\nBcc: everybody@example.org",
        "Garden\nX-Evil: 1",
        "Garden\u2028Bcc: everybody@example.org",
        "<script>alert(1)</script>",
        "{{7*7}} ${7*7} %{x} %(app)s",
        'a" onmouseover="x',
    ],
)
async def test_no_name_can_write_a_header_or_markup(
    db: HeldDatabase, cast: People, sending: Sending, name: str
) -> None:
    async with open_post_office() as office, sending(smtp_url=f"smtp+plain://127.0.0.1:{office.port}"):
        await db.write(write, cast.ann.id, name, name, name)
        await until(in_state(db, SENT))
    (got,) = office.taken
    assert got.recipients == ["ann@example.org"]
    assert set(got.message.keys()) == {
        *("From", "To", "Subject", "Date", "Message-ID", "Content-Language", "Auto-Submitted"),
        *("X-Auto-Response-Suppress", "MIME-Version", "Content-Type"),
    }
    html = got.message.get_body(("html",))
    assert html is not None
    for dangerous in ("<script", '" onmouseover', "49"):
        assert dangerous not in html.get_content()


@pytest.mark.parametrize("address", ["a@b\r\nRCPT TO:<c@d>", "a b@c.d", "<a@b.c>", "a@b.c,d@e.f", '"a"@b.c', "ann", ""])
async def test_an_envelope_takes_one_plain_address(db: HeldDatabase, address: str) -> None:
    async def act(tx: Tx) -> None:
        await send(tx, Addressee(address, "en"), LETTER, {})

    with pytest.raises(ValueError, match="plain addresses"):
        await db.write(act)
