"""What plays a release, told by another than its own source: the page of one that was merged into it, or a second list of its page."""

from datetime import datetime

from sqlmodel import Session, col, select

from creatorbot.models import MergeSuggestion, Release, Source
from creatorbot.releases.keys import url_key
from creatorbot.sources.base import FoundRelease

PLAYS = ("player_url", "audio_url")


def told_elsewhere(session: Session, source: Source, release: Release, found: FoundRelease, now: datetime) -> None:
    """Another source than the release's own says this of it. What plays it is taken where nothing is known: it is the same page, or one
    that was merged into it, which keeps what is told of itself.
    """
    told = {name: getattr(found, name) for name in PLAYS if getattr(found, name)}
    if not told:
        return
    here = url_key(found.url)
    if here == url_key(release.url):
        _write(session, release, {name: value for name, value in told.items() if not getattr(release, name)}, now)
        return
    which = (MergeSuggestion.kept_id == release.id, col(MergeSuggestion.state) == "merged", Release.source_id == source.id)
    asked = select(Release).join(MergeSuggestion, col(MergeSuggestion.other_id) == Release.id).where(*which)
    for merged in session.exec(asked).all():
        if url_key(merged.url) == here:
            _write(session, merged, told, now)
            hand_up(session, merged, now)


def hand_up(session: Session, merged: Release, now: datetime) -> None:
    """Give what plays this merged release to the kept one, and on through further merges. Taking the two apart takes it back."""
    seen, row = set[int | None](), merged
    while row.state == "merged" and row.id not in seen:
        seen.add(row.id)
        which = (MergeSuggestion.other_id == row.id, col(MergeSuggestion.state) == "merged")
        suggestion = session.exec(select(MergeSuggestion).where(*which)).first()
        if suggestion is None:
            return
        into, before = session.get_one(Release, suggestion.kept_id), suggestion.moved.get("filled")
        filled: dict[str, object] = dict(before) if isinstance(before, dict) else {}
        fresh = {name: getattr(row, name) for name in PLAYS if _is_wanted(getattr(into, name), getattr(row, name), filled.get(name))}
        if fresh:
            suggestion.moved = {**suggestion.moved, "filled": filled | {name: ["", value] for name, value in fresh.items()}}
            session.add(suggestion)
            _write(session, into, fresh, now)
        row = into


def _is_wanted(has: str, told: str, filled: object) -> bool:
    """Where it has none, or had it from here before."""
    return bool(told) and told != has and (not has or filled == ["", has])


def _write(session: Session, row: Release, values: dict[str, str], now: datetime) -> None:
    changed = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in changed.items():
        setattr(row, name, value)
    if changed:
        row.changed_at = now
        session.add(row)
