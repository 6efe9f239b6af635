"""Covers: fetched once, kept by the hash of their bytes, ready as an upload and as a small card."""

from datetime import datetime
from pathlib import Path

from sqlmodel import Session, select

from creatorbot.errors import CreatorbotError, ServiceError
from creatorbot.models import Cover, Release
from creatorbot.releases.pictures import MOST_BYTES, Prepared, card_name, prepare, upload_name
from creatorbot.releases.polling.looking import complain
from creatorbot.runtime import Runtime
from creatorbot.sources.base import Fetched
from creatorbot.storage.once import insert_once
from creatorbot.wording import N_, say


def fetch_cover(runtime: Runtime, release_id: int) -> bool:
    """Fetch the release's cover from where its source says it is. True when it is here now. Never raises for what outside does."""
    now = runtime.clock()
    with runtime.session() as session:
        release = session.get(Release, release_id)
        if release is None or not release.cover_url:
            return False
        release.cover_tried_at = now
        session.add(release)
        artist_id, address = release.artist_id, release.cover_url
    try:
        prepared = prepare(runtime.covers, _picture(runtime, artist_id, address))
    except CreatorbotError:
        return False
    with runtime.session() as session:
        release = session.get(Release, release_id)
        if release is None or release.cover_url != address:
            return False
        release.cover_id = _recorded(session, prepared, now).id
        release.changed_at = now
        session.add(release)
    return True


def _picture(runtime: Runtime, artist_id: int, address: str) -> bytes:
    answer = runtime.door_for(artist_id).get(address, headers={"Accept": "image/*"}, max_bytes=MOST_BYTES)
    complain(Fetched(answer.address, answer.body, answer.status, answer.headers))
    if not answer.body:
        raise ServiceError("%(host)s sent an empty picture.", host=address[:80])
    return answer.body


def store_cover(session: Session, folder: Path, body: bytes, now: datetime) -> Cover:
    """Keep this picture, once. folder: runtime.covers. Raises InvalidInput for what is no picture."""
    return _recorded(session, prepare(folder, body), now)


def _recorded(session: Session, prepared: Prepared, now: datetime) -> Cover:
    insert_once(
        session,
        Cover(
            content_hash=prepared.content_hash,
            mime=prepared.mime,
            width=prepared.width,
            height=prepared.height,
            card_width=prepared.card_width,
            card_height=prepared.card_height,
            bytes=prepared.bytes,
            created_at=now,
        ),
    )
    return session.exec(select(Cover).where(Cover.content_hash == prepared.content_hash)).one()


def upload_file(folder: Path, cover: Cover) -> Path:
    """The picture as a network takes it: JPEG or PNG, at most 2,000 pixels a side."""
    return folder / upload_name(cover.content_hash, cover.mime)


def card_file(folder: Path, cover: Cover) -> Path:
    """The picture as a link's preview shows it: JPEG within 1,200 x 630 pixels, at most 60 kB."""
    return folder / card_name(cover.content_hash)


def alt_draft(release: Release, language: str) -> str:
    """A first description of the cover for those who cannot see it; the artist is asked to say what is on it."""
    if release.artist_name and release.artist_name not in release.title:
        return say(language, N_("Cover of “%(title)s” by %(artist)s."), {"title": release.title, "artist": release.artist_name})
    return say(language, N_("Cover of “%(title)s”."), {"title": release.title})
