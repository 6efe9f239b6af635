"""Alembic's entry: runs on the engine it is given."""

from alembic import context
from sqlalchemy import Connection
from sqlmodel import SQLModel

import creatorbot.models  # noqa: F401  (fills the metadata)


def _check_references(connection: Connection, on: bool) -> None:
    # Rebuilding a table that others refer to would take their rows along. SQLite only hears this outside a transaction.
    driver = connection.connection.dbapi_connection
    assert driver is not None
    driver.cursor().execute(f"PRAGMA foreign_keys={'ON' if on else 'OFF'}")


engine = context.config.attributes["engine"]
with engine.connect() as connection:
    sqlite = connection.dialect.name == "sqlite"
    if sqlite:
        _check_references(connection, on=False)
    try:
        context.configure(connection=connection, target_metadata=SQLModel.metadata, render_as_batch=sqlite, compare_type=True)
        with context.begin_transaction():
            context.run_migrations()
            if sqlite and (lost := connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()):
                raise RuntimeError(f"the migration would leave {len(lost)} rows that refer to nothing; nothing was changed")
        connection.commit()
    finally:
        connection.rollback()
        if sqlite:
            _check_references(connection, on=True)
