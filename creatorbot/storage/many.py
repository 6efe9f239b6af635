"""Many rows in one statement, with numbers known beforehand: a tenth of what the same rows cost one by one."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Dialect, Insert, Table, func, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

Write = Callable[[Any], Any]


def next_ids(session: Session, table: Table, count: int) -> list[int]:
    """Numbers that rows of this table may take, in ascending order. To be called in the transaction that inserts them."""
    session.flush()
    if session.get_bind().dialect.name == "postgresql":
        asked = text(f"SELECT nextval(pg_get_serial_sequence('\"{table.name}\"', 'id')) FROM generate_series(1, :count)")
        return sorted(number for (number,) in session.connection().execute(asked, {"count": count}))
    # SQLite: this transaction holds the only write lock there is.
    highest: int = session.connection().execute(select(func.coalesce(func.max(table.c.id), 0))).scalar_one()
    return list(range(highest + 1, highest + 1 + count))


def insert_many(session: Session, table: Table, rows: Sequence[Mapping[str, object]]) -> bool:
    """Insert these rows, each with the same columns, but for those a UNIQUE constraint already holds. True when surely all went in."""
    if not rows:
        return True
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        # The same statement by hand: for a row of many columns what SQLAlchemy does to each costs twice what SQLite does.
        statement, columns = _plain(table, tuple(rows[0]), connection.dialect)
        told = [tuple(value if write is None else write(value) for value, write in _values(row, columns)) for row in rows]
        return connection.exec_driver_sql(statement, told).rowcount == len(rows)
    done = connection.execute(_insert(table, "postgresql"), [dict(row) for row in rows])
    return done.rowcount == len(rows)


def _values(row: Mapping[str, object], columns: Sequence[tuple[str, Write | None]]) -> Iterator[tuple[object, Write | None]]:
    return ((row[name], write) for name, write in columns)


@cache
def _plain(table: Table, names: tuple[str, ...], dialect: Dialect) -> tuple[str, tuple[tuple[str, Write | None], ...]]:
    """The statement for these columns, and in their order how the driver wants each value."""
    compiled = _insert(table, "sqlite").compile(dialect=dialect, column_keys=list(names))
    order = tuple(getattr(compiled, "positiontup", None) or ())
    assert sorted(order) == sorted(names), "a column of this table fills itself"
    return str(compiled), tuple((name, table.c[name].type.dialect_impl(dialect).bind_processor(dialect)) for name in order)


@cache
def _insert(table: Table, dialect: str) -> Insert:
    return (postgresql.insert if dialect == "postgresql" else sqlite.insert)(table).on_conflict_do_nothing()
