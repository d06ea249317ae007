"""let posts be found

The task that indexes fills the table, also with the posts that are there already.

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_SQLITE = (
    """
    CREATE VIRTUAL TABLE search_index USING fts5(
        tokens, content='search_documents', content_rowid='post_id', columnsize=0, tokenize="ascii tokenchars ':#@$_'"
    )
    """,
    """
    CREATE TRIGGER search_documents_in AFTER INSERT ON search_documents BEGIN
        INSERT INTO search_index (rowid, tokens) VALUES (new.post_id, new.tokens);
    END
    """,
    """
    CREATE TRIGGER search_documents_out AFTER DELETE ON search_documents BEGIN
        INSERT INTO search_index (search_index, rowid, tokens) VALUES ('delete', old.post_id, old.tokens);
    END
    """,
)


def upgrade() -> None:
    op.create_table(
        "search_documents",
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("tokens", sa.Text().with_variant(TSVECTOR(), "postgresql"), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("post_id", name="pk_search_documents"),
        sqlite_strict=True,
    )
    for name in ("deleted_at", "replaced_at"):
        only = sa.text(f"{name} IS NOT NULL")
        op.create_index(f"ix_posts_{name}", "posts", [name], sqlite_where=only, postgresql_where=only)
    op.create_index(
        "ix_search_documents_tokens", "search_documents", ["tokens"], postgresql_using="gin", sqlite_where=sa.text("0")
    )
    if op.get_bind().dialect.name == "sqlite":
        for statement in _SQLITE:
            op.execute(statement)
