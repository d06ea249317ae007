"""keep who is mentioned

Posts that are there already are read for it once. The second index is of the posts that were reposted, which are few.

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_NAMED = {
    "sqlite": "SELECT DISTINCT json_extract(one.value, '$[3]') AS id, p.id AS post_id, p.author_id"
    " FROM posts p, json_each(p.entities, '$.mentions') one WHERE p.entities <> '' AND p.deleted_at IS NULL",
    "postgresql": "SELECT DISTINCT CAST(one.value ->> 3 AS BIGINT) AS id, p.id AS post_id, p.author_id"
    " FROM posts p, jsonb_array_elements(CAST(p.entities AS JSONB) -> 'mentions') one"
    " WHERE p.entities <> '' AND p.deleted_at IS NULL",
}
_ANSWERED = (
    "SELECT reply_to_author_id, id, author_id FROM posts WHERE reply_to_author_id IS NOT NULL AND deleted_at IS NULL"
)


def upgrade() -> None:
    whole = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "mentions",
        sa.Column("mentioned_id", whole, autoincrement=False, nullable=False),
        sa.Column("post_id", whole, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["mentioned_id"], ["accounts.id"], name="fk_mentions_mentioned_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("mentioned_id", "post_id", name="pk_mentions"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    reposted = sa.text("repost_count > 0")
    op.create_index("ix_posts_reposted", "posts", ["author_id", "id"], sqlite_where=reposted, postgresql_where=reposted)
    named = _NAMED[op.get_bind().dialect.name]
    op.execute(
        "INSERT INTO mentions (mentioned_id, post_id)"  # noqa: S608 - put together from the two constants above
        f" SELECT found.id, found.post_id FROM ({named} UNION {_ANSWERED}) found"
        " JOIN accounts ON accounts.id = found.id WHERE found.id <> found.author_id"
    )
