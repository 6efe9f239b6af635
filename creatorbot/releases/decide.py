"""What a reading means for what is already known. Pure: no database, no clock, no network. Dates never decide what is new."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from creatorbot.releases.keys import content_hash, content_key, has_own_page, title_key, url_key
from creatorbot.releases.likeness.entries import Entry, different
from creatorbot.sources.base import FoundRelease
from creatorbot.wording import N_

Verdict = Literal["baseline", "new", "held", "same", "changed", "moved", "with_album", "waits"]
MOST_AT_ONCE = 3
_NOTHING: Mapping[str, FoundRelease] = {}

# Of what we know nothing is listed any more, and so many others are.
_FEWEST_OTHERS = 2
WAS_THERE = N_("It was already there when we first looked.")
IS_NEW = N_("It was not there before.")
TOO_MANY = N_("Four or more appeared at once. That looks more like a move than like news, so we ask you first.")
SAME = N_("We know it already.")
CHANGED = N_("We know it already; what is said about it has changed.")
MOVED = N_("We know it already; it has another address now.")
RENUMBERED = N_("We know it already, although its place keeps it under another number now.")
GROWN = N_("We know it already; more parts of it came on the same day.")
WITH_ALBUM = N_("It belongs to an album that is listed itself.")
ALL_OTHERS = N_(
    "Nothing we knew is listed there any more, and others are. That looks more like a move than like news, so we ask you first."
)
CAME_INTO_VIEW = N_(
    "It is older than what we know there and stands below it, and something else was taken away: probably it only came into view, "
    "so we ask you first."
)
NOT_YET = N_("Its day has not come yet. It is taken for new when it has.")
DAY_HAS_COME = N_("Its day has come.")
WITHDRAWN = N_("It cannot be had any more.")


@dataclass(frozen=True)
class Known:
    """An entry seen before, as its row keeps it. day: the date it told. parts: keys of the entries it joins.

    waits: dated in the future when it was last seen, and not yet taken for new; not_before: until that day.
    listed: it was there at the last look that read the list.
    """

    item_id: int
    guid_key: str
    content_key: str
    content_hash: str
    url: str
    title: str = ""
    day: date | None = None
    parts: tuple[str, ...] = ()
    waits: bool = False
    not_before: date | None = None
    listed: bool = False


@dataclass(frozen=True)
class Decision:
    """One entry of a reading and what it is. item_id: the row it was recognised as; None for an entry not seen before.

    why: a sentence (gettext id) that says why it was or was not taken for news. keys: its own first, then those of what it joins.
    not_before: the day until which it waits. renumbered: recognised although none of its keys is known.
    "new" with an item_id: it has waited, and its day has come.
    """

    verdict: Verdict
    found: FoundRelease
    item_id: int | None = None
    why: str = ""
    keys: tuple[str, ...] = ()
    not_before: date | None = None
    renumbered: bool = False


@dataclass(frozen=True)
class Decider:
    """What is known of one source. first: nothing was ever listed, so all of it is the state to start from.

    today: the UTC day; entries dated later wait. As long as no day is given nothing is in the future.
    whole: the readings are all that the source lists; a hub's note, or one page of a shop, is only a part of it.
    """

    known: Sequence[Known]
    first: bool = False
    today: date = date.max
    whole: bool = True

    def unseen(self, releases: Sequence[FoundRelease]) -> list[FoundRelease]:
        """Those that were never seen before, in the reading's order: the ones whose own pages are worth a look."""
        entries = different(releases)
        seen = self._recognise(entries)
        return [entry.found for number, entry in enumerate(entries) if number not in seen]

    def decide(self, releases: Sequence[FoundRelease], details: Mapping[str, FoundRelease] = _NOTHING) -> list[Decision]:
        """One decision for each different entry, in the reading's order. What is missing in the reading is not mentioned.

        details: by guid, what an entry's own page says: whether it belongs to an album, and whether it is out.
        More than three new ones at once are held: more likely a site that moved than four releases on one day. So are two or three
        where nothing that we know is left: an artist's whole list may be no longer.
        """
        entries, albums = different(releases), self._albums([*releases, *details.values()])
        seen, taken, decisions = self._recognise(entries), set[int](), list[Decision]()
        in_view = self._came_into_view(entries, seen)
        for number, entry in enumerate(entries):
            known = seen.get(number)
            if known is None:
                decided = self._of_unseen(entry, details.get(entry.found.guid, entry.found), albums)
                asked = decided.verdict == "new" and number in in_view
                decisions.append(replace(decided, verdict="held", why=CAME_INTO_VIEW) if asked else decided)
            elif known.item_id not in taken:  # else the parts of one known entry are listed apart now
                taken.add(known.item_id)
                decisions.append(self._of_known(known, entry))
        if self.whole and not self.first and not seen and min(len(self.known), len(decisions)) >= _FEWEST_OTHERS:
            return _hold(decisions, most=_FEWEST_OTHERS - 1, why=ALL_OTHERS)
        return _hold(decisions)

    def _recognise(self, entries: Sequence[Entry]) -> dict[int, Known]:
        """Which entry is which known one: by id; else by what stays when ids change, if the known one's own id is gone from the reading."""
        by_key = {key: known for known in reversed(self.known) for key in (known.guid_key, *known.parts)}
        seen: dict[int, Known] = {}
        for number, entry in enumerate(entries):
            known = next((by_key[key] for key in entry.keys if key in by_key), None)
            if known:
                seen[number] = known
        # Two live streams of one evening differ in nothing but the moment they began, which is their id.
        rest = {number: entry.found for number, entry in enumerate(entries) if number not in seen and entry.found.kind != "stream"}
        if rest and len(self.known) > len({known.item_id for known in seen.values()}):
            listed = {known.item_id for known in seen.values()}
            seen |= _renumbered(rest, [known for known in self.known if known.item_id not in listed], self._links())
        return seen

    def _came_into_view(self, entries: Sequence[Entry], seen: Mapping[int, Known]) -> range:
        """Those at the end of the list that are older than the last one we know, no more of them than were taken away.

        Most feeds show their newest ten or twenty: where one is deleted, an old one that we never saw stands at the end again.
        """
        last = max(seen, default=-1)
        rest, above = range(last + 1, len(entries)), entries[last].found.released_on if seen else None
        gone = sum(known.listed for known in self.known) - sum(known.listed for known in seen.values())
        if not self.whole or above is None or len(rest) > gone:
            return range(0)
        days = [entries[number].found.released_on for number in rest]
        return rest if all(day is not None and day < above for day in days) else range(0)

    def _links(self) -> "_Links":
        return _Links(Counter(url_key(known.url) for known in self.known if has_own_page(known.url)))

    def _albums(self, releases: Sequence[FoundRelease]) -> set[str]:
        if not any(release.part_of for release in releases):
            return set()
        return {url_key(known.url) for known in self.known if known.url} | {
            url_key(release.url) for release in releases if release.url and release.kind == "album"
        }

    def _of_unseen(self, entry: Entry, full: FoundRelease, albums: set[str]) -> Decision:
        decided = Decision("new", entry.found, why=IS_NEW, keys=entry.keys)
        if full.part_of and url_key(full.part_of) in albums - {url_key(entry.found.url)}:
            return replace(decided, verdict="with_album", why=WITH_ALBUM)
        if self._is_coming(full):
            return replace(decided, verdict="waits", why=NOT_YET, not_before=self._day(full))
        if self.first:
            return replace(decided, verdict="baseline", why=WAS_THERE)
        return replace(decided, verdict="baseline", why=WITHDRAWN) if full.availability == "withdrawn" else decided

    def _of_known(self, known: Known, entry: Entry) -> Decision:
        found, keys = entry.found, {known.guid_key, *known.parts}
        decided = Decision("same", found, known.item_id, SAME, entry.keys, renumbered=not keys & set(entry.keys))
        if known.waits:
            return self._of_waiting(known, decided)
        if found.parts and set(entry.keys) < keys:  # some of its parts are no longer listed: that takes nothing away
            return decided
        if found.parts and set(entry.keys) - keys and not decided.renumbered:
            return replace(decided, verdict="changed", why=GROWN)
        if content_hash(found) != known.content_hash:
            return replace(decided, verdict="changed", why=CHANGED)
        if found.url and found.url != known.url:
            return replace(decided, verdict="moved", why=MOVED)
        return replace(decided, why=RENUMBERED) if decided.renumbered else decided

    def _of_waiting(self, known: Known, decided: Decision) -> Decision:
        """Dates move: what counts is the one told now. A reading that tells none leaves the one we know."""
        found = decided.found
        told = found.released_on or found.availability in ("coming", "preorder")
        if self._is_coming(found) or (not told and known.not_before and known.not_before > self.today):
            return replace(decided, verdict="waits", why=NOT_YET, not_before=self._day(found) if told else known.not_before)
        if found.availability == "withdrawn":
            return replace(decided, verdict="waits", why=WITHDRAWN)
        return replace(decided, verdict="new", why=DAY_HAS_COME)

    def _is_coming(self, found: FoundRelease) -> bool:
        # What can be bought before its day is news already.
        return found.availability == "coming" or (found.availability == "out" and self._day(found) is not None)

    def _day(self, found: FoundRelease) -> date | None:
        return found.released_on if found.released_on and found.released_on > self.today else None


@dataclass(frozen=True)
class _Links:
    """How often each link is used among the known entries."""

    used: Counter[str]

    def shared(self, url: str | None) -> bool:
        """Whether several entries lead there, as those of a podcast all lead to its page."""
        return self.used[url_key(url)] > 1

    def identify(self, url: str | None) -> bool:
        """Whether in this source each entry has a page of its own; one entry alone proves nothing."""
        return has_own_page(url) and len(self.used) > 1 and max(self.used.values()) == 1


def _renumbered(rest: Mapping[int, FoundRelease], gone: Sequence[Known], links: _Links) -> dict[int, Known]:
    """Entries with unknown ids that are known ones nevertheless: by title and page, by title and day, by a page of their own."""

    def same_page(found: FoundRelease, known: Known) -> bool:
        agree = not links.shared(known.url) or None in (found.released_on, known.day) or found.released_on == known.day
        return agree and content_key(found) == known.content_key != ""

    def same_day(found: FoundRelease, known: Known) -> bool:
        return found.released_on is not None and found.released_on == known.day and title_key(found.title) == title_key(known.title) != ""

    def same_link(found: FoundRelease, known: Known) -> bool:
        return links.identify(found.url) and url_key(found.url) == url_key(known.url)

    seen, taken = dict[int, Known](), set[int]()
    for rule, by_known, by_found in (
        (same_page, lambda known: known.content_key, content_key),
        (same_day, lambda known: (title_key(known.title), known.day), lambda found: (title_key(found.title), found.released_on)),
        (same_link, lambda known: url_key(known.url), lambda found: url_key(found.url)),
    ):
        left = _grouped((by_known(known), known) for known in gone if known.item_id not in taken)
        for number, found in rest.items():
            known = None if number in seen else next((one for one in left.get(by_found(found), ()) if rule(found, one)), None)
            if known is not None:
                seen[number] = known
                taken.add(known.item_id)
                left[by_found(found)].remove(known)
    return seen


def _grouped(pairs: Iterable[tuple[object, Known]]) -> dict[object, list[Known]]:
    groups: dict[object, list[Known]] = {}
    for key, known in pairs:
        groups.setdefault(key, []).append(known)
    return groups


def _hold(decisions: list[Decision], most: int = MOST_AT_ONCE, why: str = TOO_MANY) -> list[Decision]:
    fresh = sum(decision.verdict == "new" for decision in decisions)
    if fresh <= most:
        return decisions
    why = TOO_MANY if fresh > MOST_AT_ONCE else why
    return [replace(one, verdict="held", why=why) if one.verdict == "new" else one for one in decisions]
