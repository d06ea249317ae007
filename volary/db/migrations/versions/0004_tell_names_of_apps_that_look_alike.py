"""tell names of apps that look alike

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

from volary.developers.rules.texts import name_key, name_shape

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("apps", schema=None) as batch_op:
        batch_op.add_column(sa.Column("name_shape", sa.Text(), nullable=True))
        batch_op.create_index(batch_op.f("ix_apps_name_shape"), ["name_shape"], unique=False)
    _fill()


def _fill() -> None:
    """Both keys of every App that has a name of its own. Where two names read the same by now, the second keeps the key that it had."""
    connection = op.get_bind()
    rows = connection.execute(
        sa.text("SELECT id, name, name_key FROM apps WHERE name_key IS NOT NULL ORDER BY id")
    ).all()
    taken = {row.name_key for row in rows}
    change = sa.text("UPDATE apps SET name_key = :key, name_shape = :shape WHERE id = :id")
    for row in rows:
        key = name_key(row.name)
        free = key == row.name_key or key not in taken
        taken.add(key)
        connection.execute(change, {"id": row.id, "key": key if free else row.name_key, "shape": name_shape(row.name)})
