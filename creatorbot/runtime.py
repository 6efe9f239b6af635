"""What one process holds while it runs. Built once in cli, handed to jobs and to the web app; there is no other global."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from sqlmodel import Session, select

from creatorbot.clock import Clock
from creatorbot.config import Settings
from creatorbot.models import Admission
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

    def door_for(self, artist_id: int) -> Door:
        """The door as this artist may use it: public addresses, and the places on loopback admitted for them."""
        with self.reading() as session:
            rows = session.exec(select(Admission).where(Admission.artist_id == artist_id)).all()
        return self.door.admitting(frozenset((row.host, row.port) for row in rows)) if rows else self.door


def browser_address(session: Session, artist_id: int, url: str) -> str:
    """The address under which a browser reaches this page: the same, unless its place was admitted with a path of ours."""
    parts = urlsplit(url)
    if not parts.port:
        return url
    place = session.exec(
        select(Admission).where(Admission.artist_id == artist_id, Admission.host == parts.hostname, Admission.port == parts.port)
    ).first()
    if place is None or not place.browser_path:
        return url
    return place.browser_path + parts.path + (f"?{parts.query}" if parts.query else "")
