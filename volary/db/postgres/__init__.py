"""The PostgreSQL engine: an asyncpg pool, prepared statements, serializable writes that are tried again (decision 0003)."""
