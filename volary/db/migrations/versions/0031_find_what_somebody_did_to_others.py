"""find what somebody did to others

Revision ID: 0031
Revises: 0030
"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    elsewhere = sa.text("actor_id <> coalesce(account_id, -1)")
    op.create_index(
        "ix_events_actor_id_id",
        "events",
        ["actor_id", "id"],
        sqlite_where=elsewhere,
        postgresql_where=elsewhere,
    )
