"""What a source says about a release now against what it said before: values learned, and the changes in a release's life."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from urllib.parse import urlsplit

from sqlmodel import Session, col, select, update

from creatorbot.errors import NotFound
from creatorbot.models import Release, ReleaseChange, SourceItem
from creatorbot.releases.decide import DAY_HAS_COME
from creatorbot.releases.keys import title_key, url_key
from creatorbot.releases.likeness.alike import alike_key
from creatorbot.releases.playing import PLAYS, hand_up
from creatorbot.sources.base import FoundRelease

View = Literal["list", "page"]
# What is watched, and its columns. A change of any other column is written down without a word.
WATCHED: dict[str, tuple[str, ...]] = {
    "availability": ("availability",),
    "price": ("price_model", "price_minor", "price_currency"),
    "licence": ("licence",),
    "title": ("title",),
    "address": ("url",),
    "tracks": ("tracks",),
    "cover": ("cover_url",),
}
_UNWATCHED = ("artist_name", "part_of", "description", "released_on", "tags", "kind", "upc", "isrc", "explicit", *PLAYS)
_PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".gif", ".avif")


@dataclass(frozen=True)
class Change:
    """One change: what (as at ReleaseChange), and the values before and after by column name."""

    what: str
    before: Mapping[str, object]
    after: Mapping[str, object]


@dataclass(frozen=True)
class Learned:
    """values: columns to write. told: what this source has now said, by view. changes: what is new in the release's life."""

    values: Mapping[str, object]
    told: Mapping[str, Mapping[str, list[object]]]
    changes: tuple[Change, ...]


def told_by(found: FoundRelease, today: date) -> dict[str, object]:
    """What this sighting tells, by column of Release; what it does not tell is not in it."""
    price, told = found.price, dict[str, object]()
    if price.model != "unknown":
        currency = price.amount.currency if price.amount else price.currency
        told |= {"price_model": price.model, "price_minor": price.amount.minor if price.amount else None, "price_currency": currency or ""}
    plain: dict[str, object] = {
        "title": found.title,
        "artist_name": found.artist,
        "url": found.url,
        "part_of": found.part_of,
        "description": found.description,
        "released_on": found.released_on,
        "licence": found.licence,
        "cover_url": found.cover_url,
        "tags": list(found.tags),
        "tracks": found.tracks,
        "kind": found.kind if found.kind != "unknown" else None,
        "upc": found.upc,
        "isrc": found.isrc,
        "explicit": found.explicit,
        "player_url": found.player_url,
        "audio_url": found.audio_url,
        "availability": availability(found, today),
    }
    return told | {name: value for name, value in plain.items() if value}


def availability(found: FoundRelease, today: date) -> str:
    """Whether it can be had on this day: what is dated later and cannot be bought before is coming."""
    later = found.released_on is not None and found.released_on > today
    return "coming" if found.availability == "out" and later else found.availability


def first_told(
    found: FoundRelease, detail: FoundRelease | None, today: date
) -> tuple[dict[str, object], dict[str, dict[str, list[object]]]]:
    """All columns known of a release that was never seen before, and who told them. Its own page knows better than the list."""
    listed = told_by(found, today)
    told = {"list": _watched(listed)}
    if detail is None:
        return listed, told
    on_page = told_by(detail, today)
    return {**listed, **on_page}, {**told, "page": _watched(on_page)}


def _watched(told: Mapping[str, object]) -> dict[str, list[object]]:
    return {what: [told[name] for name in columns] for what, columns in WATCHED.items() if columns[0] in told}


def learn(row: Release, found: FoundRelease, view: View, today: date) -> Learned:
    """What to write when the release's own source says this, in a list or on its own page. Pure; the row is only read.

    Each view is compared with what the same view said before: a list and a page that never agree are no change. A value told for
    the first time is none either. What the artist typed stays, but what its source says of it is recorded all the same.
    """
    now, before = told_by(found, today), row.told or {}
    spoken, elsewhere = before.get(view, {}), before.get("page" if view == "list" else "list", {})
    values, changes = dict[str, object](), list[Change]()
    for what, after in _watched(now).items():
        said = spoken.get(what)
        if said == after or (said is None and view == "list" and what in elsewhere):
            continue
        columns, typed = WATCHED[what], bool(set(WATCHED[what]) & set(row.edited))
        present = [getattr(row, name) for name in columns]
        if what == "availability" and not _moves(str(present[0]), str(after[0])):
            continue
        if not typed and present != after:
            values |= dict(zip(columns, after, strict=True))
        if said is not None and not _alike(what, said, after) and (typed or present != after):
            started = present if what == "availability" else said
            change = Change(what, dict(zip(columns, started, strict=True)), dict(zip(columns, after, strict=True)))
            changes.append(change if what != "availability" else _named(change, str(present[0]), str(after[0])))
    for name in _UNWATCHED:
        known = getattr(row, name)
        quiet = view == "list" and "page" in before and known
        if name in now and name not in row.edited and known != now[name] and not quiet:
            values[name] = now[name]
    return Learned(values, {**before, view: {**spoken, **_watched(now)}}, tuple(changes))


def _moves(before: str, after: str) -> bool:
    """Nothing that was out is taken back by a date that moved."""
    return before != after and (before, after) not in (("out", "coming"), ("preorder", "coming"))


def _named(change: Change, before: str, after: str) -> Change:
    what = "back" if before == "withdrawn" and after in ("out", "preorder") else after
    return Change("out" if what == "coming" else what, change.before, change.after)


def _alike(what: str, before: list[object], after: list[object]) -> bool:
    """Whether a person would call both the same: one address written twice, one picture with another ticket behind it."""
    if what == "address":
        return url_key(str(before[0])) == url_key(str(after[0]))
    if what == "title":
        return title_key(str(before[0])) == title_key(str(after[0]))
    return what == "cover" and _picture(str(before[0])) == _picture(str(after[0]))


def _picture(address: str) -> str:
    try:
        parts = urlsplit(address)
    except ValueError:
        return address
    return parts.path if parts.path.lower().endswith(_PICTURES) else address


def take_in(session: Session, row: Release, found: FoundRelease, view: View, now: datetime) -> bool:
    """Write what the release's own source says into it, and each change in its life once. True when something a fan sees changed."""
    learned = learn(row, found, view, now.date())
    if dict(learned.told) != row.told:
        row.told = {where: dict(said) for where, said in learned.told.items()}
    if learned.values.get("cover_url") and not _alike("cover", [row.cover_url], [learned.values["cover_url"]]):
        row.cover_id, row.cover_tried_at = None, None
    before = row.availability
    for name, value in learned.values.items():
        setattr(row, name, value)
    row.alike_key = alike_key(row.title, row.artist_name)
    _notice_its_day(session, row, before)
    if learned.values:
        row.changed_at = now
    if row.state != "merged":  # else only the one it was joined with speaks
        for change in learned.changes:
            record(session, row, change, now)
    session.add(row)
    if row.state == "merged" and learned.values.keys() & set(PLAYS):
        hand_up(session, row, now)
    return bool(learned.values)


def _notice_its_day(session: Session, row: Release, before: str) -> None:
    """What was only announced in advance when we first looked, and is out now, is news: it was not out before."""
    if row.state == "listed" and before in ("coming", "preorder") and row.availability == "out":
        row.state = "new"
        listed = (SourceItem.release_id == row.id, SourceItem.source_id == row.source_id)
        session.exec(update(SourceItem).where(*listed).values(decision="new", why=DAY_HAS_COME))  # type: ignore[arg-type]


def record(session: Session, row: Release, change: Change, now: datetime, state: str = "open") -> None:
    """Write one change into the release's history. state: "seen" when the artist need not be told."""
    session.add(
        ReleaseChange(
            artist_id=row.artist_id,
            release_id=row.id or 0,
            source_id=row.source_id,
            at=now,
            what=change.what,
            before=dict(change.before),
            after=dict(change.after),
            state=state,
        )
    )


def move_availability(session: Session, row: Release, after: str, now: datetime, state: str = "open") -> None:
    """Out, withdrawn, back: written into the release and into its history, unless it is so already."""
    if row.availability == after:
        return
    change = _named(Change(after, {"availability": row.availability}, {"availability": after}), row.availability, after)
    row.availability, row.changed_at = after, now
    if row.state != "merged":
        record(session, row, change, now, state)
    session.add(row)


def wake(session: Session, row: Release, state: str, now: datetime) -> None:
    """The day a release waited for has come: it is "new" now, or "held" with too many others."""
    row.state, row.changed_at = state, now
    if row.availability == "coming":
        move_availability(session, row, "out", now, state="seen")  # being new says it already
    session.add(row)


def changes_of(session: Session, release_id: int) -> list[ReleaseChange]:
    """A release's life, the newest change first."""
    rows = select(ReleaseChange).where(ReleaseChange.release_id == release_id)
    return list(session.exec(rows.order_by(col(ReleaseChange.at).desc(), col(ReleaseChange.id).desc())).all())


def open_changes(session: Session, artist_id: int) -> list[ReleaseChange]:
    """Changes that the artist has not looked at yet, the newest first."""
    rows = select(ReleaseChange).where(ReleaseChange.artist_id == artist_id, ReleaseChange.state == "open")
    return list(session.exec(rows.order_by(col(ReleaseChange.at).desc(), col(ReleaseChange.id).desc())).all())


def mark_seen(session: Session, artist_id: int, change_id: int) -> None:
    """The artist has looked at this change. Raises NotFound for what is not theirs."""
    mine = (col(ReleaseChange.id) == change_id, col(ReleaseChange.artist_id) == artist_id)
    if not session.exec(update(ReleaseChange).where(*mine).values(state="seen")).rowcount:
        raise NotFound("There is no such change.")
