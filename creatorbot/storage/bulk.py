"""Tens of thousands of rows at a time, past what SQLAlchemy does to each: COPY and unnest on PostgreSQL, the plain driver on SQLite.

Values are as both drivers take them: moments and days as text (`moment_text`, ISO days), JSON as text, the rest as itself.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from time import gmtime, strftime
from typing import Any

import orjson
from sqlalchemy import ARRAY, Column, FromClause, LargeBinary, MetaData, Table, func, literal, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.types import Integer
from sqlmodel import Session

Values = Sequence[tuple[object, ...]]
_POSTGRESQL = postgresql.dialect()  # type: ignore[no-untyped-call]


_CLOCK = tuple(f"{minute // 60:02d}:{minute % 60:02d}:" for minute in range(24 * 60))
_DAY_MS = 24 * 3600 * 1000


@lru_cache(maxsize=256)
def _day(number: int) -> str:
    return strftime("%Y-%m-%d ", gmtime(number * 86_400))


def moment_text(session: Session) -> Callable[[int], str]:
    """What writes a moment, in milliseconds since 1970, as this database takes it."""
    ending = "+00" if is_postgresql(session) else "000"

    def written(ms: int) -> str:
        day, rest = divmod(ms, _DAY_MS)
        minute, rest = divmod(rest, 60_000)
        return f"{_day(day)}{_CLOCK[minute]}{rest // 1000:02d}.{rest % 1000:03d}{ending}"

    return written


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


def merge(
    session: Session,
    table: Table,
    names: Sequence[str],
    rows: Values,
    keys: Sequence[str],
    sets: Mapping[str, str],
    when: str = "",
) -> None:
    """Insert these rows, each with another key; where one like it is there, set its columns instead, if `when` holds. sets: column to
    SQL, in which `old` is the row that is there and `new` the one that is given."""
    if not rows:
        return
    setting = ", ".join(f'"{name}" = {sql}' for name, sql in sets.items())
    ending = f"DO UPDATE SET {setting}" + (f" WHERE {when}" if when else "") if sets else "DO NOTHING"
    said = ending.replace("old.", f'"{table.name}".').replace("new.", "excluded.")
    _insert(session, table, names, rows, f"ON CONFLICT ({', '.join(keys)}) {said}")


def add_fresh(session: Session, table: Table, names: Sequence[str], rows: Values) -> Values:
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
    # As one JSON text: writing lists of each column costs the driver several times as much.
    wanted = ", ".join(f'"{name}" {table.c[name].type.compile(dialect=_POSTGRESQL)}' for name in names)
    heap = orjson.dumps([dict(zip(names, row, strict=True)) for row in rows], default=_bytes_text).decode()
    return connection.exec_driver_sql(
        f'INSERT INTO "{table.name}" ({columns}) SELECT {columns} FROM json_to_recordset(%s::json) AS given({wanted}) {ending}', (heap,)
    )


def _bytes_text(value: object) -> str:
    if not isinstance(value, bytes):
        raise TypeError(f"no value for a database: {value!r}")
    return "\\x" + value.hex()


_PAIRS = Table(
    "pairs_looked_for", MetaData(), Column("number", Integer), Column("key", LargeBinary), prefixes=["TEMPORARY"], keep_existing=True
)


def pairs(session: Session, wanted: Collection[tuple[int, bytes]]) -> FromClause:
    """These pairs as a table with the columns number and key, to join with: thousands of them, and still an index is used.

    One such table at a time. In SQLite a table of this connection alone.
    """
    if is_postgresql(session):
        numbers = literal([one for one, _ in wanted], ARRAY(Integer))
        keys = literal([one for _, one in wanted], ARRAY(LargeBinary))
        return func.unnest(numbers, keys).table_valued("number", "key").render_derived()
    connection = session.connection()
    connection.exec_driver_sql('CREATE TEMPORARY TABLE IF NOT EXISTS "pairs_looked_for" ("number" INTEGER, "key" BLOB)')
    connection.exec_driver_sql('DELETE FROM "pairs_looked_for"')
    if wanted:
        connection.exec_driver_sql('INSERT INTO "pairs_looked_for" VALUES (?, ?)', sorted(wanted))
    return _PAIRS
