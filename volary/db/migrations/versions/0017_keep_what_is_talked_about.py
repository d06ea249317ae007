"""keep what is talked about

Revision ID: 0017
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    whole = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "trends",
        sa.Column("place", whole, autoincrement=False, nullable=False),
        sa.Column("position", whole, autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("posts", whole, nullable=False),
        sa.Column("since", whole, nullable=False),
        sa.PrimaryKeyConstraint("place", "position", name="pk_trends"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
