"""Bring a database to the present schema. Switches WAL on, once, here and not at every start."""

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Engine

from creatorbot.errors import CreatorbotError


def alembic_config() -> Config:
    """Alembic's settings without an ini file."""
    config = Config()
    config.set_main_option("script_location", "creatorbot:migrations")
    config.set_main_option("path_separator", "os")
    return config


def migrate(engine: Engine) -> None:
    """Upgrade to the newest revision; does nothing when already there. CreatorbotError for a database newer than this program."""
    if engine.dialect.name == "sqlite":
        raw = engine.raw_connection()
        try:
            raw.cursor().execute("PRAGMA journal_mode=WAL")
        finally:
            raw.close()
    config = alembic_config()
    config.attributes["engine"] = engine
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise CreatorbotError(
            "The database was made by a newer creatorbot. Install that version or a later one; nothing was changed."
        ) from error


def is_at_head(engine: Engine) -> bool:
    """Whether the database has exactly the present schema."""
    with engine.connect() as connection:
        present = MigrationContext.configure(connection).get_current_heads()
    return set(present) == set(ScriptDirectory.from_config(alembic_config()).get_heads())
