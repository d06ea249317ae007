"""remember which nonces were forgotten

Revision ID: 0032
Revises: 0031
"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    whole = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "oauth1_nonce_floors",
        sa.Column("id", whole, autoincrement=False, nullable=False),
        sa.Column("second", whole, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_oauth1_nonce_floors"),
        sqlite_strict=True,
    )
