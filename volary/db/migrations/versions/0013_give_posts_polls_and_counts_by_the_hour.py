"""give posts polls and counts by the hour

Revision ID: 0013
Revises: 0012
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_COUNTS = ("impressions", "replies", "quotes", "reposts", "likes", "unlikes", "bookmarks")


def upgrade() -> None:
    _table("polls", _key("id"), _key("post_id"), _whole("duration_minutes"), _whole("ends_at"), keys=("id",))
    op.create_index("ix_polls_post_id", "polls", ["post_id"], unique=True)
    _table("post_hours", _key("post_id"), _key("hour"), *map(_count, _COUNTS), keys=("post_id", "hour"))
    label = sa.Column("label", sa.Text(), nullable=False)
    _table("poll_options", _key("poll_id"), _key("position"), label, _count("votes"), keys=("poll_id", "position"))
    _table("poll_votes", _key("poll_id"), _key("account_id"), _whole("position"), keys=("poll_id", "account_id"))
    op.create_index("ix_poll_votes_account_id", "poll_votes", ["account_id"])


def _table(name: str, *columns: "sa.Column[Any]", keys: tuple[str, ...]) -> None:
    """A table; what its `post_id`, `poll_id` and `account_id` name takes its rows with it when it goes."""
    targets = {"post_id": "posts.id", "poll_id": "polls.id", "account_id": "accounts.id"}
    op.create_table(
        name,
        *columns,
        *(
            sa.ForeignKeyConstraint([one.name], [targets[one.name]], f"fk_{name}_{one.name}", ondelete="CASCADE")
            for one in columns
            if one.name in targets
        ),
        sa.PrimaryKeyConstraint(*keys, name=f"pk_{name}"),
        sqlite_strict=True,
        sqlite_with_rowid=len(keys) == 1,
    )


def _key(name: str) -> "sa.Column[Any]":
    return sa.Column(name, _WHOLE, autoincrement=False, nullable=False)


def _whole(name: str) -> "sa.Column[Any]":
    return sa.Column(name, _WHOLE, nullable=False)


def _count(name: str) -> "sa.Column[Any]":
    return sa.Column(name, _WHOLE, server_default=sa.text("0"), nullable=False)
