"""count what shows subtitles

Revision ID: 0028
Revises: 0027
"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

_WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_SOME = sa.text("SELECT id, subtitles FROM media WHERE subtitles <> '' AND id > :after ORDER BY id LIMIT 1000")
_THERE = sa.text("SELECT count(*) FROM media WHERE id = :file_id")


def upgrade() -> None:
    kept = op.create_table(
        "media_subtitles",
        sa.Column("media_id", _WHOLE, autoincrement=False, nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("file_id", _WHOLE, nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        *(_to_media(name) for name in ("media_id", "file_id")),
        sa.PrimaryKeyConstraint("media_id", "language", name="pk_media_subtitles"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("ix_media_subtitles_file_id", "media_subtitles", ["file_id"])
    _fill(kept)
    op.drop_column("media", "subtitles")


def _fill(kept: sa.Table) -> None:
    """What videos have already, a thousand of them at a time; a file that went with another video is left out."""
    connection, after = op.get_bind(), 0
    while rows := connection.execute(_SOME, {"after": after}).all():
        after = rows[-1].id
        for row in rows:
            for language, one in json.loads(row.subtitles).items():
                if connection.execute(_THERE, {"file_id": one["id"]}).scalar():
                    said = {"media_id": row.id, "language": language, "file_id": one["id"], "name": one["name"]}
                    connection.execute(sa.insert(kept), said)


def _to_media(column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["media.id"], name=f"fk_media_subtitles_{column}", ondelete="CASCADE")
