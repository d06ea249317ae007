"""let people go away, and take their data along

Revision ID: 0033
Revises: 0032
"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

_WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("accounts", sa.Column("discoverable_by_email", _WHOLE, server_default="0", nullable=False))
    op.add_column("accounts", sa.Column("deactivated_at", _WHOLE, nullable=True))
    op.create_table(
        "archives",
        sa.Column("id", _WHOLE, autoincrement=False, nullable=False),
        sa.Column("account_id", _WHOLE, nullable=False),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        *(sa.Column(name, sa.Text(), server_default="", nullable=False) for name in ("part", "name")),
        *(sa.Column(name, _WHOLE, server_default=sa.text("0"), nullable=False) for name in ("done", "total", "size")),
        sa.Column("asked_at", _WHOLE, nullable=False),
        *(sa.Column(name, _WHOLE, nullable=True) for name in ("ready_at", "expires_at")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_archives_account_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_archives"),
        sqlite_strict=True,
    )
    op.create_index("ix_archives_account_id", "archives", ["account_id"], unique=True)
    op.create_index("ix_archives_name", "archives", ["name"])
