"""tell operators by webhook

Revision ID: 0026
Revises: 0025
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    whole = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "webhooks",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("id", whole, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("events", sa.Text(), server_default="", nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", whole, nullable=False),
        sa.Column("delivered_at", whole, nullable=True),
        sa.Column("skipped", whole, server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_webhooks"),
        sa.UniqueConstraint("id", name="uq_webhooks_id"),
        sqlite_strict=True,
        sqlite_with_rowid=True,
    )
    op.create_table(
        "webhook_deliveries",
        sa.Column("id", whole, autoincrement=False, nullable=False),
        sa.Column("webhook_id", whole, nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("kind", "body")),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("tries", whole, server_default=sa.text("0"), nullable=False),
        *(sa.Column(name, whole, nullable=True) for name in ("status", "milliseconds")),
        sa.Column("answer", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", whole, nullable=False),
        sa.Column("tried_at", whole, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_webhook_deliveries"),
        sqlite_strict=True,
        sqlite_with_rowid=True,
    )
    op.create_index("ix_webhook_deliveries_webhook_id_state", "webhook_deliveries", ["webhook_id", "state"])
    op.create_index("ix_webhook_deliveries_created_at", "webhook_deliveries", ["created_at"])
