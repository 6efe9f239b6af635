"""What is going to happen, or waits for somebody: announcements that go out by themselves, an owner's yes, boosts."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from creatorbot.artists.telling.kinds import Happening
from creatorbot.models import Account, Announcement, Artist, AutoAnnouncement, Boost, Consent, Post, Release, Told
from creatorbot.wording import N_, say

NEWS = timedelta(days=1)
ITSELF: dict[str, tuple[str, str]] = {
    "planned": ("planned", N_("“%(title)s” goes out by itself at %(due)s. You can still call it off.")),
    "drafted": ("planned", N_("“%(title)s” is ready to be announced and waits for you. %(reason)s")),
    "asks": ("needs_you", N_("“%(title)s” could not be announced by itself. %(reason)s")),
}
CONSENTS: dict[str, tuple[str, str]] = {
    "asked": ("needs_you", N_("%(who)s asks an owner for a yes before “%(title)s” goes out.")),
    "declined": ("needs_you", N_("%(who)s said no to announcing “%(title)s” like this. %(reason)s")),
}
BOOSTS: dict[str, tuple[str, str]] = {
    "done": ("posted", N_("%(name)s showed the post about “%(title)s” once more.")),
    "failed": ("failed", N_("%(name)s could not show the post about “%(title)s” once more. %(reason)s")),
}


def by_itself(session: Session, now: datetime) -> list[Happening]:
    """Releases that are announced by themselves, told while there is still time to call it off."""
    rows = session.exec(
        select(AutoAnnouncement, Release)
        .join(Release, col(Release.id) == AutoAnnouncement.release_id)
        .where(col(AutoAnnouncement.state).in_(ITSELF), col(AutoAnnouncement.changed_at) > now - NEWS)
    ).all()
    found = []
    for row, release in rows:
        kind, sentence = ITSELF[row.state]
        if row.state == "drafted" and session.exec(select(Consent.id).where(Consent.announcement_id == row.announcement_id)).first():
            continue  # told as an owner's yes that is asked for
        reason = say(session.get_one(Artist, row.artist_id).language, row.sentence, row.values or None)
        due, post_id = _first_post(session, row.announcement_id) if row.state == "planned" else (None, None)
        if row.state == "planned" and due is None:
            continue  # out already, or called off
        values: dict[str, object] = {"title": release.title, "reason": reason, **({"due": due} if due else {})}
        about = f"itself:{row.id}:{row.state}"
        found.append(Happening(row.artist_id, about, kind, sentence, row.changed_at, values, post_id=post_id, release_id=release.id))
    return _new(session, found)


def consents(session: Session, now: datetime) -> list[Happening]:
    """Posts that wait for an owner's yes, and those that got a no."""
    rows = session.exec(
        select(Consent, Release)
        .join(Announcement, col(Announcement.id) == Consent.announcement_id)
        .join(Release, col(Release.id) == Announcement.release_id)
        .where(col(Consent.state).in_(CONSENTS), Announcement.state == "draft", col(Consent.asked_at) > now - 7 * NEWS)
    ).all()
    found = []
    for row, release in rows:
        at = row.answered_at or row.asked_at
        kind, sentence = CONSENTS[row.state]
        who = row.answered_by if row.state == "declined" else row.asked_by
        about = f"consent:{row.id}:{row.state}:{at.isoformat()}"
        if at > now - NEWS:
            values: dict[str, object] = {"who": who, "title": release.title, "reason": row.sentence}
            found.append(Happening(row.artist_id, about, kind, sentence, at, values, release_id=release.id))
    return _new(session, found)


def boosts(session: Session, now: datetime) -> list[Happening]:
    """Boosts that went out, and those that could not."""
    rows = session.exec(
        select(Boost, Account, Release)
        .join(Account, col(Account.id) == Boost.account_id)
        .join(Post, col(Post.id) == Boost.post_id)
        .join(Announcement, col(Announcement.id) == Post.announcement_id)
        .join(Release, col(Release.id) == Announcement.release_id)
        .where(col(Boost.state).in_(BOOSTS), col(Boost.changed_at) > now - NEWS)
    ).all()
    found = []
    for row, account, release in rows:
        kind, sentence = BOOSTS[row.state]
        reason = say(session.get_one(Artist, row.artist_id).language, row.sentence, row.values or None) if row.state == "failed" else ""
        values: dict[str, object] = {"name": account.handle, "title": release.title, "reason": reason}
        about = f"boost:{row.id}:{row.state}:{row.due_at.isoformat()}"
        found.append(Happening(row.artist_id, about, kind, sentence, row.changed_at, values, post_id=row.post_id))
    return _new(session, found)


def _first_post(session: Session, announcement_id: int | None) -> tuple[datetime | None, int | None]:
    """When the first of its posts goes out, and which that is."""
    wanted = select(Post).where(Post.announcement_id == announcement_id, col(Post.state).in_(("waiting", "due")))
    first = session.exec(wanted.order_by(col(Post.due_at), col(Post.id))).first()
    return (first.due_at, first.id) if first else (None, None)


def _new(session: Session, found: Sequence[Happening]) -> list[Happening]:
    if not found:
        return []
    known = set(session.exec(select(Told.about).where(col(Told.about).in_([one.about for one in found]))).all())
    return [one for one in found if one.about not in known]


LOOKS: tuple[Callable[[Session, datetime], list[Happening]], ...] = (by_itself, consents, boosts)
