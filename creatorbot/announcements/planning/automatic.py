"""What is announced by itself: fresh releases of sources where the artist wants it, each at most once. A conductor.

One row per release, held by a UNIQUE constraint; the announcement and its posts are made in the same transaction that moves the row.
"""

import logging
from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import or_, update
from sqlmodel import Session, col, select

from creatorbot.announcements.drafts import cancel, make_posts, new_draft
from creatorbot.announcements.planning import consent
from creatorbot.announcements.planning.plan import Planned, Wish, plan
from creatorbot.announcements.planning.rules import places_of, rules_of, rules_row, taken_of, wanted_accounts
from creatorbot.errors import InvalidInput, NotFound
from creatorbot.models import Announcement, Artist, AutoAnnouncement, Release, SourceAutomation, SourceItem
from creatorbot.releases.merging import kept, suggestions_of
from creatorbot.releases.polling.own_page import refresh_release
from creatorbot.runtime import Runtime
from creatorbot.security.http import Door
from creatorbot.storage.once import insert_once
from creatorbot.wording import N_

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=5)
FOR_COVER = timedelta(minutes=10)  # how long to wait for a cover that is being fetched
SOON, LATER = timedelta(seconds=15), timedelta(minutes=5)
ON = ("draft", "post", "slot")

TWIN = N_("It may be the same as another release of yours. Say whether they are one, and it goes on.")
NO_ACCOUNT = N_("There is no account that could post it. Connect one, then announce it yourself.")
WAITS_FOR_YES = N_("It waits for an owner’s yes.")
SWITCHED_OFF = N_("Announcing by itself was switched off before it was made.")
BY_HAND = N_("You had begun to announce it yourself.")
NOT_NEW = N_("It does not count as new any more.")
BROKE = N_("Something unexpected went wrong while it was made. Announce it yourself.")


def has_fresh(session: Session) -> bool:
    """Whether there is anything to take up; asked often, and without taking a lock."""
    return bool(_fresh(session))


def take_up(session: Session, now: datetime) -> int:
    """A row for each release that is news in a source where something happens by itself. Returns how many are new."""
    made = 0
    for state, release_id, source in _fresh(session):
        # What is held is asked about; when the artist says that it is news they announce it themselves.
        row = AutoAnnouncement(
            artist_id=source.artist_id,
            release_id=release_id,
            source_id=source.source_id,
            state="wanted" if state == "new" else "passed",
            created_at=now,
            changed_at=now,
            not_before=now,
        )
        made += state == "new" if insert_once(session, row) else 0
    return made


def pass_over(session: Session, artist_id: int, source_id: int, now: datetime) -> None:
    """What is new in a source at the moment when announcing by itself is switched on is not announced: only what comes later."""
    items = select(SourceItem.release_id).where(SourceItem.source_id == source_id)
    for release in session.exec(select(Release).where(col(Release.id).in_(items), col(Release.state).in_(("new", "held")))).all():
        if release.id is not None:
            passed = AutoAnnouncement(
                artist_id=artist_id,
                release_id=release.id,
                source_id=source_id,
                state="passed",
                created_at=now,
                changed_at=now,
                not_before=now,
            )
            insert_once(session, passed)


def due(session: Session, now: datetime, limit: int = 20) -> list[int]:
    """Rows whose turn it is, the oldest first."""
    wanted = select(AutoAnnouncement.id).where(AutoAnnouncement.state == "wanted", col(AutoAnnouncement.not_before) <= now)
    return [found for found in session.exec(wanted.order_by(col(AutoAnnouncement.id)).limit(limit)) if found is not None]


def carry_out(runtime: Runtime, row_id: int) -> bool:
    """Make the draft or the posts of one row. True when it was decided; it may also have to wait, or be in other hands."""
    release = _claim(runtime, row_id)
    if release is None:
        return False
    try:
        _refresh(runtime, row_id, release)
        door = runtime.door_for(release.artist_id)
        with runtime.session() as session:
            # One plan at a time: two would take the same hour.
            session.get_one(Artist, release.artist_id, with_for_update={"key_share": True})
            row = session.get_one(AutoAnnouncement, row_id, with_for_update=True, populate_existing=True)
            return row.state == "wanted" and _decide(session, runtime.settings.own_url, door, row, runtime.clock())
    except Exception:
        log.exception("announcing release %s by itself broke", release.id)
        with runtime.session() as session:
            row = session.get_one(AutoAnnouncement, row_id)
            if row.state == "wanted":
                _settle(row, "asks", runtime.clock(), BROKE)
        return True


def _fresh(session: Session) -> list[tuple[str, int, SourceAutomation]]:
    known = select(AutoAnnouncement.release_id)
    wanted = (
        select(Release.state, Release.id, SourceAutomation)
        .join(SourceItem, col(SourceItem.release_id) == Release.id)
        .join(SourceAutomation, col(SourceAutomation.source_id) == SourceItem.source_id)
        .where(
            col(SourceAutomation.mode).in_(ON),
            col(Release.state).in_(("new", "held")),
            col(SourceItem.decision).in_(("new", "changed", "moved", "held")),
            col(Release.id).not_in(known),
        )
        .order_by(col(Release.id), col(SourceAutomation.id))
        .limit(200)
    )
    return [(state, release_id, source) for state, release_id, source in session.exec(wanted) if release_id is not None]


def _claim(runtime: Runtime, row_id: int) -> Release | None:
    """Take the row in hand for a while; None when somebody else has it, or when its cover is still on its way."""
    with runtime.session() as session:
        now = runtime.clock()
        claimed = session.execute(
            update(AutoAnnouncement)
            .where(col(AutoAnnouncement.id) == row_id, col(AutoAnnouncement.state) == "wanted", col(AutoAnnouncement.not_before) <= now)
            .values(not_before=now + LEASE)
            .execution_options(synchronize_session=False)
        )
        if not claimed.rowcount:  # type: ignore[attr-defined]
            return None
        row = session.get_one(AutoAnnouncement, row_id)
        release = session.get_one(Release, row.release_id)
        fetching = release.cover_url and release.cover_id is None and release.cover_failures < 3
        if fetching and now < row.created_at + FOR_COVER:
            row.not_before = now + SOON
            return None
        return release


def _refresh(runtime: Runtime, row_id: int, release: Release) -> None:
    """A list does not tell what it costs; its own page is asked once."""
    with runtime.reading() as session:
        asked = session.get_one(AutoAnnouncement, row_id).refreshed
    if asked or release.price_model != "unknown" or not release.url:
        return
    refresh_release(runtime, release.id or 0)
    with runtime.session() as session:
        session.get_one(AutoAnnouncement, row_id).refreshed = True


def _decide(session: Session, own_url: str, door: Door, row: AutoAnnouncement, now: datetime) -> bool:
    release = session.get_one(Release, row.release_id, populate_existing=True)
    automation = session.exec(select(SourceAutomation).where(SourceAutomation.source_id == row.source_id)).first()
    if automation is None or automation.mode not in ON:
        return _settle(row, "stopped", now, SWITCHED_OFF)
    if session.exec(select(Announcement.id).where(Announcement.release_id == release.id)).first():
        return _settle(row, "passed", now, BY_HAND)
    if _settled_as_another(session, row):
        return _settle(row, "passed", now, NOT_NEW)
    if release.state != "new" or release.availability in ("coming", "withdrawn"):
        return _settle(row, "passed", now, NOT_NEW)
    if has_twin(session, release):
        row.sentence, row.not_before = TWIN, now + LATER
        return False
    return _announce(session, own_url, door, row, release, automation, now)


def _settled_as_another(session: Session, row: AutoAnnouncement) -> bool:
    """Whether a release that was joined into this one since has been seen to already, or was stopped."""
    joined = (
        select(AutoAnnouncement.release_id)
        .join(Release, col(Release.id) == AutoAnnouncement.release_id)
        .where(
            AutoAnnouncement.artist_id == row.artist_id,
            Release.state == "merged",
            col(AutoAnnouncement.state).in_(("drafted", "planned", "asks", "stopped")),
        )
    )
    return any(kept(session, release_id) == row.release_id for release_id in session.exec(joined))


def _announce(
    session: Session, own_url: str, door: Door, row: AutoAnnouncement, release: Release, automation: SourceAutomation, now: datetime
) -> bool:
    artist = session.get_one(Artist, row.artist_id)
    draft = new_draft(session, artist, release, None, now)
    row.announcement_id = draft.id
    if automation.mode == "draft":
        return _settle(row, "drafted", now)
    accounts = wanted_accounts(session, rules_row(session, row.artist_id, now))
    if not accounts:
        return _settle(row, "asks", now, NO_ACCOUNT)
    wish = Wish(slot=automation.mode == "slot", wait=timedelta(minutes=automation.minutes))
    planned = plan(wish, rules_of(session, artist, now), places_of(session, accounts), taken_of(session, row.artist_id, now), now)
    late = next((one for one in planned if one.at is None), None)
    if late is not None:
        return _settle(row, "asks", now, late.reasons[-1].message, **late.reasons[-1].values)
    try:
        if consent.is_needed(session, row.artist_id):
            consent.ask(session, draft, [one.account_id for one in planned], _first(planned), "creatorbot", now)
            return _settle(row, "drafted", now, WAITS_FOR_YES)
        make_posts(session, own_url, door, draft, {one.account_id: one.at for one in planned}, now)
    except InvalidInput as error:
        return _settle(row, "asks", now, error.message, **error.values)
    why = next((one.reasons[-1] for one in planned if one.reasons), None)
    return _settle(row, "planned", now, why.message if why else "", **(why.values if why else {}))


def stop(session: Session, artist_id: int, row_id: int, who: str, now: datetime) -> None:
    """A person calls it off, and it never comes back by itself. Twice is the same as once.

    Raises NotFound for another artist's, Conflict when everything is on its way or out already.
    """
    row = session.get(AutoAnnouncement, row_id, with_for_update=True, populate_existing=True)
    if row is None or row.artist_id != artist_id:
        raise NotFound("There is no such announcement.")
    if row.state in ("stopped", "passed"):
        return
    announcement = session.get(Announcement, row.announcement_id) if row.announcement_id else None
    if announcement is not None and announcement.state in ("draft", "approved"):
        cancel(session, announcement, now, who)
    _settle(row, "stopped", now)
    session.add(row)


def standing(session: Session, artist_id: int) -> list[tuple[AutoAnnouncement, Release]]:
    """What is in work, or waits for a person, the oldest first: wanted, asking, and drafts nobody has sent yet."""
    rows = session.exec(
        select(AutoAnnouncement, Release)
        .join(Release, col(Release.id) == AutoAnnouncement.release_id)
        .outerjoin(Announcement, col(Announcement.id) == AutoAnnouncement.announcement_id)
        .where(
            AutoAnnouncement.artist_id == artist_id,
            col(AutoAnnouncement.state).in_(("wanted", "asks", "drafted")),
            or_(col(Announcement.id).is_(None), col(Announcement.state) == "draft"),
        )
        .order_by(col(AutoAnnouncement.id))
    )
    return [(row, release) for row, release in rows]


def planned_by_itself(session: Session, announcement_ids: Collection[int]) -> dict[int, AutoAnnouncement]:
    """Those of these announcements that were planned by themselves, by their id."""
    wanted = select(AutoAnnouncement).where(col(AutoAnnouncement.announcement_id).in_(announcement_ids))
    rows = session.exec(wanted.where(AutoAnnouncement.state == "planned"))
    return {row.announcement_id: row for row in rows if row.announcement_id}


def has_twin(session: Session, release: Release) -> bool:
    """Whether the artist is still to say that it is one with another release, or is not."""
    pairs = suggestions_of(session, release.artist_id)
    return any(release.id in (kept(session, pair.kept_id), kept(session, pair.other_id)) for pair in pairs)


def _first(planned: list[Planned]) -> datetime | None:
    return min((one.at for one in planned if one.at is not None), default=None)


def _settle(row: AutoAnnouncement, state: str, now: datetime, sentence: str = "", **values: object) -> bool:
    row.state, row.sentence, row.values, row.changed_at = state, sentence, dict(values), now
    return True
