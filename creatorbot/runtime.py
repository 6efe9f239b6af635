"""What one process holds while it runs. Built once in cli, handed to jobs and to the web app; there is no other global."""

from dataclasses import dataclass
from pathlib import Path

from creatorbot.clock import Clock
from creatorbot.config import Settings
from creatorbot.security.http import Door
from creatorbot.security.secrets import Vault
from creatorbot.storage.engine import SessionFactory


@dataclass(frozen=True)
class Runtime:
    """session: writes, commits at the end. reading: for pages, takes no write lock. clock: now(), aware UTC."""

    settings: Settings
    session: SessionFactory
    reading: SessionFactory
    door: Door
    vault: Vault
    clock: Clock
    cookie_key: str

    @property
    def covers(self) -> Path:
        """Folder of pictures by content hash."""
        return self.settings.data / "covers"

    @property
    def journal(self) -> Path:
        """Folder of the visit journal's segments."""
        return self.settings.data / "journal"
