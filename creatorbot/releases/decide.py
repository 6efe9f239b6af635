"""What a reading means for what is already known. Pure: no database, no clock, no network."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from creatorbot.releases.keys import content_hash, content_key, guid_key, url_key
from creatorbot.sources.base import FoundRelease

Verdict = Literal["baseline", "new", "held", "same", "changed", "moved", "with_album"]
MOST_AT_ONCE = 3
_NOTHING: Mapping[str, FoundRelease] = {}


@dataclass(frozen=True)
class Known:
    """An entry seen before, as its row keeps it."""

    item_id: int
    guid_key: str
    content_key: str
    content_hash: str
    url: str


@dataclass(frozen=True)
class Decision:
    """One entry of a reading and what it is. item_id: the row it was recognised as; None for an entry not seen before."""

    verdict: Verdict
    found: FoundRelease
    item_id: int | None = None


@dataclass(frozen=True)
class Decider:
    """What is known of one source. first: nothing was ever listed, so all of it is the state to start from."""

    known: Sequence[Known]
    first: bool = False

    def unseen(self, releases: Sequence[FoundRelease]) -> list[FoundRelease]:
        """Those that were never seen before, in the reading's order: the ones whose own pages are worth a look."""
        listed = _different(releases)
        seen = self._recognise(listed)
        return [release for key, release in listed.items() if key not in seen]

    def decide(self, releases: Sequence[FoundRelease], details: Mapping[str, FoundRelease] = _NOTHING) -> list[Decision]:
        """One decision for each different entry, in the reading's order. What is missing in the reading is not mentioned.

        details: by guid, what an entry's own page says; only whether it belongs to an album is taken from it.
        More than three unseen at once are held: more likely a site that moved than four releases on one day.
        """
        listed, albums = _different(releases), self._albums(releases)
        seen = self._recognise(listed)
        decisions = [
            self._of_known(seen[key], release)
            if key in seen
            else Decision(self._of_unseen(details.get(release.guid, release), albums), release)
            for key, release in listed.items()
        ]
        unseen = sum(decision.verdict == "new" for decision in decisions)
        if unseen <= MOST_AT_ONCE:
            return decisions
        return [replace(decision, verdict="held") if decision.verdict == "new" else decision for decision in decisions]

    def _recognise(self, listed: Mapping[str, FoundRelease]) -> dict[str, Known]:
        """Which entry is which known one: by id; else by title and path, if the known one's own id is gone from the reading."""
        by_guid = {known.guid_key: known for known in self.known}
        gone = {known.content_key: known for known in reversed(self.known) if known.content_key and known.guid_key not in listed}
        seen: dict[str, Known] = {}
        for key, release in listed.items():
            known = by_guid.get(key) or gone.pop(content_key(release), None)
            if known:
                seen[key] = known
        return seen

    def _albums(self, releases: Sequence[FoundRelease]) -> set[str]:
        return {url_key(known.url) for known in self.known if known.url} | {
            url_key(release.url) for release in releases if release.url and release.kind == "album"
        }

    def _of_unseen(self, release: FoundRelease, albums: set[str]) -> Verdict:
        if self.first:
            return "baseline"
        return "with_album" if release.part_of and url_key(release.part_of) in albums else "new"

    def _of_known(self, known: Known, release: FoundRelease) -> Decision:
        if content_hash(release) != known.content_hash:
            return Decision("changed", release, known.item_id)
        moved = (release.url or "") != known.url
        return Decision("moved" if moved else "same", release, known.item_id)


def _different(releases: Sequence[FoundRelease]) -> dict[str, FoundRelease]:
    """The entries by key in their order; of those with one key the first."""
    listed: dict[str, FoundRelease] = {}
    for release in releases:
        listed.setdefault(guid_key(release.guid), release)
    return listed
