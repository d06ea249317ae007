"""The room's own tables."""

from volary.db.tables import id_column, moment, table, text

installation = table("installation", text("name", key=True), text("value"), by_key=True)
"""Facts about the installation, by name: `key_id` says which key sealed its secrets."""

worker_leases = table("worker_leases", id_column("worker_id"), text("holder"), moment("expires_at"))
"""Which process holds which worker id until when, by PostgreSQL's clock. Empty on SQLite."""
