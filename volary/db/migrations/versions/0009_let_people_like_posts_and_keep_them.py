"""let people like posts and keep them

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_INDEXED = (
    ("likes", "account_id", "place"),
    ("likes", "post_id", "place"),
    ("bookmark_folders", "account_id", "id"),
    ("bookmarks", "account_id", "place"),
    ("bookmarks", "post_id"),
    ("bookmarks", "folder_id", "place"),
)


def upgrade() -> None:
    _table("likes", *_pair("likes"), _whole("place"), sa.PrimaryKeyConstraint("account_id", "post_id", name="pk_likes"))
    _table(
        "bookmark_folders",
        _whole("id"),
        _whole("account_id"),
        sa.Column("name", sa.Text(), nullable=False),
        _foreign("bookmark_folders", "account_id", "accounts.id", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_bookmark_folders"),
        by_key=False,
    )
    _table(
        "bookmarks",
        *_pair("bookmarks"),
        _whole("place"),
        _whole("folder_id", optional=True),
        _foreign("bookmarks", "folder_id", "bookmark_folders.id"),
        sa.PrimaryKeyConstraint("account_id", "post_id", name="pk_bookmarks"),
    )
    for table, *columns in _INDEXED:
        op.create_index(f"ix_{table}_{'_'.join(columns)}", table, columns)


def _table(name: str, *parts: sa.schema.SchemaItem, by_key: bool = True) -> None:
    op.create_table(name, *parts, sqlite_strict=True, sqlite_with_rowid=not by_key)


def _pair(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    """Who, and which post."""
    accounts = _foreign(table, "account_id", "accounts.id", "CASCADE")
    return _whole("account_id"), _whole("post_id"), accounts, _foreign(table, "post_id", "posts.id", "CASCADE")


def _whole(name: str, *, optional: bool = False) -> sa.Column[int]:
    kind = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return sa.Column(name, kind, autoincrement=False, nullable=optional)


def _foreign(table: str, column: str, target: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=f"fk_{table}_{column}", ondelete=ondelete)
