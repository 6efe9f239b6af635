"""Schema revisions, in order. Each runs on SQLite and on PostgreSQL."""
