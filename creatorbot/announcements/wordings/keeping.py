"""An announcement's words in rows, and back: all its wordings, whom it may mention, its question; and the message one post carries."""

from sqlalchemy import bindparam
from sqlmodel import Session, col, delete, select

from creatorbot.announcements.wordings.typed import OtherWords, TypedDraft, message
from creatorbot.models import Announcement, Extras, OtherWording, Post
from creatorbot.networks.base import Poll

_EXTRAS = select(Extras).where(Extras.announcement_id == bindparam("announcement"))
_OTHERS = select(OtherWording).where(OtherWording.announcement_id == bindparam("announcement")).order_by(col(OtherWording.mark))


def typed_of(session: Session, announcement: Announcement) -> TypedDraft:
    """Everything this announcement says, as it is kept. Who sends many of its posts in one go lets it be read once."""
    kept: dict[int | None, TypedDraft] | None = session.info.get("typed_once")
    if kept is None:
        return _typed(session, announcement)
    if announcement.id not in kept:
        kept[announcement.id] = _typed(session, announcement)
    return kept[announcement.id]


def _typed(session: Session, announcement: Announcement) -> TypedDraft:
    extras = session.execute(_EXTRAS, {"announcement": announcement.id}).scalars().first()
    others = session.execute(_OTHERS, {"announcement": announcement.id}).scalars()
    return TypedDraft(
        wording=announcement.wording,
        look=announcement.look,
        alt_text=announcement.alt_text,
        visibility=announcement.visibility,
        language=announcement.language,
        content_warning=announcement.content_warning,
        mentions=tuple(extras.mentions) if extras else (),
        poll=Poll(tuple(extras.poll), extras.poll_hours * 3600, extras.poll_many) if extras and extras.poll else None,
        others=tuple(OtherWords(row.mark, row.text, row.language, tuple(row.account_ids)) for row in others),
    )


def keep(session: Session, announcement: Announcement, typed: TypedDraft) -> None:
    """Write all of it down, in place of what was kept. Nothing is checked here."""
    announcement.wording, announcement.look = typed.wording, typed.look.strip()
    announcement.alt_text, announcement.visibility = typed.alt_text.strip(), typed.visibility.strip()
    announcement.language, announcement.content_warning = typed.language.strip(), typed.content_warning.strip()
    session.add(announcement)
    session.exec(delete(OtherWording).where(col(OtherWording.announcement_id) == announcement.id))
    for other in typed.others:
        row = OtherWording(announcement_id=announcement.id or 0, mark=other.mark, text=other.wording, language=other.language)
        row.account_ids = list(other.account_ids)
        session.add(row)
    extras = session.exec(select(Extras).where(Extras.announcement_id == announcement.id)).first()
    if extras is None and not typed.mentions and typed.poll is None:
        return
    extras = extras or Extras(announcement_id=announcement.id or 0)
    extras.mentions = sorted(typed.mentions)
    extras.poll = [option.strip() for option in typed.poll.options] if typed.poll else []
    extras.poll_hours = typed.poll.seconds // 3600 if typed.poll else 0
    extras.poll_many = typed.poll.several if typed.poll else False
    session.add(extras)
    session.flush()


def message_of(session: Session, post: Post) -> TypedDraft:
    """The one message that this post carries. Raises InvalidInput when its thread has no such message any more."""
    return message(typed_of(session, session.get_one(Announcement, post.announcement_id)), post.wording, post.part)
