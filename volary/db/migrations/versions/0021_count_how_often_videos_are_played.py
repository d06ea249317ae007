"""count how often videos are played

Revision ID: 0021
Revises: 0020
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    whole = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "media_views",
        *(sa.Column(name, whole, autoincrement=False, nullable=False) for name in ("media_id", "hour", "views")),
        sa.ForeignKeyConstraint(["media_id"], ["media.id"], name="fk_media_views_media_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("media_id", "hour", name="pk_media_views"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
