"""How a release is shown wherever it stands: its price, its cover, the words for its kind and state."""

from sqlmodel import Session, col, select

from creatorbot.amounts import Money
from creatorbot.models import Artist, Cover, Release, ReleasePlace
from creatorbot.sources import REGISTRY
from creatorbot.web.connections.watched.handed import host_of
from creatorbot.web.here import artist, language
from creatorbot.wording import N_, price_line, say

__all__ = ["AVAILABILITY", "KINDS", "STATES", "covers_of", "host_of", "place_name", "price_at", "price_of", "suggested_of"]


STATES: dict[str, tuple[str, str]] = {
    "listed": (N_("was already out"), ""),
    "new": (N_("new"), "good"),
    "held": (N_("look at it first"), "warn"),
    "waits": (N_("waits for its day"), ""),
    "announced": (N_("announced"), "good"),
}
# What can be had of it; "out" is what everybody expects and needs no word.
AVAILABILITY: dict[str, tuple[str, str]] = {
    "coming": (N_("coming"), "warn"),
    "preorder": (N_("to order ahead"), "warn"),
    "withdrawn": (N_("no longer there"), "bad"),
}
KINDS: dict[str, str] = {
    "album": N_("album"),
    "track": N_("track"),
    "video": N_("video"),
    "episode": N_("episode"),
    "stream": N_("live stream"),
    "post": N_("post"),
    "unknown": N_("something else"),
}


def price_of(release: Release) -> str:
    """The price line in the reader's language, with the artist's own suggestion; "" when nothing is known."""
    mine: Artist = artist()
    currency = release.price_currency or mine.currency
    amount = Money(release.price_minor, currency) if release.price_minor is not None else None
    suggested = suggested_of(release)
    return price_line(language(), release.price_model, amount, suggested if suggested and suggested.currency == currency else None)


def suggested_of(release: Release) -> Money | None:
    """What the artist suggests for this release: its own amount, else the one for all; None for neither."""
    mine: Artist = artist()
    minor = release.suggested_minor if release.suggested_minor is not None else mine.suggested_minor
    return Money(minor, mine.currency) if minor else None


def price_at(place: ReleasePlace) -> str:
    """What it costs at one place, without any suggestion of ours; "" when nothing is known."""
    currency = place.price_currency or artist().currency
    amount = Money(place.price_minor, currency) if place.price_minor is not None else None
    if place.price_model == "not_sold":
        return say(language(), N_("Not for sale there"))
    return price_line(language(), place.price_model, amount, None)


def place_name(place: ReleasePlace) -> str:
    """What people call the place: its host, with the kind where the host does not say it."""
    host, label = host_of(place.url), say(language(), REGISTRY[place.kind].label) if place.kind in REGISTRY else ""
    return host if not label or place.kind == "feed" or label.lower() in host.lower() else f"{label} ({host})"


def covers_of(session: Session, releases: list[Release]) -> dict[int | None, Cover]:
    """The covers of these releases, by cover id."""
    wanted = {release.cover_id for release in releases if release.cover_id}
    return {cover.id: cover for cover in session.exec(select(Cover).where(col(Cover.id).in_(wanted)))} if wanted else {}
