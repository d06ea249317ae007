"""let operators permit apps more

Revision ID: 0029
Revises: 0028
"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("apps", sa.Column("further", sa.Text(), server_default="", nullable=False))
