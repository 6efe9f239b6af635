"""How an artist wants to post: hours, quiet hours, who has to agree; what goes out by itself; and days worth knowing."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, UniqueConstraint

from creatorbot.models.base import Row, document, key, moment, refers


class PostingRules(Row, table=True):
    """One row for each artist; none means the defaults. quiet_from, quiet_until: minutes of the artist's day, the same for none.

    most_a_day, gap: posts on one account in a day, and minutes between two of them, for what is planned by itself.
    owner_yes: what is to be posted waits until an owner agrees. account_ids: where to announce by itself; [] means on every first account.
    boosts: as a reminder; boost_after: days from a post to its boost by itself, 0 for never; boost_since: when that was switched on.
    boost_week, boost_gap: boosts by one account in any seven days, and hours around each without another. boost_by: own | backup.
    """

    __table_args__ = (
        CheckConstraint("most_a_day >= 1 AND gap >= 0", name="posting_rules_pace"),
        CheckConstraint("boost_after >= 0 AND boost_week >= 1 AND boost_gap >= 1", name="posting_rules_boosts"),
        CheckConstraint("boost_by IN ('own', 'backup')", name="posting_rules_boost_by"),
    )
    id: int | None = key()
    artist_id: int = refers("artist.id", unique=True)
    quiet_from: int = 0
    quiet_until: int = 0
    most_a_day: int = 2
    gap: int = 120
    owner_yes: bool = False
    account_ids: list[int] = document(list)
    boost_after: int = 0
    boost_since: datetime | None = moment(optional=True)
    boost_week: int = 2
    boost_gap: int = 24
    boost_by: str = "own"
    changed_at: datetime = moment()


class Slot(Row, table=True):
    """An hour at which the artist likes to post. weekday: 0 is Monday. minute: of the day, on the artist's wall clock."""

    __table_args__ = (
        UniqueConstraint("artist_id", "weekday", "minute"),
        CheckConstraint("weekday BETWEEN 0 AND 6 AND minute BETWEEN 0 AND 1439", name="slot_time"),
    )
    id: int | None = key()
    artist_id: int = refers("artist.id", index=False)
    weekday: int
    minute: int


class SourceAutomation(Row, table=True):
    """What happens by itself with what is new in a source. mode: off | draft | post (after some minutes) | slot (at the next free hour).

    No row means off. minutes: how long the artist may still stop it. set_by: a member's name.
    """

    __table_args__ = (
        CheckConstraint("mode IN ('off', 'draft', 'post', 'slot')", name="automation_mode"),
        CheckConstraint("minutes BETWEEN 1 AND 10080", name="automation_minutes"),
    )
    id: int | None = key()
    artist_id: int = refers("artist.id")
    source_id: int = refers("source.id", unique=True)
    mode: str = "off"
    minutes: int = 30
    set_by: str = ""
    changed_at: datetime = moment()


class AutoAnnouncement(Row, table=True):
    """One release that is announced by itself: at most one row, whatever happens. passed: new before it was switched on.

    state: wanted (in work) | drafted (a draft waits) | planned (its posts have their time) | asks (something only a person can mend)
    | stopped (called off by a person) | passed. sentence, values: why it stands so, a gettext id. refreshed: its own page was asked.
    """

    __table_args__ = (
        UniqueConstraint("release_id"),
        CheckConstraint("state IN ('wanted', 'drafted', 'planned', 'asks', 'stopped', 'passed')", name="auto_announcement_state"),
    )
    id: int | None = key()
    artist_id: int = refers("artist.id")
    release_id: int = refers("release.id", index=False)
    source_id: int | None = refers("source.id", optional=True, gone="SET NULL")
    announcement_id: int | None = refers("announcement.id", optional=True, gone="SET NULL")
    state: str = "wanted"
    sentence: str = ""
    values: dict[str, object] = document()
    refreshed: bool = False
    created_at: datetime = moment()
    changed_at: datetime = moment()
    not_before: datetime = moment(index=True)


class Consent(Row, table=True):
    """A member asks an owner for their yes to an announcement. state: asked | given | declined. when_at: None means at once.

    sentence: what the owner said. The yes itself counts for the words the owner saw: those of their own form.
    """

    __table_args__ = (
        UniqueConstraint("announcement_id"),
        CheckConstraint("state IN ('asked', 'given', 'declined')", name="consent_state"),
    )
    id: int | None = key()
    artist_id: int = refers("artist.id")
    announcement_id: int = refers("announcement.id", index=False)
    account_ids: list[int] = document(list)
    when_at: datetime | None = moment(optional=True)
    state: str = "asked"
    asked_by: str = ""
    asked_at: datetime = moment()
    answered_by: str = ""
    answered_at: datetime | None = moment(optional=True)
    sentence: str = ""


class ArtistDate(Row, table=True):
    """A day in the artist's calendar. kind: own | bandcamp_friday. hidden: a Bandcamp Friday of our list that the artist took out."""

    __table_args__ = (
        UniqueConstraint("artist_id", "kind", "day", "title"),
        CheckConstraint("kind IN ('own', 'bandcamp_friday')", name="artist_date_kind"),
    )
    id: int | None = key()
    artist_id: int = refers("artist.id", index=False)
    day: date
    title: str = ""
    kind: str = "own"
    hidden: bool = False
    created_at: datetime = moment()


class Boost(Row, table=True):
    """A post that is shown to followers once more, by its own account or by the backup: at most once each, whatever happens.

    state: planned | done | failed | cancelled. due_at: when it should be; not_before: a retry waits until then. remote_id: of the boost.
    sentence, values: why it goes out then, or what went wrong, a gettext id. who: "creatorbot" or a member's name.
    """

    __table_args__ = (
        UniqueConstraint("post_id", "account_id"),
        CheckConstraint("state IN ('planned', 'done', 'failed', 'cancelled')", name="boost_state"),
    )
    id: int | None = key()
    artist_id: int = refers("artist.id")
    post_id: int = refers("post.id", index=False)
    account_id: int = refers("account.id")
    state: str = "planned"
    due_at: datetime = moment()
    not_before: datetime = moment(index=True)
    lease_until: datetime | None = moment(optional=True)
    tries: int = 0
    remote_id: str = ""
    sentence: str = ""
    values: dict[str, object] = document()
    who: str = "creatorbot"
    done_at: datetime | None = moment(optional=True)
    created_at: datetime = moment()
    changed_at: datetime = moment()
