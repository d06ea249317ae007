"""What can be set. The sentence under each field is its documentation (docs/settings.md)."""

from typing import Annotated
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta

from volary.kit.urls import origin_of


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an installation can choose. One frozen value, passed by argument."""

    database: str = "sqlite:///volary.db"
    """`sqlite:///path` or `postgresql://user:password@host/name`."""
    public_url: str = ""
    """The address under which people and apps reach the server; links, cookies and signatures use it, never the Host header. Without
    it the server answers on this machine only: at localhost, at 127.0.0.1 and at `host`, each with `port`."""
    public_origins: tuple[str, ...] = ()
    """Further origins that reach this server (comma-separated); requests for any other host are refused."""
    trusted_proxies: tuple[str, ...] = ()
    """Networks of proxies whose X-Forwarded-For is believed (comma-separated, such as 10.0.0.0/8)."""
    host: str = "127.0.0.1"
    """The address to listen on."""
    port: Annotated[int, Meta(ge=0, le=65_535)] = 8000
    """The port to listen on; 0 takes a free one."""
    workers: Annotated[int, Meta(ge=1, le=256)] = 1
    """Worker processes; more than one needs PostgreSQL and Valkey."""
    key: str | None = None
    """The installation's key, 32 bytes as base64, or several while it is rotated (comma-separated); without it, a file beside the SQLite
    database that only its owner can read."""
    media_folder: str | None = None
    """The folder for pictures and videos; without it, one beside the SQLite database. Several machines share one folder. With PostgreSQL
    nothing can be uploaded until it is set."""
    valkey: str | None = None
    """`valkey://host:port/0`: limits, nonces and notices that several processes share."""
    smtp_url: str | None = None
    """The mail server: `smtp://user:password@host:587` (encrypted with STARTTLS, or nothing is sent), `smtps://user:password@host:465`, or
    `smtp+plain://host:25` without encryption. Without it letters stay in the outbox."""
    mail_from: str = ""
    """The address that letters come from; without it, no-reply at the host of the public URL."""
    webhook_networks: tuple[str, ...] = ()
    """Networks of yours that webhooks may reach by http or https at any port (comma-separated, such as 10.0.0.0/8); all others must be
    public and are reached by https alone."""
    rate_limits: str = "1"
    """`off`, or a number by which X's rate limits are multiplied."""
    site_name: str = "Volary"
    """The name that pages, mails and consent texts show."""
    accent: str = ""
    """The accent colour of the pages, as #rrggbb; empty for the product's own."""
    site_links: dict[str, str] = {}
    """Footer links by name: status, accessibility, privacy, terms, contact, embed, documentation, forums. One that is not set is left
    out."""
    location_database: str | None = None
    """Path of an MMDB file with towns for session locations; without it, countries from the built-in table."""
    pkce_plain: bool = True
    """Whether PKCE's `plain` method is taken, as X's clients may send it; production should switch it off."""
    issuer_in_answers: bool = False
    """Whether authorization answers carry `iss` (RFC 9207); X's clients do not expect it."""
    standard_errors: bool = False
    """Whether the OAuth 2.0 token endpoint answers with RFC 6749's error names (invalid_grant, invalid_client) instead of X's."""
    log_format: str = "text"
    """`text` for people, `json` for machines."""
    log_requests: bool = False
    """Whether each request is logged, with method, path, status, milliseconds and address; never with its query."""
    metrics: bool = True
    """Whether /metrics answers (to addresses of this machine and of trusted proxies' networks)."""
    password_slots: Annotated[int, Meta(ge=1, le=64)] = 2
    """Password hashes computed at the same time."""
    breached_passwords: str | None = None
    """A file or folder of SHA-1 hashes of breached passwords, as Have I Been Pwned gives them out: nobody can choose one of them. Without
    it, a list of the most used ones is looked up alone."""
    password_queue: Annotated[int, Meta(ge=0, le=10_000)] = 32
    """Sign-ins that may wait for a slot; the next one is answered 503."""
    confirm_after: Annotated[int, Meta(ge=0, le=525_600)] = 120
    """Minutes after which a session is asked for the password again before an App, its keys or its callback URLs change; 0 asks each
    time."""
    apps_per_account: Annotated[int, Meta(ge=0, le=1_000_000)] = 100
    """Apps, and Projects, that one developer may make in the portal; the command line may make more."""
    developer_approval: str = "automatic"
    """Who approves developer accounts: `automatic` nobody, `operator` somebody with `volary developer approve`."""
    further_permissions: tuple[str, ...] = ()
    """What only the operator gives to an App, with `volary app permit`: `full-archive` (searching and counting all posts). Without it,
    every App has it."""
    undelete_days: Annotated[int, Meta(ge=0, le=3_650)] = 30
    """For how many days a deleted App can be brought back by an administrator of its team; then its settings are forgotten."""
    usage_days: Annotated[int, Meta(ge=0, le=3650)] = 90
    """Days for which it is kept how often an App called each endpoint; 0 counts nothing."""
    request_log_days: Annotated[int, Meta(ge=0, le=365)] = 7
    """Days for which the latest 1,000 calls of an App are kept, with the reason of each refusal; 0 keeps none."""
    demo: bool = False
    """Set by `volary demo`: shows the demo's people and pages."""

    @property
    def origins(self) -> tuple[str, ...]:
        """All origins of this server, the public one first."""
        return tuple(dict.fromkeys((origin_of(self.public_url), *map(origin_of, self.public_origins))))

    @property
    def secure(self) -> bool:
        """Whether people reach the server over https."""
        return self.public_url.startswith("https://")

    @property
    def path_prefix(self) -> str:
        """The path of the public URL where a proxy serves Volary below one, else empty; no trailing slash."""
        return (
            "/" + tail.rstrip("/")
            if (tail := self.public_url.split("://", 1)[-1].partition("/")[2].rstrip("/"))
            else ""
        )

    @property
    def sender(self) -> str:
        """The address that letters come from."""
        return self.mail_from or f"no-reply@{urlsplit(self.public_url).hostname or 'localhost'}"

    @property
    def rate_limit_scale(self) -> float:
        """What X's limits are multiplied by; 0 switches them off."""
        return 0.0 if self.rate_limits == "off" else float(self.rate_limits)

    def replaced(self, **changes: object) -> "Settings":
        """A copy with some settings changed, checked again. Raises BadSetting."""
        from volary.settings.checks import checked

        return checked(msgspec.structs.replace(self, **changes))
