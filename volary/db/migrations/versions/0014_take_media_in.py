"""take media in

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_COUNTS = ("width", "height", "duration_ms", "bit_rate")
_USES = ("sensitive", "post_uses", "message_uses", "view_count")
_TEXTS = ("alt_text", "subtitles")


def _whole(name: str, *, default: bool = False, optional: bool = False) -> sa.Column[int]:
    kind = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return sa.Column(
        name, kind, autoincrement=False, server_default=sa.text("0") if default else None, nullable=optional
    )


def _text(name: str, *, default: bool = True) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default="" if default else None, nullable=False)


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"), ondelete="CASCADE")


def upgrade() -> None:
    op.create_table(
        "media",
        *(_whole("id"), _whole("owner_id")),
        *(_text(name, default=False) for name in ("name", "kind", "state")),
        *(_text("category"), _text("format"), _whole("size")),
        *(_whole(name, default=True) for name in _COUNTS),
        *(_text("parts"), *(_text(name) for name in _TEXTS)),
        *(_whole(name, default=True) for name in _USES),
        *(_whole("source_app_id", optional=True), _whole("created_at"), _whole("changed_at")),
        _whole("expires_at", optional=True),
        _to("media", "owner_id", "accounts"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_media")),
        sqlite_strict=True,
    )
    only = sa.text("expires_at IS NOT NULL")
    op.create_index(op.f("ix_media_expires_at"), "media", ["expires_at"], sqlite_where=only, postgresql_where=only)
    op.create_index(op.f("ix_media_name"), "media", ["name"], unique=True)
    op.create_index(op.f("ix_media_owner_id_id"), "media", ["owner_id", "id"])
    op.create_table(
        "media_readers",
        *(_whole("media_id"), _whole("account_id"), _whole("uses")),
        *(_to("media_readers", "media_id", "media"), _to("media_readers", "account_id", "accounts")),
        sa.PrimaryKeyConstraint("media_id", "account_id", name=op.f("pk_media_readers")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_media_readers_account_id"), "media_readers", ["account_id"])
    op.create_table(
        "media_segments",
        *(_whole("media_id"), _whole("place"), _whole("size")),
        _to("media_segments", "media_id", "media"),
        sa.PrimaryKeyConstraint("media_id", "place", name=op.f("pk_media_segments")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
