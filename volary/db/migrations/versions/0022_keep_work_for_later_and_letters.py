"""keep work for later and letters

Revision ID: 0022
Revises: 0021
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_OPEN = "given_up_at IS NULL"


def upgrade() -> None:
    whole = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "jobs",
        sa.Column("id", whole, autoincrement=False, nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("name", "lane", "payload")),
        sa.Column("due_at", whole, nullable=False),
        sa.Column("tries", whole, server_default=sa.text("0"), nullable=False),
        *(sa.Column(name, sa.Text(), server_default="", nullable=False) for name in ("holder", "error")),
        sa.Column("given_up_at", whole, nullable=True),
        sa.Column("created_at", whole, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_jobs"),
        sqlite_strict=True,
        sqlite_with_rowid=True,
    )
    op.create_index("ix_jobs_due_at", "jobs", ["due_at"], sqlite_where=sa.text(_OPEN), postgresql_where=sa.text(_OPEN))
    op.create_table(
        "letters",
        sa.Column("id", whole, autoincrement=False, nullable=False),
        sa.Column("account_id", whole, nullable=True),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("address", "language", "template")),
        sa.Column("parameters", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("answer", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", whole, nullable=False),
        sa.Column("sent_at", whole, nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_letters_account_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_letters"),
        sqlite_strict=True,
        sqlite_with_rowid=True,
    )
    for column in ("account_id", "created_at"):
        op.create_index(f"ix_letters_{column}", "letters", [column])
