"""give profiles pictures

Revision ID: 0020
Revises: 0019
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("picture", "banner"):
        op.add_column("accounts", sa.Column(name, sa.Text(), server_default="", nullable=False))
