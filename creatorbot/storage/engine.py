"""Engines and sessions. SQLite gets WAL, foreign keys, a busy timeout, and a disk sync at every commit."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.engine import make_url
from sqlmodel import Session, create_engine

SessionFactory = Callable[[], AbstractContextManager[Session]]


def open_engine(url: str, *, pool_size: int = 5) -> Engine:
    """An engine for this address. Does not create the database and does not connect yet."""
    if make_url(url).get_backend_name() != "sqlite":
        return create_engine(url, pool_size=pool_size, max_overflow=pool_size, pool_pre_ping=True, pool_recycle=1800)
    engine = create_engine(url, connect_args={"timeout": 30, "check_same_thread": False}, pool_size=pool_size)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # Autocommit mode: we send BEGIN ourselves, so that a read inside a write transaction sees one state.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA busy_timeout=30000")
    # FULL: an attempt or a notice that was committed survives a power cut, which NORMAL does not promise in WAL.
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.close()


def _begin_sqlite(connection: Any) -> None:
    # IMMEDIATE takes the write lock at once and waits for it: a lock taken half way fails without waiting.
    immediate = connection.get_execution_options().get("write", True)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


def session_factory(engine: Engine) -> SessionFactory:
    """`with factory() as session:` commits at the end, rolls back on an exception. Only edges and conductors call it."""

    @contextmanager
    def scope() -> Iterator[Session]:
        with Session(engine, expire_on_commit=False) as session:
            try:
                yield session
                session.commit()
            except BaseException:
                session.rollback()
                raise

    return scope


def reading_factory(engine: Engine) -> SessionFactory:
    """Like `session_factory`, for pages that only read: takes no write lock on SQLite and always rolls back."""
    reader = engine.execution_options(write=False)

    @contextmanager
    def scope() -> Iterator[Session]:
        with Session(reader, expire_on_commit=False, autoflush=False) as session:
            yield session  # closing rolls back, and unlike rollback() leaves what was read usable afterwards

    return scope
