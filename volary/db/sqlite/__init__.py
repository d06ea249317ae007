"""The SQLite engine: reads inline on one connection, writes through one writer that commits in groups (decision 0003)."""
