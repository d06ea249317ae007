"""let developers work in teams

Whoever owns an App or a Project, or has a developer account, gets a team of one, which carries the number of the account; Projects and
Apps then belong to it. Rows are moved by batches.

Revision ID: 0023
Revises: 0022
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_BATCH = 1_000
_OWNERS = (
    "SELECT owner_id FROM apps UNION SELECT owner_id FROM projects UNION SELECT account_id FROM developer_accounts"
)
_NEXT_OWNERS = sa.text(
    "SELECT a.id, a.username, a.created_at, coalesce(d.tier, 'essential') AS tier FROM accounts a"  # noqa: S608 - our own
    f" LEFT JOIN developer_accounts d ON d.account_id = a.id WHERE a.id > :after AND a.id IN ({_OWNERS})"
    f" ORDER BY a.id LIMIT {_BATCH}"
)
_TEAM = sa.text(
    "INSERT INTO teams (id, founder_id, name, tier, created_at) VALUES (:id, :id, :username, :tier, :created_at)"
)
_MEMBER = sa.text(
    "INSERT INTO team_members (team_id, account_id, role, joined_at) VALUES (:id, :id, 'administrator', :created_at)"
)


def upgrade() -> None:
    _make_teams()
    for table in ("projects", "apps"):
        op.add_column(table, sa.Column("team_id", _WHOLE, nullable=True))
        op.create_index(f"ix_{table}_team_id", table, ["team_id"])
    op.add_column("events", sa.Column("team_id", _WHOLE, nullable=True))
    _partial("events", ["team_id", "id"], "team_id > 0")
    op.add_column("apps", sa.Column("deleted_at", _WHOLE, nullable=True))
    op.add_column("apps", sa.Column("deleted_from", sa.Text(), server_default="", nullable=False))
    _partial("apps", ["deleted_at"], "deleted_at > 0")
    op.add_column("developer_accounts", sa.Column("state", sa.Text(), server_default="approved", nullable=False))
    op.add_column("developer_accounts", sa.Column("reason", sa.Text(), server_default="", nullable=False))
    op.add_column("developer_accounts", sa.Column("decided_at", _WHOLE, nullable=True))
    _partial("developer_accounts", ["agreed_at"], "state = 'pending'")
    _fill()
    op.drop_column("developer_accounts", "tier")


def _make_teams() -> None:
    op.create_table(
        "teams",
        sa.Column("id", _WHOLE, autoincrement=False, nullable=False),
        sa.Column("founder_id", _WHOLE, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("tier", sa.Text(), server_default="essential", nullable=False),
        sa.Column("wanted_tier", sa.Text(), server_default="", nullable=False),
        sa.Column("wanted_why", sa.Text(), server_default="", nullable=False),
        sa.Column("wanted_at", _WHOLE, nullable=True),
        sa.Column("tier_answer", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", _WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_teams"),
        sqlite_strict=True,
    )
    _partial("teams", ["wanted_at"], "wanted_at > 0")
    op.create_table(
        "team_members",
        *_linked("team_members", "team_id", "account_id"),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("joined_at", _WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("team_id", "account_id", name="pk_team_members"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("ix_team_members_account_id", "team_members", ["account_id"])
    op.create_table(
        "team_invitations",
        sa.Column("id", _WHOLE, autoincrement=False, nullable=False),
        *_linked("team_invitations", "team_id", "account_id", "invited_by"),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("created_at", _WHOLE, nullable=False),
        sa.Column("expires_at", _WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_team_invitations"),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_team_invitations_team_id_account_id", "team_invitations", ["team_id", "account_id"], unique=True
    )
    op.create_index("ix_team_invitations_account_id", "team_invitations", ["account_id"])
    op.create_index("ix_team_invitations_expires_at", "team_invitations", ["expires_at"])


def _linked(table: str, *columns: str) -> list[sa.Column[int] | sa.ForeignKeyConstraint]:
    """Columns that hold ids of teams or accounts, with their references."""
    parts: list[sa.Column[int] | sa.ForeignKeyConstraint] = []
    for name in columns:
        target = "teams.id" if name == "team_id" else "accounts.id"
        parts.append(sa.Column(name, _WHOLE, autoincrement=False, nullable=False))
        parts.append(sa.ForeignKeyConstraint([name], [target], name=f"fk_{table}_{name}", ondelete="CASCADE"))
    return parts


def _partial(table: str, columns: list[str], where: str) -> None:
    name = "_".join(("ix", table, *columns))
    op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def _fill() -> None:
    """Make the teams of those who own something, and move what they own."""
    connection = op.get_bind()
    after = 0
    while rows := connection.execute(_NEXT_OWNERS, {"after": after}).mappings().all():
        for row in rows:
            connection.execute(_TEAM, dict(row))
            connection.execute(_MEMBER, dict(row))
        after = rows[-1]["id"]
    for table in ("projects", "apps"):
        few = f"SELECT id FROM {table} WHERE team_id IS NULL LIMIT {_BATCH}"  # noqa: S608 - our own statement
        move = sa.text(f"UPDATE {table} SET team_id = owner_id WHERE id IN ({few})")  # noqa: S608 - names and numbers of our own
        while connection.execute(move).rowcount:
            pass
