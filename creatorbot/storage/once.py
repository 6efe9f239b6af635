"""Insert-or-ignore: the database's own UNIQUE constraint decides, on SQLite and PostgreSQL alike."""

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel


def insert_once(session: Session, row: SQLModel) -> bool:
    """Insert this row unless a UNIQUE constraint already holds one like it. True when it was inserted.

    The row object itself is not attached to the session; read it back by its key.
    """
    table = type(row).__table__  # type: ignore[attr-defined]
    values: dict[str, Any] = {name: value for name, value in row.model_dump().items() if not (name == "id" and value is None)}
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    # Not rowcount: psycopg's is -1 after a conflict.
    done = session.execute(insert(table).values(**values).on_conflict_do_nothing().returning(*table.primary_key.columns))
    return done.first() is not None
