"""A real mail server on this machine, which takes letters, or behaves as badly as it is told to."""

import asyncio
import email
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from typing import Any

import msgspec
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

USER, PASSWORD = "volary", "p@ss:word/of the mail"


class Taken(msgspec.Struct, frozen=True):
    """A letter that arrived, with its envelope."""

    sender: str
    recipients: list[str]
    message: EmailMessage
    raw: bytes
    signed_in: bool
    encrypted: bool


class PostOffice:
    """What the server does. `replies` are given to the next letters instead of taking them."""

    def __init__(self) -> None:
        self.taken: list[Taken] = []
        self.replies: list[str] = []
        self.recipient_replies: list[str] = []
        self.hangs_up = 0
        self.waits = asyncio.Event()
        self.waits.set()
        self.port = 0
        self.arrived = asyncio.Event()
        self.tries = 0

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.tries += 1
        if self.recipient_replies:
            return self.recipient_replies.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        await self.waits.wait()
        if self.hangs_up:
            self.hangs_up -= 1
            assert server.transport is not None
            server.transport.close()
            return "421 gone"
        if self.replies:
            return self.replies.pop(0)
        raw = envelope.content if isinstance(envelope.content, bytes) else b""
        message = email.message_from_bytes(raw, policy=WIRE)
        assert isinstance(message, EmailMessage)
        self.taken.append(
            Taken(
                envelope.mail_from or "",
                list(envelope.rcpt_tos),
                message,
                raw,
                bool(session.authenticated),
                server.transport is not None and server.transport.get_extra_info("sslcontext") is not None,
            )
        )
        self.arrived.set()
        return "250 taken as 17"

    def authenticate(self, server: SMTP, session: Session, envelope: Envelope, how: str, data: Any) -> AuthResult:
        right = isinstance(data, LoginPassword) and (data.login, data.password) == (USER.encode(), PASSWORD.encode())
        return AuthResult(success=right, handled=right)


@asynccontextmanager
async def open_post_office(context: ssl.SSLContext | None = None, *, starts: bool = True) -> AsyncIterator[PostOffice]:
    """A mail server until the block ends. With a context it speaks TLS: after STARTTLS, or from the first byte."""
    office = PostOffice()
    later, now = (context, None) if starts else (None, context)

    def protocol() -> SMTP:
        return SMTP(
            office,
            hostname="post.example",
            tls_context=later,
            require_starttls=later is not None,
            authenticator=office.authenticate if context else None,
            auth_required=later is not None,
            auth_require_tls=later is not None,
            loop=asyncio.get_running_loop(),
        )

    server = await asyncio.get_running_loop().create_server(protocol, "127.0.0.1", 0, ssl=now)
    office.port = server.sockets[0].getsockname()[1]
    try:
        yield office
    finally:
        server.close()
