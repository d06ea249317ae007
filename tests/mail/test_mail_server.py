"""The way to the mail server: encrypted or refused, signed in, and never waited for without end."""

import asyncio
from pathlib import Path

import pytest

from tests.cast import People
from tests.certificates import certificate
from tests.conftest import HeldDatabase
from tests.mail.conftest import Sending
from tests.mail.post_office import PASSWORD, USER, PostOffice, open_post_office
from tests.mail.test_sending import in_state, only, tried, until, write
from volary.jobs.queries import jobs_after
from volary.mail.composing import host_of
from volary.mail.models import SENT, WAITING
from volary.mail.posting import greet
from volary.settings import BadSetting, Settings
from volary.settings.mailing import MailServer, mail_server

LOGIN = "volary:p%40ss%3Aword%2Fof%20the%20mail"
assert PASSWORD == "p@ss:word/of the mail"
assert USER == "volary"


@pytest.mark.parametrize(("scheme", "starts"), [("smtp", True), ("smtps", False)])
async def test_a_letter_goes_encrypted_and_signed_in(
    db: HeldDatabase,
    cast: People,
    sending: Sending,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    scheme: str,
    starts: bool,
) -> None:
    context, trusted = certificate(tmp_path, "localhost")
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    async with open_post_office(context, starts=starts) as office:
        url = f"{scheme}://{LOGIN}@localhost:{office.port}"
        async with sending(smtp_url=url):
            await db.write(write, cast.ann.id)
            await until(in_state(db, SENT))
        assert await greet(Settings(smtp_url=url)) == ""
    (got,) = office.taken
    assert (got.signed_in, got.encrypted) == (True, True)


@pytest.mark.parametrize(("scheme", "starts"), [("smtp", True), ("smtps", False)])
async def test_nothing_is_told_to_a_server_that_nobody_vouches_for(
    db: HeldDatabase, cast: People, sending: Sending, tmp_path: Path, scheme: str, starts: bool
) -> None:
    context, _ = certificate(tmp_path, "localhost")
    async with open_post_office(context, starts=starts) as office:
        async with sending(smtp_url=f"{scheme}://{LOGIN}@localhost:{office.port}"):
            await db.write(write, cast.ann.id)
            await until(tried(db, 1))
        assert not office.taken
        assert office.tries == 0
    assert (await only(db)).state == WAITING


async def test_without_encryption_nothing_is_sent_unless_that_was_said(
    db: HeldDatabase, cast: People, sending: Sending
) -> None:
    """The server offers no STARTTLS, as it would when somebody on the way took the offer out."""
    async with open_post_office() as office:
        async with sending(smtp_url=f"smtp://127.0.0.1:{office.port}"):
            await db.write(write, cast.ann.id)
            await until(tried(db, 1))
        assert office.tries == 0


async def test_a_wrong_password_is_tried_again_and_never_shown(
    db: HeldDatabase,
    cast: People,
    sending: Sending,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    context, trusted = certificate(tmp_path, "localhost")
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    async with open_post_office(context) as office:
        url = f"smtp://volary:not-the-word@localhost:{office.port}"
        async with sending(smtp_url=url):
            await db.write(write, cast.ann.id)
            await until(tried(db, 1))
        said = await greet(Settings(smtp_url=url))
    (job,) = await jobs_after(db)
    assert "does not let us in" in job.error
    assert (await only(db)).state == WAITING
    for text in (job.error, caplog.text, said, (await only(db)).answer):
        assert "not-the-word" not in text


async def test_a_mail_server_that_says_nothing_is_left_after_a_while(
    db: HeldDatabase, cast: People, sending: Sending
) -> None:
    silent: list[asyncio.StreamWriter] = []

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        silent.append(writer)

    server = await asyncio.start_server(listen, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    settings = Settings(smtp_url=f"smtp+plain://127.0.0.1:{port}")
    assert "timed out" in (await greet(settings, seconds=0.2)).lower()
    for writer in silent:
        writer.close()
    server.close()


async def test_a_slow_mail_server_holds_up_no_request(db: HeldDatabase, cast: People, sending: Sending) -> None:
    """While it thinks, acts and reads go on; two letters are under way, the third waits its turn."""
    async with open_post_office() as office, sending(smtp_url=f"smtp+plain://127.0.0.1:{office.port}") as runner:
        office.waits.clear()
        for _ in range(3):
            await db.write(write, cast.ann.id)
        await until(lambda: _tried(office, 2))
        assert len(runner._running) == 2
        office.waits.set()
        await until(lambda: _took(office, 3))


async def _tried(office: PostOffice, times: int) -> bool:
    return office.tries >= times


async def _took(office: PostOffice, letters: int) -> bool:
    return len(office.taken) >= letters


@pytest.mark.parametrize(
    ("url", "meant"),
    [
        ("smtp://mail.example", MailServer("mail.example", 587, "starttls", "", "")),
        ("smtps://u:p%40@mail.example", MailServer("mail.example", 465, "tls", "u", "p@")),
        ("smtp+plain://localhost:2525", MailServer("localhost", 2525, "none", "", "")),
        ("smtp+plain://u:p@127.0.0.1", MailServer("127.0.0.1", 25, "none", "u", "p")),
        ("smtp://[2001:db8::1]:26", MailServer("2001:db8::1", 26, "starttls", "", "")),
    ],
)
def test_an_address_says_how_the_server_is_reached(url: str, meant: MailServer) -> None:
    assert mail_server(Settings(smtp_url=url)) == meant


@pytest.mark.parametrize(
    "url",
    [
        *("mail.example:587", "http://mail.example", "smtp://", "smtp://mail.example/path", "smtp://mail.example?x=1"),
        *("smtp://mail.example:99999", "smtp://u@mail.example", "smtp+plain://u:secret@mail.example"),
    ],
)
def test_an_address_that_says_something_else_stops_the_start(url: str) -> None:
    with pytest.raises(BadSetting, match="VOLARY_SMTP_URL") as refused:
        Settings(public_url="http://localhost:8000").replaced(smtp_url=url)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("address", ["Volary <a@b.example>", "a b@c.example", "a@b\r\nBcc: c@d", "nobody", "@b", "a@"])
def test_letters_come_from_a_plain_address(address: str) -> None:
    with pytest.raises(BadSetting, match="VOLARY_MAIL_FROM"):
        Settings(public_url="http://localhost:8000").replaced(mail_from=address)


def test_this_server_introduces_itself_by_its_public_name() -> None:
    assert host_of(Settings(public_url="https://volary.example/sub")) == "volary.example"
    assert host_of(Settings(public_url="http://[2001:db8::1]:8000")) == "[IPv6:2001:db8::1]"
