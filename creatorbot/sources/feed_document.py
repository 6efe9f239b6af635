"""feedparser behind types: the facts of an RSS 2.0, RSS 1.0 or Atom document as they are written, none of them judged."""

import calendar
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import islice
from typing import cast
from xml.sax import SAXException

import feedparser

from creatorbot.errors import InvalidInput
from creatorbot.sources.base import Fetched
from creatorbot.sources.feed_root import first_element
from creatorbot.sources.loose import document, documents, string

_MOST_ENTRIES = 500
# feedparser takes a minute over one tag with 50,000 attributes, and its time grows with the square of the depth.
_MOST_ELEMENTS = 60_000
_MOST_ESCAPES = 400_000
_LONG_TAG = re.compile(rb"<[a-zA-Z/?][^<>]{20000}")
_ENTRY = re.compile(rb"<(?:[\w.-]{1,40}:)?(?:item|entry)[\s>]", re.I)
_END = {b"rss": b"</channel></rss>", b"feed": b"</feed>"}
Facts = Mapping[str, object]


@dataclass(frozen=True)
class Attachment:
    """A file beside an entry. medium: "audio", "video", "image" or "" when nothing says so."""

    url: str
    medium: str


@dataclass(frozen=True)
class Entry:
    """One entry. Texts may carry markup. updated: also dc:date, as feedparser reads it."""

    id: str
    link: str
    title: str
    text: str
    artist: str
    tags: tuple[str, ...]
    published: date | None
    updated: date | None
    enclosures: tuple[Attachment, ...]
    pictures: tuple[str, ...]
    licences: tuple[str, ...]
    names: frozenset[str]  # the names of all that the entry carries: "itunes_episode", "yt_videoid" …


@dataclass(frozen=True)
class FeedDocument:
    """A feed. version: "rss20", "rss10", "atom10" … damaged: not well-formed, so entries may be missing."""

    version: str
    title: str
    generator: str
    id: str
    artist: str
    image: str
    medium: str
    links: tuple[tuple[str, str, str], ...]  # rel, type, address
    licences: tuple[str, ...]
    entries: tuple[Entry, ...]
    damaged: bool
    has_category: bool


def take_apart(page: Fetched) -> FeedDocument | None:
    """The facts in this feed; None when there is no feed in it. An entry cut off in its middle is left out.

    Of a long feed the first 500 entries are read. Raises InvalidInput for one built to be heavy.
    """
    body = _first_entries(page.body)
    if body.count(b"<") - body.count(b"</") > _MOST_ELEMENTS or body.count(b"&") > _MOST_ESCAPES or _LONG_TAG.search(body):
        raise InvalidInput("This feed is too large to be read.", field="address")
    headers = {name: value for name, value in page.headers.items() if name == "content-type" and "charset" in value.lower()}
    if page.address:
        headers["content-location"] = page.address
    # A file object: given bytes or text, feedparser would try to open them as an address or a file name.
    found = cast(Facts, feedparser.parse(io.BytesIO(body), response_headers=headers, sanitize_html=False, resolve_relative_uris=False))
    version, feed, entries = string(found.get("version")), document(found.get("feed")), documents(found.get("entries"), _MOST_ENTRIES)
    if not version and not entries:
        return None
    damaged = isinstance(found.get("bozo_exception"), SAXException)
    if damaged and entries and _ends_inside_an_entry(body):
        entries = entries[:-1]
    return FeedDocument(
        version=version,
        title=string(feed.get("title")),
        generator=string(feed.get("generator")),
        id=string(feed.get("id")),
        artist=_person(feed),
        image=string(document(feed.get("image")).get("href")),
        medium=string(feed.get("podcast_medium")).strip().lower(),
        links=tuple((string(link.get("rel")), string(link.get("type")), string(link.get("href"))) for link in documents(feed.get("links"))),
        licences=tuple(_licences(feed)),
        entries=tuple(_entry(dict(entry)) for entry in entries),
        damaged=damaged,
        has_category=b"<itunes:category" in body,
    )


def _first_entries(body: bytes) -> bytes:
    """The feed up to its 500th entry, closed properly."""
    starts = [found.start() for found in islice(_ENTRY.finditer(body), _MOST_ENTRIES + 1)]
    end = _END.get(first_element(body))
    return body[: starts[-1]] + end if end and len(starts) > _MOST_ENTRIES else body


def _ends_inside_an_entry(body: bytes) -> bool:
    plain = body.replace(b"\0", b"")
    opened = max(plain.rfind(b"<item"), plain.rfind(b"<entry"))
    closed = max(plain.rfind(b"</item"), plain.rfind(b"</entry"))
    return opened > closed and not re.search(rb"</(rss|feed|channel|rdf:RDF)\s*>", plain[opened:], re.I)


def _entry(facts: Facts) -> Entry:
    # A plain dict is asked for: feedparser's own kind of mapping guesses, and gives `published` for `updated`.
    bodies = [string(part.get("value")) for part in documents(facts.get("content")) if string(part.get("value")).strip()]
    summary = string(facts.get("summary"))
    return Entry(
        id=string(facts.get("id")).strip(),
        link=string(facts.get("link")).strip(),
        title=string(facts.get("title")),
        text=summary or (bodies[0] if bodies else ""),
        artist=_person(facts),
        tags=tuple(_tags(facts)),
        published=_day(facts.get("published_parsed")),
        updated=_day(facts.get("updated_parsed")),
        enclosures=tuple(_enclosures(facts)),
        pictures=tuple(_pictures(facts, [*bodies, summary])),
        licences=tuple(_licences(facts)),
        names=frozenset(facts),
    )


def _person(facts: Facts) -> str:
    """The author's name. Never an e-mail address, which feeds like to put in its place."""
    detail = document(facts.get("author_detail"))
    name, mail = string(detail.get("name")), string(detail.get("email"))
    if mail and len(mail.rsplit(".", 1)[-1]) == 4:
        # feedparser ends an address after four letters: of "a@b.example (Aoife)" it takes "ple (Aoife" for the name.
        return re.sub(r"^[a-z0-9.-]+(?=\s*\(|\s*$)", "", name).strip(" ()")
    name = name or string(facts.get("author"))
    return "" if "@" in name else name


def _tags(facts: Facts) -> Iterator[str]:
    for tag in documents(facts.get("tags")):
        words = string(tag.get("term")) or string(tag.get("label"))
        yield from words.split(",")


def _day(parts: object) -> date | None:
    """The UTC day of a struct_time in UTC."""
    try:
        return datetime.fromtimestamp(calendar.timegm(cast(tuple[int, ...], parts)), UTC).date() if parts else None
    except (TypeError, ValueError, OverflowError, OSError):
        return None


def _enclosures(facts: Facts) -> Iterator[Attachment]:
    for link in documents(facts.get("links")):
        address = string(link.get("href"))
        if link.get("rel") == "enclosure" and address:
            yield Attachment(address, _medium(string(link.get("type")), address))
    for content in documents(facts.get("media_content")):
        if address := string(content.get("url")):
            yield Attachment(address, string(content.get("medium")).lower() or _medium(string(content.get("type")), address))


def _medium(mime: str, address: str) -> str:
    family = mime.split("/")[0].strip().lower()
    if family in ("audio", "video", "image"):
        return family
    ending = re.search(r"\.(mp3|m4a|ogg|opus|flac|wav|mp4|webm|mov|jpe?g|png|webp|gif)(?:\?|$)", address.lower())
    if not ending or mime:
        return ""
    return {"mp4": "video", "webm": "video", "mov": "video"}.get(
        ending.group(1), "image" if ending.group(1) in ("jpg", "jpeg", "png", "webp", "gif") else "audio"
    )


def _pictures(facts: Facts, bodies: list[str]) -> Iterator[str]:
    """Addresses of pictures, the likeliest cover first."""
    attached = [file.url for file in _enclosures(facts) if file.medium == "image"]
    yield from [string(document(facts.get("image")).get("href")), *attached]
    yield from (string(picture.get("url")) for picture in documents(facts.get("media_thumbnail")))
    for body in bodies:
        yield from re.findall(r"<img\s[^<>]*?src\s*=\s*[\"']([^\"'<>\s]{1,2000})", body[:50_000], re.I)[:1]


def _licences(facts: Facts) -> Iterator[str]:
    """What may state a licence, the most binding first: links, elements of licence modules, then the line about rights."""
    yield from (string(link.get("href")) for link in documents(facts.get("links")) if link.get("rel") == "license")
    for name in ("license", "podcast_license", "media_license"):
        value = facts.get(name)
        yield string(value)
        yield from (string(document(value).get(key)) for key in ("href", "url", "content"))
    yield string(facts.get("rights"))
