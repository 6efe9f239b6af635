"""The front door over a database that exists, as a server process of its own; behind it an application that knows nothing."""

import os
from pathlib import Path
from wsgiref.types import StartResponse, WSGIEnvironment

from creatorbot.clock import now
from creatorbot.config import Settings
from creatorbot.runtime import Runtime
from creatorbot.security.http import Door
from creatorbot.security.secrets import Vault, new_vault_key
from creatorbot.storage.engine import open_engine, reading_factory, session_factory
from creatorbot.web.frontdoor import FrontDoor


def nobody_home(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
    """Answers 404 to everything."""
    start_response("404 Not Found", [("Content-Type", "text/plain")])
    return [b"not here"]


def runtime_in(folder: Path) -> Runtime:
    """A runtime on the SQLite database of this data folder."""
    settings = Settings(data=folder)
    engine = open_engine(settings.sqlalchemy_url)
    return Runtime(
        settings=settings,
        session=session_factory(engine),
        reading=reading_factory(engine),
        door=Door(),
        vault=Vault([new_vault_key()]),
        clock=now,
        cookie_key="x" * 40,
    )


def application() -> FrontDoor:
    """For granian's --factory. The data folder comes from CREATORBOT_DATA."""
    return FrontDoor(nobody_home, runtime_in(Path(os.environ["CREATORBOT_DATA"])))
