"""The tables and the migrations say the same, on both databases, there and back."""

from datetime import UTC, datetime

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import CheckConstraint, Connection, Engine, Insert, MetaData, String, Table, UniqueConstraint, inspect
from sqlmodel import SQLModel

import creatorbot.models  # noqa: F401  (fills the metadata)
from creatorbot.storage.migrate import alembic_config, is_at_head, migrate


def test_migrations_make_exactly_the_tables_we_declare(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "target_metadata": SQLModel.metadata})
        assert compare_metadata(context, SQLModel.metadata) == []


def test_a_changed_table_would_be_noticed(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE artist ADD COLUMN forgotten INTEGER")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert len(compare_metadata(context, SQLModel.metadata)) == 1


def test_migrating_twice_changes_nothing(engine: Engine) -> None:
    before = sorted(inspect(engine).get_table_names())
    migrate(engine)
    assert is_at_head(engine)
    assert sorted(inspect(engine).get_table_names()) == before


def test_down_to_nothing_and_up_again(engine: Engine) -> None:
    config = alembic_config()
    config.attributes["engine"] = engine
    command.downgrade(config, "base")
    assert not is_at_head(engine)
    assert inspect(engine).get_table_names() == ["alembic_version"]
    migrate(engine)
    assert is_at_head(engine)


def test_the_database_keeps_the_rules_of_its_constraints(engine: Engine) -> None:
    """CHECKs and UNIQUEs are easily lost between model and migration: autogenerate does not compare them."""
    found = inspect(engine)
    for table in SQLModel.metadata.sorted_tables:
        checks = {one.name for one in table.constraints if isinstance(one, CheckConstraint)}
        assert {one["name"] for one in found.get_check_constraints(table.name)} == checks, table.name
        unique = {tuple(column.name for column in one.columns) for one in table.constraints if isinstance(one, UniqueConstraint)}
        present = {tuple(one["column_names"]) for one in found.get_unique_constraints(table.name)}
        assert unique <= present, table.name


def test_links_and_all_that_hangs_on_them_survive_the_rebuilding_of_their_table(engine: Engine) -> None:
    """0005 lets a link open an artist's page. On SQLite that rebuilds the table that visits, reach and credits refer to."""
    config = alembic_config()
    config.attributes["engine"] = engine
    command.downgrade(config, "0004")
    when = "2026-11-20 12:00:00"
    with engine.begin() as connection:
        for statement in (
            "INSERT INTO artist (id, name, slug, time_zone, currency, language, accent, suggested_minor, minimum_minor, badge, created_at)"
            f" VALUES (1, 'Aoife', 'aoife', 'UTC', 'EUR', 'en', '#b4432e', 0, 0, '', '{when}')",
            "INSERT INTO link (id, artist_id, release_id, code, label, created_at)"
            f" SELECT 7, 1, id, 'abcd2345', 'Poster', '{when}' FROM release",
            f"INSERT INTO reach (link_id, host, software, first_seen_at, hits) VALUES (7, 'b.example', 'mastodon', '{when}', 1)",
            f"INSERT INTO reach (link_id, host, software, first_seen_at, hits) VALUES (7, 'a.example', 'mastodon', '{when}', 2)",
        ):
            connection.exec_driver_sql(statement)
            if "INTO artist" in statement:
                connection.execute(_old_release(connection))
    migrate(engine)
    with engine.connect() as connection:
        links = connection.exec_driver_sql("SELECT code, kind, release_id FROM link ORDER BY kind").fetchall()
        assert tuple(links[0]) == ("abcd2345", "other", 1)
        assert [(kind, release) for _, kind, release in links[1:]] == [("page", None)], "each artist has a page now"
        assert connection.exec_driver_sql("SELECT count(*) FROM reach").scalar() == 2
        met = connection.exec_driver_sql("SELECT host, first_link_id FROM servermet ORDER BY host").fetchall()
        assert [tuple(row) for row in met] == [("a.example", 7), ("b.example", 7)]
        if engine.dialect.name == "sqlite":
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
    with engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM release")
        assert connection.exec_driver_sql("SELECT count(*) FROM reach").scalar() == 0, "rows still go with what they belong to"


def _old_release(connection: Connection) -> Insert:
    """A release as 0004 knew it, whatever columns that had."""
    table = Table("release", MetaData(), autoload_with=connection)
    given: dict[str, object] = {"id": 1, "artist_id": 1, "title": "Tall Ships"}
    for column in table.columns:
        if column.name not in given and not column.nullable:
            text = isinstance(column.type, String)
            given[column.name] = "" if text else 0
    now = datetime(2026, 11, 20, tzinfo=UTC)
    given |= {"first_seen_at": now, "changed_at": now, "explicit": False}
    for name in ("tags", "edited", "told"):
        given[name] = {} if name == "told" else []
    return table.insert().values(**given)
