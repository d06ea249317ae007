"""let owners lock their accounts

Revision ID: 0037
Revises: 0036
"""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

_SIGN_INS = sa.text("kind IN ('session.started', 'sign_in.failed', 'second_step.failed')")


def upgrade() -> None:
    whole = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    for name in ("lock_links", "ways_back"):
        more = [sa.Column("strange_since", whole, nullable=False)] if name == "ways_back" else []
        op.create_table(
            name,
            sa.Column("digest", sa.LargeBinary(), nullable=False),
            sa.Column("account_id", whole, nullable=False),
            sa.Column("email", sa.Text(), nullable=False),
            *more,
            sa.Column("expires_at", whole, nullable=False),
            sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=f"fk_{name}_account_id", ondelete="CASCADE"),
            sa.PrimaryKeyConstraint("digest", name=f"pk_{name}"),
            sqlite_strict=True,
            sqlite_with_rowid=True,
        )
        op.create_index(f"ix_{name}_account_id", name, ["account_id"], unique=name == "ways_back")
    op.create_index(
        "ix_events_sign_ins", "events", ["account_id", "id"], sqlite_where=_SIGN_INS, postgresql_where=_SIGN_INS
    )
