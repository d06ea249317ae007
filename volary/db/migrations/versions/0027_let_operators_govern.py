"""let operators govern

Revision ID: 0027
Revises: 0026
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("accounts", sa.Column("operator", _WHOLE, server_default=sa.text("0"), nullable=False))
    op.add_column("apps", sa.Column("state_rule", sa.Text(), server_default="", nullable=False))
