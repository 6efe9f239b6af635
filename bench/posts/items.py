"""Feeds as RSS and as Atom, from the same items."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

KINDS = {"rss": "application/rss+xml", "atom": "application/atom+xml"}


@dataclass(frozen=True)
class Item:
    """One entry. when: None for one without a date."""

    number: int
    title: str
    link: str
    when: datetime | None


def item(number: int, when: datetime | None = None) -> Item:
    """The entry of this number, an hour after the one before it unless told otherwise."""
    began = datetime.now(UTC).replace(microsecond=0) - timedelta(days=3)
    return Item(number, f"Item {number:03d}", f"https://music.example/album/{number}", when or began + timedelta(hours=number))


def renamed(one: Item) -> Item:
    """Edited: another title, the same id."""
    return replace(one, title=f"{one.title} (remastered)", when=datetime.now(UTC) - timedelta(minutes=1))


def moved(one: Item) -> Item:
    """The same id at another address."""
    return replace(one, link=f"{one.link}-moved")


def undated(one: Item) -> Item:
    """Without any date."""
    return replace(one, when=None)


def feed(kind: str, items: list[Item]) -> str:
    """The whole feed, newest first."""
    entries = "".join((_rss if kind == "rss" else _atom)(one) for one in reversed(items))
    if kind == "rss":
        head = "<title>Aoife Marsh</title><link>https://music.example/</link><description>Releases</description>"
        return f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>{head}{entries}</channel></rss>'
    head = "<title>Aoife Marsh</title><id>https://music.example/</id><updated>2026-11-20T12:00:00Z</updated>"
    return f'<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom">{head}{entries}</feed>'


def _rss(one: Item) -> str:
    day = f"<pubDate>{format_datetime(one.when)}</pubDate>" if one.when else ""
    guid = f'<guid isPermaLink="false">urn:item:{one.number}</guid>'
    return f"<item><title>{one.title}</title><link>{one.link}</link>{guid}{day}<description>New music.</description></item>"


def _atom(one: Item) -> str:
    day = f"<published>{one.when.isoformat()}</published><updated>{one.when.isoformat()}</updated>" if one.when else ""
    told = f'<title>{one.title}</title><id>urn:item:{one.number}</id><link href="{one.link}"/>{day}'
    return f"<entry>{told}<summary>New music.</summary></entry>"
