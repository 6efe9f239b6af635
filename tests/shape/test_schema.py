"""The tables and the migrations say the same, on both databases, there and back."""

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import CheckConstraint, Engine, UniqueConstraint, inspect
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
