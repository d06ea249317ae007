"""Handing a message to the mail server that the settings name. The one place that knows SMTP (RFC 5321)."""

from email.message import EmailMessage

import aiosmtplib

from volary.mail.composing import host_of
from volary.settings import Settings
from volary.settings.mailing import MailServer, mail_server

SECONDS = 20.0
"""How long each word of the mail server may take."""


class Refused(Exception):
    """The mail server will never take this letter (RFC 5321 §4.2.1, a reply of 5xx); the text is its reply."""


class NotNow(Exception):
    """The mail server does not take this letter now: it is away, does not answer, or asks for another try (4xx)."""


async def post(settings: Settings, message: EmailMessage, address: str) -> str:
    """Give a message to the mail server; what it answered. Raises Refused, NotNow."""
    server = mail_server(settings)
    if server is None:
        raise NotNow("no mail server is set")
    try:
        async with _client(settings, server) as client:
            _, answer = await client.send_message(message, sender=settings.sender, recipients=[address])
            return answer
    except aiosmtplib.SMTPRecipientsRefused as error:
        raise _sorted(error.recipients[0].code, error.recipients[0].message) from error
    except aiosmtplib.SMTPAuthenticationError as error:
        # The operator's password is wrong, not the letter: it can be sent once that is put right.
        raise NotNow(f"the mail server does not let us in: {error.code} {error.message}") from error
    except aiosmtplib.SMTPResponseException as error:
        raise _sorted(error.code, error.message) from error
    except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
        raise NotNow(f"{server.shown}: {_told(error)}") from error


async def greet(settings: Settings, *, seconds: float = SECONDS) -> str:
    """Connect, encrypt, sign in and leave, as for a letter; empty when all went well, else what did not. For the doctor."""
    server = mail_server(settings)
    if server is None:
        return "no mail server is set"
    try:
        async with _client(settings, server, seconds) as client:
            await client.noop()
    except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
        return _told(error)
    return ""


def _told(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__


def _client(settings: Settings, server: MailServer, seconds: float = SECONDS) -> aiosmtplib.SMTP:
    return aiosmtplib.SMTP(
        hostname=server.host,
        port=server.port,
        username=server.username or None,
        password=server.password or None,
        use_tls=server.encryption == "tls",
        start_tls=server.encryption == "starttls",
        local_hostname=host_of(settings),
        timeout=seconds,
    )


def _sorted(code: int, reply: str) -> Exception:
    told = f"{code} {' '.join(reply.split())}"
    return Refused(told) if 500 <= code < 600 else NotNow(told)
