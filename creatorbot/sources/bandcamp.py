"""Bandcamp artist and release pages, under bandcamp.com and artists' own domains. Bandcamp offers no feed."""

from urllib.parse import urljoin, urlsplit

from creatorbot.sources.bandcamp_data import data_of, read_data
from creatorbot.sources.bandcamp_page import GridItem, Page, is_bandcamp, is_turned_away, take_apart
from creatorbot.sources.bandcamp_release import release_of
from creatorbot.sources.base import Fetched, FoundRelease, Note, Reading
from creatorbot.sources.feed_root import is_feed
from creatorbot.wording import N_

ROBOT = Note(
    N_(
        "Bandcamp asked our robot to prove that it is human, so we could not look. "
        "Nothing is lost: what we know stays, and we try again later. "
        "There are other ways in: open your page and use our bookmark button, paste the page itself, "
        "paste the address of a feed of it, or add a release by hand."
    )
)
EMPTY = Note(N_("This Bandcamp page shows no releases yet. As soon as there is one, it appears here."))
LABEL = Note(N_("This page lists the artists of a label, not releases. We look at each artist's page for the releases."))
_LABEL_ALONE = Note(N_("This page lists the artists of a label, but none of their pages. Paste the page of one artist instead."))
_MOST_MEMBERS = 50


class Bandcamp:
    """A page made by Bandcamp: one release, a grid of releases, a label's artists, an empty profile, or a robot check."""

    name = "bandcamp"
    label = "Bandcamp"

    def recognise(self, page: Fetched) -> float:
        """How sure we are that Bandcamp made this page."""
        if is_feed(page.body):
            return 0.0
        return 0.95 if is_bandcamp(page.body) or is_turned_away(page) or data_of(page) else 0.0

    def read(self, page: Fetched) -> Reading:
        """The releases on this page; entries of a grid have no price, follow their addresses for it.

        A label's list of artists has no releases: follow its own list of releases first, then its artists' lists.
        """
        answer = data_of(page)
        if answer:
            return read_data(self.name, answer)
        if is_turned_away(page):
            return Reading(self.name, notes=(ROBOT,), state="robot_check")
        facts = take_apart(page)
        found = release_of(facts)
        if found:
            return Reading(self.name, (found[0],), notes=found[1], title=facts.band_name or found[0].artist or "")
        if facts.grid:
            return _read_grid(self.name, facts)
        if facts.members is not None:
            return _read_label(self.name, facts, facts.members)
        return Reading(self.name, notes=(EMPTY,), state="empty", title=facts.band_name)


def _read_grid(name: str, facts: Page) -> Reading:
    items = tuple(_listed(item, facts) for item in facts.grid or ())
    follow = tuple(dict.fromkeys(item.url for item in items if item.url))
    return Reading(name, items, follow=follow, title=facts.band_name)


def _read_label(name: str, facts: Page, members: tuple[str, ...]) -> Reading:
    """A label's own list has the releases of all its artists; where it has none, the artists' pages are all there is."""
    here = urlsplit(facts.address).path.rstrip("/") == "/music"
    own = (urljoin(facts.address, "/music"),) if facts.address and not here else ()
    note = LABEL if members or own else _LABEL_ALONE
    return Reading(name, follow=(*own, *members)[:_MOST_MEMBERS], notes=(note,), state="empty", title=facts.band_name)


def _listed(item: GridItem, facts: Page) -> FoundRelease:
    return FoundRelease(
        title=item.title or item.guid,
        url=item.url,
        guid=item.guid,
        artist=item.artist or facts.band_name or None,
        kind="album" if item.guid.startswith("album") else "track",
        cover_url=item.cover_url,
    )
