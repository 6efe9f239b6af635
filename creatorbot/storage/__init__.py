"""The database: engine, one session per unit of work, insert-or-ignore, claims with a lease, migrations. Knows no table by name."""
