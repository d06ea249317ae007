"""let people hold spaces

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "spaces",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column(
            "creator_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), server_default="", nullable=False),
        sa.Column("scheduled_start", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("started_at", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("ended_at", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "participant_count",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            server_default=sa.text("0"),
            nullable=False,
        ),
        sa.Column("created_at", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("updated_at", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["creator_id"], ["accounts.id"], name=op.f("fk_spaces_creator_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spaces")),
        sqlite_strict=True,
        sqlite_with_rowid=True,
    )
    with op.batch_alter_table("spaces", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_spaces_creator_id_id"), ["creator_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_spaces_state_id"), ["state", "id"], unique=False)

    op.create_table(
        "space_people",
        sa.Column(
            "space_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("joined_at", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("left_at", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_space_people_account_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["space_id"], ["spaces.id"], name=op.f("fk_space_people_space_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("space_id", "account_id", name=op.f("pk_space_people")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("space_people", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_space_people_account_id"), ["account_id"], unique=False)

    op.create_table(
        "space_posts",
        sa.Column(
            "space_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("place", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_space_posts_account_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_space_posts_post_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["space_id"], ["spaces.id"], name=op.f("fk_space_posts_space_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("space_id", "post_id", name=op.f("pk_space_posts")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("space_posts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_space_posts_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_space_posts_post_id"), ["post_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_space_posts_space_id_place"), ["space_id", "place"], unique=False)

    op.create_table(
        "space_words",
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column(
            "space_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.ForeignKeyConstraint(["space_id"], ["spaces.id"], name=op.f("fk_space_words_space_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("word", "space_id", name=op.f("pk_space_words")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("space_words", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_space_words_space_id"), ["space_id"], unique=False)
