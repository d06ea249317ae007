"""The tables of Projects, Apps and credentials, and the rows that queries give."""

import msgspec
from sqlalchemy import Index
from sqlalchemy import text as sql

from volary.db.tables import digest_column, flag, id_column, moment, octets, reference, table, text, whole

ACTIVE, SUSPENDED, DELETED = "active", "suspended", "deleted"
"""The states of an App."""

API_KEY, CLIENT_SECRET, BEARER = "api_key", "client_secret", "bearer"
"""The kinds of credentials: the API key with its secret, a client secret, the app-only bearer token."""

projects = table(
    "projects",
    id_column(),
    reference("owner_id", "accounts.id", cascade=True),
    whole("team_id", optional=True),
    text("name"),
    text("use_case", default=""),
    text("description", default=""),
    moment("created_at"),
    Index(None, "owner_id"),
    Index(None, "team_id"),
)
"""`owner_id` is who made it. `team_id` is whose it is: every row has one, and teams stay for good, so no
constraint says so (SQLite cannot add one to a table that is there)."""

apps = table(
    "apps",
    id_column(),
    reference("owner_id", "accounts.id"),
    whole("team_id", optional=True),
    reference("project_id", "projects.id", optional=True),
    text("name"),
    text("name_key", optional=True),
    text("name_shape", optional=True),
    text("description", default=""),
    text("website", default=""),
    text("organization", default=""),
    text("organization_url", default=""),
    text("terms_url", default=""),
    text("privacy_url", default=""),
    text("use_case", default=""),
    flag("oauth1_enabled", default=True),
    text("oauth1_level", default="read"),
    flag("email_permission"),
    flag("sign_in_enabled", default=True),
    flag("oauth2_enabled"),
    text("oauth2_type", optional=True),
    flag("pkce_plain", default=True),
    flag("any_port"),
    flag("one_family"),
    text("client_id"),
    whole("bearer_generation", default=0),
    text("state", default=ACTIVE),
    text("state_rule", default=""),
    text("state_reason", default=""),
    whole("epoch", default=0),
    text("further", default=""),
    moment("created_at"),
    moment("deleted_at", optional=True),
    text("deleted_from", default=""),
    Index(None, "name_key", unique=True),
    Index(None, "name_shape"),
    Index(None, "client_id", unique=True),
    Index(None, "owner_id"),
    Index(None, "team_id"),
    Index(None, "project_id"),
    Index(
        "ix_apps_deleted_at", "deleted_at", sqlite_where=sql("deleted_at > 0"), postgresql_where=sql("deleted_at > 0")
    ),
)
"""`owner_id` is the member of the team who answers for the App: letters about it go there, and its own access token acts as this account.
`name_key` is the name as people read it, unique, null once deleted; `name_shape` as it is drawn (not unique, since names from before
there was this column may collide); `oauth1_level` a wire value; `oauth2_type` one of native,
spa, web, bot; `state_rule` a word of `rules.suspending.RULES`, empty unless suspended;
`any_port` RFC 8252's free port for native Apps (D6); `one_family` X's rule of one live family for each person (design:
permissions); `further` what the operator gave it beyond levels and scopes, with
blanks between; deleted Apps stay as rows so that a client id is never given out again and old posts keep their source. While
`deleted_at` is there, an administrator may undo the deletion, and the App goes back to the state `deleted_from`."""

app_icons = table(
    "app_icons",
    reference("app_id", "apps.id", key=True, cascade=True),
    octets("png"),
    text("version"),
)

callback_urls = table(
    "callback_urls",
    reference("app_id", "apps.id", key=True, cascade=True),
    text("url", key=True),
    text("origin", default=""),
    whole("position"),
    Index(None, "origin"),
    by_key=True,
)
"""`origin` is that of an http(s) URL, as browsers write it: scripts of Single page Apps may call from there."""

credentials = table(
    "credentials",
    digest_column(),
    reference("app_id", "apps.id", cascade=True),
    text("kind"),
    octets("secret", optional=True),
    text("hint"),
    moment("created_at"),
    moment("last_used_at", optional=True),
    moment("expires_at", optional=True),
    Index(None, "app_id", "kind"),
    by_key=True,
)
"""`digest` is of what the caller presents: the API key, the client secret, the bearer token. `secret` is the API key's secret, sealed.
`hint` is the last characters, to tell credentials apart (C186). `expires_at` lets two overlap; a revoked credential's row is gone."""


class AppRow(msgspec.Struct, frozen=True):
    """An App with everything that its pages, the consent page and the protocols need; no secret."""

    id: int
    owner_id: int
    team_id: int
    project_id: int | None
    name: str
    description: str
    website: str
    organization: str
    organization_url: str
    terms_url: str
    privacy_url: str
    use_case: str
    oauth1_enabled: int
    oauth1_level: str
    email_permission: int
    sign_in_enabled: int
    oauth2_enabled: int
    oauth2_type: str | None
    pkce_plain: int
    any_port: int
    one_family: int
    client_id: str
    bearer_generation: int
    state: str
    state_rule: str
    state_reason: str
    epoch: int
    created_at: int

    @property
    def confidential(self) -> bool:
        """Whether its OAuth 2.0 client can keep a secret (C195, C196)."""
        return self.oauth2_type in {"web", "bot"}

    @property
    def takes_any_port(self) -> bool:
        """Whether OAuth 2.0 may send its people to any port of 127.0.0.1 and [::1]: a native App that has it switched on (D6)."""
        return self.oauth2_type == "native" and bool(self.any_port)


class DeletedAppRow(msgspec.Struct, frozen=True):
    """A deleted App that may still be brought back."""

    id: int
    owner_id: int
    team_id: int
    project_id: int | None
    name: str
    deleted_at: int


class CredentialRow(msgspec.Struct, frozen=True):
    """What may be shown of a credential after its creation (C185, C186)."""

    kind: str
    hint: str
    created_at: int
    last_used_at: int | None
    expires_at: int | None


class HeldCredentialRow(CredentialRow, frozen=True):
    """A credential with what names it in a form: the digest of a random text tells nothing about it."""

    digest: bytes

    @property
    def reference(self) -> str:
        """Its name in forms."""
        return self.digest[:8].hex()


class KeyedAppRow(AppRow, frozen=True):
    """An App as its API key finds it, with the key's sealed secret and when the key was last used."""

    secret: bytes
    last_used_at: int | None


class ProjectRow(msgspec.Struct, frozen=True):
    """A Project, without its Apps."""

    id: int
    owner_id: int
    team_id: int
    name: str
    use_case: str
    description: str
    created_at: int


class AppNameRow(msgspec.Struct, frozen=True):
    """An App by number and name."""

    id: int
    name: str


class SourceRow(msgspec.Struct, frozen=True):
    """What a post says about the App that made it (C174)."""

    id: int
    name: str
    website: str


class IconRow(msgspec.Struct, frozen=True):
    """An App's icon and which version it is."""

    png: bytes
    version: str


class IconVersionRow(msgspec.Struct, frozen=True):
    """Which version of an icon an App has."""

    app_id: int
    version: str
