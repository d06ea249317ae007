"""let people forget passwords

Revision ID: 0036
Revises: 0035
"""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

_WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "password_resets",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("account_id", _WHOLE, nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        *(sa.Column(name, _WHOLE, nullable=False) for name in ("sent_at", "expires_at")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name="fk_password_resets_account_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("digest", name="pk_password_resets"),
        sqlite_strict=True,
        sqlite_with_rowid=True,
    )
    op.create_index("ix_password_resets_account_id", "password_resets", ["account_id"])
