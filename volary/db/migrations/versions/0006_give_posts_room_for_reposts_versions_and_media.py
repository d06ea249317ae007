"""give posts room for reposts, versions and media

Indexes of what most posts do not have (an answer, a quote, a repost) hold only the posts that have it.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_COUNTS = (
    ("accounts", "like_count", "listed_count", "media_count"),
    ("posts", "repost_count", "like_count", "bookmark_count", "sensitive", "paid_partnership", "made_with_ai"),
)
_OPTIONAL = ("repost_of_id", "poll_id", "hidden_at", "replaced_at")
_INDEXED = (
    ("reply_to_id", "conversation_id"),
    ("reply_to_id", "reply_to_id"),
    ("quote_of_id", "quote_of_id"),
    ("repost_of_id", "repost_of_id"),
)


def upgrade() -> None:
    whole = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    for table, *counts in _COUNTS:
        for name in counts:
            op.add_column(table, sa.Column(name, whole, server_default=sa.text("0"), nullable=False))
    for name in _OPTIONAL:
        op.add_column("posts", sa.Column(name, whole, nullable=True))
    for name in ("media_ids", "versions"):
        op.add_column("posts", sa.Column(name, sa.Text(), server_default="", nullable=False))
    op.drop_index("ix_posts_reply_to_id", "posts")
    op.drop_index("ix_posts_conversation_id_id", "posts")
    for present, column in _INDEXED:
        _index(f"ix_posts_{column}_id", [column, "id"], f"{present} IS NOT NULL")
    _index("uq_posts_repost", ["author_id", "repost_of_id"], "repost_of_id IS NOT NULL AND deleted_at IS NULL", True)


def _index(name: str, columns: list[str], only: str, unique: bool = False) -> None:
    op.create_index(name, "posts", columns, unique=unique, sqlite_where=sa.text(only), postgresql_where=sa.text(only))
