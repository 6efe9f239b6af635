"""Builds what one process holds while it runs, from the settings."""

from pydantic import ValidationError

from creatorbot import clock
from creatorbot.cli import keys
from creatorbot.config import Settings, read_settings
from creatorbot.errors import InvalidInput
from creatorbot.runtime import Runtime
from creatorbot.security.http import Door
from creatorbot.security.secrets import Vault
from creatorbot.storage.engine import open_engine, reading_factory, session_factory


def settings_now() -> Settings:
    """The settings, with the data folder as a full path. Raises InvalidInput for one that makes no sense."""
    try:
        found = read_settings()
    except ValidationError as error:
        wrong = error.errors()[0]
        raise InvalidInput(
            "The setting %(name)s cannot be used: %(why)s. See docs/install.md for what it means.",
            name=f"CREATORBOT_{str(wrong['loc'][0]).upper()}",
            why=wrong["msg"],
        ) from error
    return found.model_copy(update={"data": found.data.expanduser().resolve()})


def build(settings: Settings) -> Runtime:
    """A runtime. Connects to nothing yet; makes the secrets when there are none."""
    kept = keys.read_or_make(settings)
    engine = open_engine(settings.sqlalchemy_url)
    return Runtime(
        settings=settings,
        session=session_factory(engine),
        reading=reading_factory(engine),
        door=Door(),
        vault=Vault(kept.vault),
        clock=clock.now,
        cookie_key=kept.cookie,
    )
