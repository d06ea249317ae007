"""Alembic's entry. `volary.db.migrate` hands over the connection and the metadata; there is no configuration file."""

from alembic import context

from volary.db.migrate import default_differs, tables_of_ours

configuration = context.config
connection = configuration.attributes["connection"]

context.configure(
    connection=connection,
    target_metadata=configuration.attributes["metadata"],
    # SQLite cannot alter most of a table: Alembic makes a new one and copies the rows.
    render_as_batch=True,
    compare_server_default=default_differs,
    include_name=tables_of_ours(connection),
)
with context.begin_transaction():
    context.run_migrations()
