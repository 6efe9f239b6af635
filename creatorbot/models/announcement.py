"""The decision to tell people about one release."""

from datetime import datetime

from sqlalchemy import CheckConstraint

from creatorbot.models.base import Row, key, moment, refers


class Announcement(Row, table=True):
    """Wording, look, when. state: draft | approved | announced | cancelled. when_at: None means as soon as approved."""

    __table_args__ = (
        CheckConstraint("state IN ('draft', 'approved', 'announced', 'cancelled')", name="announcement_state"),
        CheckConstraint("look IN ('card', 'picture')", name="announcement_look"),
    )
    id: int | None = key()
    artist_id: int = refers("artist.id")
    release_id: int = refers("release.id")
    wording: str
    look: str = "card"
    alt_text: str = ""
    visibility: str = "public"
    language: str = "en"
    content_warning: str = ""
    state: str = "draft"
    when_at: datetime | None = moment(optional=True)
    created_by: int | None = refers("person.id", optional=True, gone="SET NULL")
    created_at: datetime = moment()
    changed_at: datetime = moment()
