"""Covers: fetched once, kept by the hash of their bytes, ready as an upload and as a small card."""

from datetime import datetime, timedelta
from hashlib import blake2b
from pathlib import Path

from sqlalchemy import ColumnElement
from sqlmodel import Session, and_, col, or_, select, update

from creatorbot.errors import CreatorbotError, InvalidInput, ServiceError
from creatorbot.models import Artist, Cover, Release
from creatorbot.networks.base import Limits
from creatorbot.releases.pictures.apart import make_apart
from creatorbot.releases.pictures.make import MOST_BYTES, Made, fitted
from creatorbot.releases.polling.looking import complain
from creatorbot.runtime import Runtime
from creatorbot.sources.base import Fetched
from creatorbot.storage.once import insert_once
from creatorbot.wording import N_, explain, say

# How long a cover is left alone after so many failures in a row; from then on a week each time.
_AGAIN_AFTER = (timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6), timedelta(days=1), timedelta(days=7))
_MOST_AT_ONCE = 20
_KINDS = {
    "album": N_("Cover of the album %(work)s"),
    "track": N_("Cover of the song %(work)s"),
    "video": N_("Picture from the video %(work)s"),
    "episode": N_("Cover of the episode %(work)s"),
    "stream": N_("Picture announcing the live stream %(work)s"),
}


def wanting(session: Session, now: datetime) -> list[int]:
    """Releases whose cover is not here yet and may be tried now, the newest first; a few at a time."""
    rows = session.exec(
        select(Release.id)
        .where(Release.cover_url != "", col(Release.cover_id).is_(None), _may_be_tried(now))
        .order_by(col(Release.first_seen_at).desc(), col(Release.id))
        .limit(_MOST_AT_ONCE)
    ).all()
    return [row for row in rows if row is not None]


def _may_be_tried(now: datetime) -> ColumnElement[bool]:
    failures, tried = col(Release.cover_failures), col(Release.cover_tried_at)
    steps = [and_(failures == count, tried <= now - wait) for count, wait in enumerate(_AGAIN_AFTER, start=1)]
    # None failed and yet tried: that try was cut off in its middle.
    return or_(tried.is_(None), and_(failures == 0, tried <= now - _AGAIN_AFTER[0]), *steps, tried <= now - _AGAIN_AFTER[-1])


def fetch_cover(runtime: Runtime, release_id: int) -> bool:
    """Fetch the release's cover from where its source says it is. True when it is here now. Never raises for what outside does.

    Why it could not be had stands in the release's cover_sentence afterwards.
    """
    now = runtime.clock()
    with runtime.session() as session:
        release = session.get(Release, release_id)
        if release is None or not release.cover_url:
            return False
        release.cover_tried_at = now
        session.add(release)
        artist_id, address = release.artist_id, release.cover_url
    made: Made | None = None
    reason: CreatorbotError | None = None
    try:
        body = _picture(runtime, artist_id, address)
        made = make_apart(body)
        content_hash = keep_files(runtime.covers, body, made)
    except CreatorbotError as error:
        reason = error
    with runtime.session() as session:
        release = session.get(Release, release_id)
        if release is None or release.cover_url != address:
            return False
        if made is None or reason is not None:
            release.cover_failures += 1
            release.cover_sentence = explain(session.get_one(Artist, artist_id).language, reason) if reason else ""
        else:
            release.cover_id = _recorded(session, content_hash, made, now).id
            release.cover_failures, release.cover_sentence, release.changed_at = 0, "", now
        session.add(release)
    return reason is None


def _picture(runtime: Runtime, artist_id: int, address: str) -> bytes:
    answer = runtime.door_for(artist_id).get(address, headers={"Accept": "image/*"}, max_bytes=MOST_BYTES)
    complain(Fetched(answer.address, answer.body, answer.status, answer.headers))
    if not answer.body:
        raise ServiceError("%(host)s sent an empty picture.", host=address[:80])
    return answer.body


def store_cover(session: Session, folder: Path, body: bytes, now: datetime) -> Cover:
    """Keep this picture, once. folder: runtime.covers. Raises InvalidInput for what is no picture."""
    made = make_apart(body)
    return _recorded(session, keep_files(folder, body, made), made, now)


def keep_files(folder: Path, body: bytes, made: Made) -> str:
    """Write both pictures under the hash of what they were made of; returns it. The same picture always gives the same files."""
    content_hash = blake2b(body, digest_size=16).hexdigest()
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / _upload_name(content_hash, made.mime), made.upload)
    _write(folder / _card_name(content_hash), made.card)
    return content_hash


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all: a reader never sees half a file."""
    if path.exists() and path.stat().st_size == len(content):
        return
    part = path.with_suffix(f".{blake2b(content, digest_size=4).hexdigest()}.part")
    part.write_bytes(content)
    part.replace(path)


def _recorded(session: Session, content_hash: str, made: Made, now: datetime) -> Cover:
    cover = Cover(
        content_hash=content_hash,
        mime=made.mime,
        width=made.size[0],
        height=made.size[1],
        card_width=made.card_size[0],
        card_height=made.card_size[1],
        bytes=len(made.upload),
        created_at=now,
    )
    insert_once(session, cover)
    return session.exec(select(Cover).where(Cover.content_hash == content_hash)).one()


def forget_lost(session: Session, folder: Path) -> int:
    """Covers whose files are no longer on the disk are fetched again where a source says from where. Returns how many."""
    here = {path.name for path in folder.iterdir()} if folder.is_dir() else set()
    lost = [
        cover_id
        for cover_id, content_hash, mime in session.exec(select(Cover.id, Cover.content_hash, Cover.mime))
        if not {_upload_name(content_hash, mime), _card_name(content_hash)} <= here
    ]
    done = 0
    for start in range(0, len(lost), 500):
        of_these = (col(Release.cover_id).in_(lost[start : start + 500]), col(Release.cover_url) != "")
        done += session.exec(update(Release).where(*of_these).values(cover_id=None, cover_tried_at=None)).rowcount
    return done


def upload_for(folder: Path, cover: Cover, limits: Limits) -> tuple[bytes, str]:
    """The picture as this server takes it, and its MIME name: smaller, or of another kind, where the server asks for it.

    Raises InvalidInput when the file is gone, or the server takes nothing that we can make.
    """
    try:
        body = upload_file(folder, cover).read_bytes()
        return fitted(body, cover.mime, most_bytes=limits.picture_bytes, most_pixels=limits.picture_pixels, kinds=limits.picture_types)
    except OSError as error:
        raise InvalidInput("The cover’s file cannot be read. Nothing was sent. Look at the release’s cover, then try again.") from error


def upload_file(folder: Path, cover: Cover) -> Path:
    """The picture at its largest: JPEG or PNG, at most 2,000 pixels a side."""
    return folder / _upload_name(cover.content_hash, cover.mime)


def card_file(folder: Path, cover: Cover) -> Path:
    """The picture as a link's preview shows it: JPEG within 1,200 x 630 pixels, at most 60 kB."""
    return folder / _card_name(cover.content_hash)


def _upload_name(content_hash: str, mime: str) -> str:
    return f"{content_hash}.{'png' if mime == 'image/png' else 'jpg'}"


def _card_name(content_hash: str) -> str:
    return f"{content_hash}-card.jpg"


def alt_draft(release: Release, language: str) -> str:
    """A first description of the cover for those who cannot see it: what it belongs to. The artist is asked to say what is on it."""
    work = say(language, N_("“%(title)s”"), {"title": release.title})
    if release.artist_name and release.artist_name not in release.title:
        work = say(language, N_("“%(title)s” by %(artist)s"), {"title": release.title, "artist": release.artist_name})
    said = say(language, _KINDS.get(release.kind, N_("Cover of %(work)s")), {"work": work})
    if release.released_on:
        return say(language, N_("%(said)s, %(year)s."), {"said": said, "year": release.released_on.year})
    return f"{said}."
