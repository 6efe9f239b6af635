"""The different entries of one reading: what is listed twice counts once, and an id that many share tells nothing apart."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from creatorbot.releases.keys import content_key, entry_keys, has_own_page, title_key, url_key
from creatorbot.sources.base import FoundRelease


@dataclass(frozen=True)
class Entry:
    """One entry. keys: by which it may be known, its own first."""

    keys: tuple[str, ...]
    found: FoundRelease


def different(releases: Sequence[FoundRelease]) -> list[Entry]:
    """The entries in their order; of those that are one and the same the first. Those that say nothing at all are left out."""
    entries: list[Entry] = []
    at: dict[object, int] = {}
    for entry in _told_apart(releases):
        marks = _marks(entry)
        same = next((at[mark] for mark in marks if mark in at), None)
        if same is None:
            entries.append(entry)
            at |= dict.fromkeys(marks, len(entries) - 1)
        else:
            first = entries[same]
            entries[same] = Entry(tuple(dict.fromkeys((*first.keys, *entry.keys))), first.found)
            at |= dict.fromkeys(marks, same)
    return entries


def _marks(entry: Entry) -> list[object]:
    """By what two entries of one reading are the same: an id, or title, page and day together."""
    found = entry.found
    page = [(content_key(found), url_key(found.url), found.released_on)] if found.title and has_own_page(found.url) else []
    return [*entry.keys, *page]


def _told_apart(releases: Sequence[FoundRelease]) -> list[Entry]:
    """Some programs give all their entries one id. Then each is known by its title and page too."""
    listed = [Entry(keys, release) for release in releases if (keys := entry_keys(release))[0]]
    if len({entry.keys[0] for entry in listed}) == len(listed):
        return listed
    by_id: dict[str, list[FoundRelease]] = {}
    for entry in listed:
        by_id.setdefault(entry.keys[0], []).append(entry.found)
    clashing = {key for key, sharing in by_id.items() if _clash(sharing)}
    return [
        Entry((f"{entry.keys[0]}#{content_key(entry.found)}", *entry.keys[1:]), entry.found) if entry.keys[0] in clashing else entry
        for entry in listed
    ]


def _clash(sharing: Sequence[FoundRelease]) -> bool:
    """Whether entries with one id are plainly different ones: two of them have neither title nor page in common.

    Without pages of their own it takes three titles: two may be one entry before and after it was edited.
    """
    own = all(has_own_page(found.url) for found in sharing)
    told = {(title_key(found.title), url_key(found.url) if own else str(number)) for number, found in enumerate(sharing)}
    titles, pages = Counter(title for title, _ in told), Counter(page for _, page in told)
    # Counted, not compared pair by pair: a long feed may have one id throughout.
    apart = any(titles[title] + pages[page] <= len(told) for title, page in told)
    return apart and (own or len(titles) > 2)
