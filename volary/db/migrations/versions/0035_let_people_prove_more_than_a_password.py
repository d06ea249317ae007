"""let people prove more than a password

Revision ID: 0035
Revises: 0034
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

_WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _create("second_steps", _account(key=True), _whole("since"), key="account_id")
    _create(
        "authenticators",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        _account(),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        _whole("counter"),
        _whole("created_at"),
        key="digest",
    )
    op.create_index("ix_authenticators_account_id", "authenticators", ["account_id"], unique=True)
    _create(
        "recovery_codes",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        _account(),
        _whole("created_at"),
        _whole("used_at", nullable=True),
        key="digest",
    )
    op.create_index("ix_recovery_codes_account_id", "recovery_codes", ["account_id"])
    _create(
        "passkeys",
        sa.Column("id", _WHOLE, autoincrement=False, nullable=False),
        _account(),
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("credential", sa.LargeBinary(), nullable=False),
        _whole("sign_count"),
        sa.Column("name", sa.Text(), nullable=False),
        _whole("created_at"),
        _whole("last_used_at", nullable=True),
        key="id",
    )
    op.create_index("ix_passkeys_account_id", "passkeys", ["account_id"])
    op.create_index("ix_passkeys_credential_id", "passkeys", ["credential_id"], unique=True)
    _create(
        "spent_challenges",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        _whole("expires_at"),
        key="digest",
    )
    op.create_index("ix_spent_challenges_expires_at", "spent_challenges", ["expires_at"])


def _create(name: str, *columns: sa.Column[Any], key: str) -> None:
    parts: list[sa.Constraint] = [sa.PrimaryKeyConstraint(key, name=f"pk_{name}")]
    if any(column.name == "account_id" for column in columns):
        named = f"fk_{name}_account_id"
        parts.append(sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=named, ondelete="CASCADE"))
    op.create_table(name, *columns, *parts, sqlite_strict=True, sqlite_with_rowid=True)


def _account(*, key: bool = False) -> sa.Column[int]:
    return sa.Column("account_id", _WHOLE, autoincrement=False if key else "auto", nullable=False)


def _whole(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, _WHOLE, nullable=nullable)
