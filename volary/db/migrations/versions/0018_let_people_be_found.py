"""let people be found by their names

Revision ID: 0018
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op

from volary.accounts.rules.words import words_of

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    words = op.create_table(
        "account_words",
        sa.Column("word", sa.LargeBinary(), nullable=False),
        _whole("account_id"),
        _foreign("account_words", "account_id"),
        sa.PrimaryKeyConstraint("word", "account_id", name="pk_account_words"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "affiliations",
        _whole("organization_id"),
        _whole("account_id"),
        _whole("place"),
        _foreign("affiliations", "organization_id"),
        _foreign("affiliations", "account_id"),
        sa.PrimaryKeyConstraint("organization_id", "account_id", name="pk_affiliations"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("ix_account_words_account_id_word", "account_words", ["account_id", "word"])
    op.create_index("ix_affiliations_organization_id_place", "affiliations", ["organization_id", "place"])
    op.create_index("ix_affiliations_account_id", "affiliations", ["account_id"])
    _fill(words)


def _fill(words: sa.Table) -> None:
    """The words of the accounts that are there already, a thousand accounts at a time."""
    connection, after = op.get_bind(), 0
    some = sa.text("SELECT id, username, name FROM accounts WHERE id > :after ORDER BY id LIMIT 1000")
    while rows := connection.execute(some, {"after": after}).all():
        after = rows[-1].id
        found = [
            {"word": word.encode(), "account_id": row.id}
            for row in rows
            for word in sorted(words_of(row.username, row.name))
        ]
        if found:
            connection.execute(sa.insert(words), found)


def _whole(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False)


def _foreign(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["accounts.id"], name=f"fk_{table}_{column}", ondelete="CASCADE")
