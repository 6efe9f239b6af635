"""What some visits add up to, before it is written down. Pure."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from creatorbot.links.classify import Classified
from creatorbot.links.counting.lines import DAY_MS, QUARTER_MS

KINDS = ("people", "person", "preview", "bot", "uncertain", "presses", "plays")
PLAY = "play"
Group = tuple[int, int, bytes]  # link, days since 1970, visitor


class Came(NamedTuple):
    """The opening by which somebody was counted: the first that was known to be a person's. Compares in that order."""

    known_ms: int
    at_ms: int
    referrer_host: str


class Met(NamedTuple):
    """What one server did with one link. The earliest visit tells the software."""

    first_ms: int
    software: str
    hits: int
    artist_id: int


@dataclass
class Tally:
    """counts: by link, quarter of an hour and kind. people: who was surely a person. referrers: new people by link, day
    and where they came from. servers: by link and host."""

    counts: defaultdict[tuple[int, int, str], int] = field(default_factory=lambda: defaultdict(int))
    people: dict[Group, Came] = field(default_factory=dict)
    referrers: defaultdict[tuple[int, int, str], int] = field(default_factory=lambda: defaultdict(int))
    servers: dict[tuple[int, str], Met] = field(default_factory=dict)

    def opened(self, link_id: int, at_ms: int, visitor: bytes | None, referrer_host: str, verdict: Classified, known_ms: int) -> None:
        """An opening of the page."""
        kind = verdict.kind
        self.counts[link_id, at_ms // QUARTER_MS, kind] += 1
        if kind != "person":
            return
        if visitor is None:
            self.newcomer(link_id, Came(known_ms, at_ms, referrer_host))
            return
        group, came = (link_id, at_ms // DAY_MS, visitor), Came(known_ms, at_ms, referrer_host)
        before = self.people.get(group)
        if before is None or came[:2] < before[:2]:
            self.people[group] = came

    def pressed(self, link_id: int, at_ms: int, button: str, verdict: Classified) -> None:
        """A button. Whoever presses one has opened the page before, and was counted then."""
        if verdict.kind == "person":
            self.counts[link_id, at_ms // QUARTER_MS, "plays" if button == PLAY else "presses"] += 1

    def fetched(self, link_id: int, artist_id: int, at_ms: int, verdict: Classified) -> None:
        """A server drew its card."""
        known = self.servers.get((link_id, verdict.host))
        if known is None:
            self.servers[link_id, verdict.host] = Met(at_ms, verdict.software, 1, artist_id)
        else:
            first, software = (at_ms, verdict.software) if at_ms < known.first_ms else (known.first_ms, known.software)
            self.servers[link_id, verdict.host] = Met(first, software, known.hits + 1, artist_id)

    def take_back(self, link_id: int, at_ms: int, kind: str) -> None:
        """An opening that was counted before as this kind, and is not any more."""
        self.counts[link_id, at_ms // QUARTER_MS, kind] -= 1

    def newcomer(self, link_id: int, came: Came) -> None:
        """Somebody not yet counted that day, and where they came from."""
        self.counts[link_id, came.at_ms // QUARTER_MS, "people"] += 1
        if came.referrer_host:
            self.referrers[link_id, came.at_ms // DAY_MS, came.referrer_host] += 1

    def everybody_is_new(self, groups: Iterable[Group]) -> None:
        """Count these, of whom none was counted before."""
        for group in groups:
            self.newcomer(group[0], self.people[group])
