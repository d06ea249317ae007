"""The letter as the mail server gets it (RFC 5322, RFC 2045, RFC 3834): both forms, who wrote it, and that a machine did."""

from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime
from urllib.parse import urlsplit

from volary.mail.models import LetterRow
from volary.mail.writing import Written
from volary.settings import Settings


def composed(settings: Settings, letter: LetterRow, written: Written) -> EmailMessage:
    """A message that is ready to be sent.

    Its id is made of the letter's own, so that a receiver who is given it twice can tell. Nothing in it is fetched from anywhere, and no
    link goes by a counter: who reads it, and when, is nobody's business. Raises ValueError for a text that no header can hold.
    """
    message = EmailMessage(policy=SMTP if letter.address.isascii() else SMTPUTF8)
    local, _, domain = settings.sender.rpartition("@")
    message["From"] = Address(settings.site_name, local, domain)
    message["To"] = Address("", *_halves(letter.address))
    message["Subject"] = written.subject
    message["Date"] = format_datetime(datetime.fromtimestamp(letter.created_at / 1000, UTC))
    message["Message-ID"] = f"<{letter.id}.letter@{domain}>"
    message["Auto-Submitted"] = "auto-generated"  # so that no holiday notice answers it
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(written.text, cte="quoted-printable")
    message.add_alternative(written.html, subtype="html", cte="quoted-printable")
    message["Content-Language"] = written.language
    return message


def host_of(settings: Settings) -> str:
    """The name by which this server introduces itself to a mail server."""
    host = urlsplit(settings.public_url).hostname or "localhost"
    return f"[IPv6:{host}]" if ":" in host else host


def _halves(address: str) -> tuple[str, str]:
    local, _, domain = address.rpartition("@")
    return local, domain
