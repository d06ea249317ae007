"""The tables of developer accounts, teams, their members and invitations, and the rows that queries give."""

import msgspec
from sqlalchemy import Index
from sqlalchemy import text as sql

from volary.db.tables import id_column, moment, reference, table, text, whole

PENDING, APPROVED, REFUSED = "pending", "approved", "refused"
"""What the operator said to a developer account."""

developer_accounts = table(
    "developer_accounts",
    reference("account_id", "accounts.id", key=True, cascade=True),
    moment("agreed_at"),
    text("agreement_version"),
    text("use_case", default=""),
    text("state", default=APPROVED),
    text("reason", default=""),
    moment("decided_at", optional=True),
    Index(None, "agreed_at", sqlite_where=sql("state = 'pending'"), postgresql_where=sql("state = 'pending'")),
)
"""`reason` is what the operator said to a refusal. `decided_at` is empty until somebody decided, and where approval goes by itself."""

teams = table(
    "teams",
    id_column(),
    whole("founder_id"),
    text("name"),
    text("tier", default="essential"),
    text("wanted_tier", default=""),
    text("wanted_why", default=""),
    moment("wanted_at", optional=True),
    text("tier_answer", default=""),
    moment("created_at"),
    Index(None, "wanted_at", sqlite_where=sql("wanted_at > 0"), postgresql_where=sql("wanted_at > 0")),
)
"""A team has Projects and Apps. `tier` is its access tier; `wanted_…` a request for another one, until the operator answers.
`founder_id` is the account whose own team it is, where nothing else is said."""

team_members = table(
    "team_members",
    reference("team_id", "teams.id", key=True, cascade=True),
    reference("account_id", "accounts.id", key=True, cascade=True),
    text("role"),
    moment("joined_at"),
    Index(None, "account_id"),
    by_key=True,
)
"""`role` is one of `rules.roles`."""

team_invitations = table(
    "team_invitations",
    id_column(),
    reference("team_id", "teams.id", cascade=True),
    reference("account_id", "accounts.id", cascade=True),
    text("role"),
    reference("invited_by", "accounts.id", cascade=True),
    moment("created_at"),
    moment("expires_at"),
    Index(None, "team_id", "account_id", unique=True),
    Index(None, "account_id"),
    Index(None, "expires_at"),
)
"""Invitations that wait: one that was accepted, declined or withdrawn is gone. `account_id` is who is invited."""


class DeveloperRow(msgspec.Struct, frozen=True):
    """A developer account."""

    account_id: int
    agreed_at: int
    agreement_version: str
    use_case: str
    state: str
    reason: str
    decided_at: int | None

    @property
    def approved(self) -> bool:
        """Whether it may create Projects and Apps."""
        return self.state == APPROVED

    @property
    def was_refused(self) -> bool:
        """Whether an operator refused it and has not approved it since: it does not become approved by itself."""
        return self.decided_at is not None and not self.approved


class TeamRow(msgspec.Struct, frozen=True):
    """A team, without its members."""

    id: int
    founder_id: int
    name: str
    tier: str
    wanted_tier: str
    wanted_why: str
    wanted_at: int | None
    tier_answer: str
    created_at: int


class OwnTeamRow(TeamRow, frozen=True):
    """A team as one of its members sees it."""

    role: str


class MemberRow(msgspec.Struct, frozen=True):
    """A member of a team."""

    account_id: int
    username: str
    name: str
    state: str
    role: str
    joined_at: int


class InvitationRow(msgspec.Struct, frozen=True):
    """An invitation that waits, with the names of both sides."""

    id: int
    team_id: int
    team: str
    account_id: int
    username: str
    role: str
    invited_by: int
    inviter: str
    created_at: int
    expires_at: int
