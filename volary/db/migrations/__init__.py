"""Migrations, run forward on live data: add, backfill in batches, enforce, in separate releases. `volary.db.migrate` runs them."""
