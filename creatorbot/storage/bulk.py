"""Tens of thousands of rows at a time, past what SQLAlchemy does to each: COPY and unnest on PostgreSQL, the plain driver on SQLite.

Values are as both drivers take them: moments and days as text (`moment_text`, ISO days), JSON as text, the rest as itself.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from time import gmtime, strftime
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, LargeBinary, Table, func, literal, select, tuple_
from sqlalchemy.dialects import postgresql
from sqlalchemy.types import Integer
from sqlmodel import Session

Values = Sequence[tuple[object, ...]]
AT_ONCE = 500


@lru_cache(maxsize=4096)
def _second(second: int) -> str:
    return strftime("%Y-%m-%d %H:%M:%S", gmtime(second))


def moment_text(session: Session, ms: int) -> str:
    """A moment, in milliseconds since 1970, as this database takes it."""
    return f"{_second(ms // 1000)}.{ms % 1000:03d}{'+00' if is_postgresql(session) else '000'}"


def is_postgresql(session: Session) -> bool:
    """Which of the two it is."""
    return session.get_bind().dialect.name == "postgresql"


def pour(session: Session, table: Table, names: Sequence[str], rows: Values) -> None:
    """Insert these rows; each is new. Columns that are not named take the database's own default."""
    if not rows:
        return
    session.flush()
    columns = ", ".join(f'"{name}"' for name in names)
    if not is_postgresql(session):
        marks = ", ".join("?" * len(names))
        session.connection().exec_driver_sql(f'INSERT INTO "{table.name}" ({columns}) VALUES ({marks})', [*rows])
        return
    driver: Any = session.connection().connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f'COPY "{table.name}" ({columns}) FROM STDIN') as stream:
        for row in rows:
            stream.write_row(row)


def merge(session: Session, table: Table, names: Sequence[str], rows: Values, keys: Sequence[str], sets: Mapping[str, str]) -> None:
    """Insert these rows, each with another key; where one like it is there, set its columns instead. sets: column to SQL, in which
    `old` is the row that is there and `new` the one that is given."""
    if not rows:
        return
    said = {name: sql.replace("old.", f'"{table.name}".').replace("new.", "excluded.") for name, sql in sets.items()}
    what = "DO UPDATE SET " + ", ".join(f'"{name}" = {sql}' for name, sql in said.items()) if said else "DO NOTHING"
    _insert(session, table, names, rows, f"ON CONFLICT ({', '.join(keys)}) {what}")


def add_fresh(session: Session, table: Table, names: Sequence[str], rows: Values) -> list[tuple[Any, ...]]:
    """Insert those of these rows that are not there yet. Returns them, as the database gives them back."""
    if not rows:
        return []
    columns = [table.c[name] for name in names]
    if is_postgresql(session):
        done = _insert(session, table, names, rows, f"ON CONFLICT DO NOTHING RETURNING {', '.join(names)}")
        return [tuple(row) for row in done]
    # This transaction holds the only write lock there is, and numbers only grow.
    highest = session.connection().execute(select(func.coalesce(func.max(table.c.id), 0))).scalar_one()
    _insert(session, table, names, rows, "ON CONFLICT DO NOTHING")
    return [tuple(row) for row in session.connection().execute(select(*columns).where(table.c.id > highest))]


def _insert(session: Session, table: Table, names: Sequence[str], rows: Values, ending: str) -> Iterable[Any]:
    session.flush()
    columns = ", ".join(f'"{name}"' for name in names)
    connection = session.connection()
    if not is_postgresql(session):
        marks = ", ".join("?" * len(names))
        connection.exec_driver_sql(f'INSERT INTO "{table.name}" ({columns}) VALUES ({marks}) {ending}', [*rows])
        return ()
    kinds = [str(table.c[name].type.compile(dialect=postgresql.dialect())) for name in names]  # type: ignore[no-untyped-call]
    given = ", ".join(f"%s::{'text' if 'TIMESTAMP' in kind or kind == 'DATE' else kind}[]" for kind in kinds)
    wanted = ", ".join(f"c{place}::{kind}" for place, kind in enumerate(kinds))
    named = ", ".join(f"c{place}" for place in range(len(names)))
    lists = tuple(list(column) for column in zip(*rows, strict=True))
    return connection.exec_driver_sql(
        f'INSERT INTO "{table.name}" ({columns}) SELECT {wanted} FROM unnest({given}) AS given({named}) {ending}', lists
    )


def chunks(session: Session, pairs: Iterable[tuple[int, bytes]]) -> list[list[tuple[int, bytes]]]:
    """These pairs in pieces that one statement takes, see `among`."""
    whole = sorted(pairs)
    size = len(whole) if is_postgresql(session) else AT_ONCE
    return [whole[start : start + size] for start in range(0, len(whole), size or 1)]


def among(session: Session, number: ColumnElement[Any], key: ColumnElement[Any], pairs: Sequence[tuple[int, bytes]]) -> ColumnElement[bool]:
    """The condition that a number and some bytes are one of these pairs, so that an index on both is used."""
    if not is_postgresql(session):
        return tuple_(number, key).in_(pairs)
    numbers = literal([one for one, _ in pairs], ARRAY(Integer))
    keys = literal([one for _, one in pairs], ARRAY(LargeBinary))
    wanted = func.unnest(numbers, keys).table_valued("number", "key").render_derived()
    return tuple_(number, key).in_(select(wanted.c.number, wanted.c.key))
