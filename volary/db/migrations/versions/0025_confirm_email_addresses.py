"""confirm email addresses

Revision ID: 0025
Revises: 0024
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    whole = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "email_confirmations",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("account_id", whole, nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("expires_at", whole, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name="fk_email_confirmations_account_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("digest", name="pk_email_confirmations"),
        sqlite_strict=True,
        sqlite_with_rowid=True,
    )
    for column in ("account_id", "email"):
        op.create_index(f"ix_email_confirmations_{column}", "email_confirmations", [column])
