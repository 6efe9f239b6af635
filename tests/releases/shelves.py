"""Sources without a server: what was read in them is handed over, decided and stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from creatorbot.models import MergeSuggestion, Release, ReleaseChange, ReleasePlace, Source, SourceItem
from creatorbot.releases.decide import Decider, Decision
from creatorbot.releases.storing import known_of, store
from creatorbot.runtime import Runtime
from creatorbot.sources.base import FoundRelease
from tests.releases.rows import new_artist


@dataclass
class Shelf:
    """An artist and their sources in one database."""

    runtime: Runtime
    artist_id: int

    def source(self, name: str = "one", kind: str = "feed") -> int:
        """A new source that was never looked at; returns the id."""
        now = self.runtime.clock()
        with self.runtime.session() as session:
            row = Source(artist_id=self.artist_id, kind=kind, address=f"https://{name}.example/feed", created_at=now, next_poll_at=now)
            session.add(row)
            session.flush()
            return row.id or 0

    def decide(self, source_id: int, found: Sequence[FoundRelease], details: Mapping[str, FoundRelease] = {}) -> list[Decision]:
        """What a look that finds this decides now."""
        with self.runtime.reading() as session:
            source = session.get_one(Source, source_id)
            decider = Decider(known_of(session, source_id), first=source.baseline_at is None, today=self.runtime.clock().date())
        return decider.decide(found, details)

    def keep(self, source_id: int, decisions: Sequence[Decision], details: Mapping[str, FoundRelease] = {}) -> int:
        """Store decisions; returns how many are fresh."""
        now: datetime = self.runtime.clock()
        with self.runtime.session() as session:
            source = session.get_one(Source, source_id)
            fresh = store(session, source, decisions, details, now)
            source.baseline_at = source.baseline_at or now
            session.add(source)
        return fresh

    def poll(self, source_id: int, *found: FoundRelease, details: Mapping[str, FoundRelease] = {}) -> int:
        """One look at a source that lists this; returns how many are fresh."""
        return self.keep(source_id, self.decide(source_id, found, details), details)

    def releases(self) -> list[Release]:
        """All releases in the order they were stored, also merged ones."""
        with self.runtime.reading() as session:
            return list(session.exec(select(Release).order_by(col(Release.id))).all())

    def release(self, title: str = "") -> Release:
        """The only one, or the one with this title."""
        return next(row for row in self.releases() if title in ("", row.title))

    def states(self) -> dict[str, str]:
        """Title and state of each."""
        return {row.title: row.state for row in self.releases()}

    def items(self) -> list[SourceItem]:
        """All items in the order they were stored."""
        with self.runtime.reading() as session:
            return list(session.exec(select(SourceItem).order_by(col(SourceItem.id))).all())

    def places(self) -> list[ReleasePlace]:
        """All places in the order they were found."""
        with self.runtime.reading() as session:
            return list(session.exec(select(ReleasePlace).order_by(col(ReleasePlace.id))).all())

    def changes(self) -> list[ReleaseChange]:
        """All changes, the oldest first."""
        with self.runtime.reading() as session:
            return list(session.exec(select(ReleaseChange).order_by(col(ReleaseChange.id))).all())

    def suggestions(self) -> list[MergeSuggestion]:
        """All suggestions, the oldest first."""
        with self.runtime.reading() as session:
            return list(session.exec(select(MergeSuggestion).order_by(col(MergeSuggestion.id))).all())

    def edit(self, which: str = "", **values: object) -> None:
        """Change columns of the only release, or of the one with this title."""
        with self.runtime.session() as session:
            row = session.get_one(Release, self.release(which).id)
            for name, value in values.items():
                setattr(row, name, value)
            session.add(row)


def shelf_of(runtime: Runtime) -> Shelf:
    """A new artist's shelf."""
    return Shelf(runtime, new_artist(runtime))


def song(number: int, host: str = "one", **more: object) -> FoundRelease:
    """An entry with a page and an id of its own."""
    told: dict[str, object] = {
        "title": f"Song {number}",
        "url": f"https://{host}.example/s/{number}",
        "guid": f"https://{host}.example/s/{number}",
        "artist": "Aoife",
        **more,
    }
    return FoundRelease(**told)  # type: ignore[arg-type]
