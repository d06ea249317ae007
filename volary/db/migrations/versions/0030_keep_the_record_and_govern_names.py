"""keep the record append-only, and let operators answer appeals and govern names and limits

Revision ID: 0030
Revises: 0029
"""

import sqlalchemy as sa
from alembic import op

from volary.activity.models import APPEND_ONLY

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

_WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _whole(name: str, *, optional: bool = False, key: bool = False) -> sa.Column[int]:
    return sa.Column(name, _WHOLE, nullable=optional, autoincrement=False if key else "auto")


def upgrade() -> None:
    op.add_column("reports", sa.Column("outcome", sa.Text(), server_default="", nullable=False))
    op.add_column("reports", _whole("decided_at", optional=True))
    op.create_table(
        "event_purges",
        _whole("id", key=True),
        *(_whole(name) for name in ("at", "before", "actor_id")),
        sa.PrimaryKeyConstraint("id", name="pk_event_purges"),
        sqlite_strict=True,
    )
    for rule in APPEND_ONLY[op.get_bind().dialect.name]:
        op.execute(sa.text(rule))
    op.create_table(
        "switches",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("name", "value")),
        _whole("changed_at"),
        sa.PrimaryKeyConstraint("name", name="pk_switches"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "reserved_names",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("name_key", "name_shape", "name")),
        _whole("added_at"),
        sa.PrimaryKeyConstraint("name_key", name="pk_reserved_names"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("ix_reserved_names_name_shape", "reserved_names", ["name_shape"])
    op.create_table(
        "app_limits",
        _whole("app_id", key=True),
        *(_whole(name) for name in ("percent", "set_at")),
        sa.ForeignKeyConstraint(["app_id"], ["apps.id"], name="fk_app_limits_app_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("app_id", name="pk_app_limits"),
        sqlite_strict=True,
    )
    _appeals()


def _appeals() -> None:
    op.create_table(
        "appeals",
        _whole("id", key=True),
        _whole("app_id", key=True),
        sa.Column("state", sa.Text(), server_default="open", nullable=False),
        _whole("opened_at"),
        _whole("closed_at", optional=True),
        sa.ForeignKeyConstraint(["app_id"], ["apps.id"], name="fk_appeals_app_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_appeals"),
        sqlite_strict=True,
    )
    still_open = sa.text("state = 'open'")
    op.create_index(
        "ix_appeals_app_id", "appeals", ["app_id"], unique=True, sqlite_where=still_open, postgresql_where=still_open
    )
    op.create_index("ix_appeals_state_id", "appeals", ["state", "id"])
    op.create_table(
        "appeal_messages",
        _whole("id", key=True),
        _whole("appeal_id", key=True),
        _whole("account_id"),
        sa.Column("by_operator", _WHOLE, server_default=sa.text("0"), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        _whole("at"),
        sa.ForeignKeyConstraint(["appeal_id"], ["appeals.id"], name="fk_appeal_messages_appeal_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_appeal_messages"),
        sqlite_strict=True,
    )
    op.create_index("ix_appeal_messages_appeal_id", "appeal_messages", ["appeal_id"])
