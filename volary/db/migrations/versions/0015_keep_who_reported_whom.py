"""keep who reported whom

Revision ID: 0015
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reports",
        _whole("reporter_id"),
        _whole("reported_id"),
        _whole("place"),
        _whole("times", server_default=sa.text("1")),
        _whole("app_id", nullable=True),
        _whole("first_at"),
        _whole("last_at"),
        *(
            sa.ForeignKeyConstraint([name], ["accounts.id"], name=f"fk_reports_{name}", ondelete="CASCADE")
            for name in ("reporter_id", "reported_id")
        ),
        sa.PrimaryKeyConstraint("reporter_id", "reported_id", name="pk_reports"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    for name in ("reported_id", "place"):
        op.create_index(f"ix_reports_{name}", "reports", [name])


def _whole(name: str, *, nullable: bool = False, server_default: sa.TextClause | None = None) -> sa.Column[int]:
    kind = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return sa.Column(name, kind, autoincrement=False, nullable=nullable, server_default=server_default)
