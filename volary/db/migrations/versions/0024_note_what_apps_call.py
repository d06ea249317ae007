"""note what apps call

Revision ID: 0024
Revises: 0023
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    whole = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    counts = ("requests", "refused", "limited", "failed", "microseconds")
    op.create_table(
        "app_usage",
        *(sa.Column(name, whole, autoincrement=False, nullable=False) for name in ("app_id", "day")),
        sa.Column("endpoint", sa.Text(), nullable=False),
        *(sa.Column(name, whole, server_default=sa.text("0"), nullable=False) for name in counts),
        sa.PrimaryKeyConstraint("app_id", "day", "endpoint", name="pk_app_usage"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("ix_app_usage_day", "app_usage", ["day"])
    op.create_table(
        "app_calls",
        *(sa.Column(name, whole, autoincrement=False, nullable=False) for name in ("app_id", "proven", "id")),
        *(sa.Column(name, whole, nullable=False) for name in ("size", "last_at")),
        sa.Column("calls", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("app_id", "proven", "id", name="pk_app_calls"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("ix_app_calls_last_at", "app_calls", ["last_at"])
