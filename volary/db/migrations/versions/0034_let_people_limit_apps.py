"""let people limit what apps may do, name each sign-in of an app, and count what apps read

Revision ID: 0034
Revises: 0033
"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

_WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default="", nullable=False)


def upgrade() -> None:
    op.add_column("grants", sa.Column("expires_at", _WHOLE, nullable=True))
    ending = sa.text("expires_at > 0 AND ended_at IS NULL")
    op.create_index("ix_grants_expires_at", "grants", ["expires_at"], sqlite_where=ending, postgresql_where=ending)
    op.add_column("families", sa.Column("last_used_at", _WHOLE, nullable=True))
    op.add_column("families", _text("last_used_address"))
    op.add_column("codes", _text("device"))
    op.add_column("request_tokens", _text("device"))
    op.create_table(
        "app_reads",
        *(sa.Column(name, _WHOLE, autoincrement=False, nullable=False) for name in ("account_id", "app_id", "day")),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("count", _WHOLE, server_default=sa.text("0"), nullable=False),
        sa.Column("last_at", _WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("account_id", "app_id", "day", "kind", name="pk_app_reads"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("ix_app_reads_day", "app_reads", ["day"])
