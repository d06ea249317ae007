"""What the address of a mail server says: where it is, how the way to it is encrypted, and who we are there."""

from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import msgspec

from volary.kit.hosts import is_loopback

if TYPE_CHECKING:
    from volary.settings.fields import Settings

_SCHEMES = {"smtps": ("tls", 465), "smtp": ("starttls", 587), "smtp+plain": ("none", 25)}


class MailServer(msgspec.Struct, frozen=True):
    """A mail server. `encryption` is `tls` (from the first byte), `starttls` (or nothing is sent) or `none`."""

    host: str
    port: int
    encryption: str
    username: str
    password: str

    @property
    def shown(self) -> str:
        """Its name without the password, for logs and people."""
        return f"{self.host}:{self.port}"


def mail_server(settings: "Settings") -> MailServer | None:
    """The mail server of the settings; None where there is none. Raises ValueError with what is wrong, without the password."""
    if not settings.smtp_url:
        return None
    parts = urlsplit(settings.smtp_url)
    if (
        parts.scheme not in _SCHEMES
        or not parts.hostname
        or parts.path not in {"", "/"}
        or parts.query
        or parts.fragment
    ):
        raise ValueError("must be an address such as smtp://user:password@mail.example.org:587")
    encryption, port = _SCHEMES[parts.scheme]
    try:
        port = parts.port or port
    except ValueError:
        raise ValueError("its port is no port") from None
    username, password = unquote(parts.username or ""), unquote(parts.password or "")
    if bool(username) != bool(password):
        raise ValueError("has a user name without a password, or the reverse")
    if encryption == "none" and username and not is_loopback(f"http://{parts.netloc.rpartition('@')[2]}"):
        raise ValueError("would send the password in the open: smtp+plain:// with a password is for this machine only")
    return MailServer(parts.hostname, port, encryption, username, password)
