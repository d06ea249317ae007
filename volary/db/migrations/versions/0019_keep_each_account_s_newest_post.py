"""keep each account's newest post

Revision ID: 0019
Revises: 0018
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    whole = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.add_column("accounts", sa.Column("newest_post_id", whole, server_default=sa.text("0"), nullable=False))
    op.execute(
        "UPDATE accounts SET newest_post_id"
        " = coalesce((SELECT max(posts.id) FROM posts WHERE posts.author_id = accounts.id), 0)"
    )
