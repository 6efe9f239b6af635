"""Reading what is known of releases and sources. Everything is asked for one artist."""

from sqlmodel import Session, col, select

from creatorbot.errors import NotFound
from creatorbot.models import Fetch, Release, Source, SourceItem
from creatorbot.releases.merging import kept


def releases_of(session: Session, artist_id: int) -> list[Release]:
    """The artist's releases, the newest first: by day of release, else by the day we first saw them. Each once, however many places."""
    rows = session.exec(select(Release).where(Release.artist_id == artist_id, Release.state != "merged")).all()
    return sorted(rows, key=lambda row: (row.released_on or row.first_seen_at.date(), row.first_seen_at, -(row.id or 0)), reverse=True)


def get_release(session: Session, artist_id: int, release_id: int) -> Release:
    """One release of this artist; of one that was merged the one it was merged into. Raises NotFound."""
    row = session.get(Release, release_id)
    if row is not None and row.state == "merged":
        row = session.get(Release, kept(session, release_id))
    if row is None or row.artist_id != artist_id:
        raise NotFound("There is no such release.")
    return row


def sources_of(session: Session, artist_id: int) -> list[Source]:
    """The artist's sources, the oldest first."""
    return list(session.exec(select(Source).where(Source.artist_id == artist_id).order_by(col(Source.id))).all())


def get_source(session: Session, artist_id: int, source_id: int) -> Source:
    """One source of this artist. Raises NotFound."""
    row = session.get(Source, source_id)
    if row is None or row.artist_id != artist_id:
        raise NotFound("There is no such source.")
    return row


def fetches_of(session: Session, source_id: int) -> list[Fetch]:
    """The last looks at a source, the newest first; ten are kept."""
    return list(session.exec(select(Fetch).where(Fetch.source_id == source_id).order_by(col(Fetch.id).desc())).all())


def items_of(session: Session, source_id: int, *, most: int | None = None, after: int = 0) -> list[SourceItem]:
    """Entries seen in a source, each with what was decided and why, in the order they were first listed.

    most: at most so many, from the one behind the item with the id `after` on.
    """
    rows = select(SourceItem).where(SourceItem.source_id == source_id, col(SourceItem.id) > after)
    return list(session.exec(rows.order_by(col(SourceItem.id)).limit(most)).all())


def remove_source(session: Session, artist_id: int, source_id: int) -> None:
    """Stop watching. Its releases stay. Raises NotFound."""
    session.delete(get_source(session, artist_id, source_id))
