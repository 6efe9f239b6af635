"""JSON Feed 1 and 1.1 as the same plain data as other feeds."""

import html
import re
from collections.abc import Iterator
from datetime import UTC, datetime

from creatorbot.sources.base import Fetched
from creatorbot.sources.feed_entry import Attachment, Entry, FeedDocument
from creatorbot.sources.feed_facts import medium_of, pictures_in
from creatorbot.sources.loose import Document, decoded, document, documents, number, string, strings

_VERSION = re.compile(r"https?://(?:www\.)?jsonfeed\.org/version/(\d)")
_LONGEST = 30_000
_START = (b"{", b"\xef\xbb\xbf{")


def is_json(body: bytes) -> bool:
    """Whether this begins as a JSON object does, in UTF-8, UTF-16 or UTF-32."""
    return body[:64].replace(b"\0", b"").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff").lstrip().startswith(_START)


def read_json(page: Fetched, most: int) -> FeedDocument | None:
    """The facts in this JSON Feed, its first `most` items; None for any other JSON and for what is no JSON at all."""
    feed = document(decoded(page.body))
    version = _VERSION.match(string(feed.get("version")).strip())
    if not version or not isinstance(feed.get("items"), list):
        return None
    address = string(feed.get("feed_url"))
    return FeedDocument(
        version=f"json{version.group(1)}",
        title=html.escape(string(feed.get("title")), quote=False),
        id=address,
        link=string(feed.get("home_page_url")),
        artist=_person(feed),
        image=string(feed.get("icon")) or string(feed.get("favicon")),
        about=_marked_up(string(feed.get("description"))),
        links=tuple(_links(feed, address)),
        licences=tuple(filter(None, (string(feed.get("license")), string(feed.get("copyright"))))),
        entries=tuple(map(_entry, documents(feed["items"], most))),
    )


def _links(feed: Document, address: str) -> Iterator[tuple[str, str, str]]:
    if address:
        yield "self", "application/feed+json", address
    yield "alternate", "text/html", string(feed.get("home_page_url"))
    for hub in documents(feed.get("hubs"), 10):
        if string(hub.get("type")).lower() == "websub":
            yield "hub", "", string(hub.get("url"))


def _entry(item: Document) -> Entry:
    body = string(item.get("content_html"))
    files = tuple(_files(item))
    return Entry(
        id=_id(item.get("id")),
        link=string(item.get("url")) or string(item.get("external_url")),
        title=html.escape(string(item.get("title")), quote=False),
        text=_marked_up(string(item.get("summary"))) or body or _marked_up(string(item.get("content_text"))),
        artist=_person(item),
        tags=tuple(strings(item.get("tags"), 100)),
        published=moment(item.get("date_published")),
        updated=moment(item.get("date_modified")),
        enclosures=files,
        pictures=tuple(_pictures(item, files, body)),
        licences=tuple(filter(None, (string(item.get("license")), string(item.get("copyright"))))),
    )


def _id(told: object) -> str:
    """The id as text: numbers are against the rules, and common."""
    exact = number(told) if not isinstance(told, str) else None
    return str(told).strip() if exact is not None or isinstance(told, str) else ""


def _marked_up(text: str) -> str:
    """Plain text as markup, its lines kept."""
    return html.escape(text[:_LONGEST], quote=False).replace("\n", "<br>")


def _person(facts: Document) -> str:
    people = [*documents(facts.get("authors"), 10), *documents(facts.get("author"), 1)]
    name = next((string(one.get("name")) for one in people if one.get("name")), "")
    return "" if "@" in name else html.escape(name, quote=False)


def _files(item: Document) -> Iterator[Attachment]:
    for file in documents(item.get("attachments"), 50):
        if address := string(file.get("url")):
            mime = string(file.get("mime_type"))
            yield Attachment(address, medium_of(mime, address), mime)


def _pictures(item: Document, files: tuple[Attachment, ...], body: str) -> Iterator[str]:
    yield from filter(None, (string(item.get("image")), string(item.get("banner_image"))))
    yield from (file.url for file in files if file.medium == "image")
    yield from pictures_in(body)


def moment(told: object) -> datetime | None:
    """A time as RFC 3339 writes it, in UTC; without a zone it counts as UTC."""
    try:
        at = datetime.fromisoformat(string(told).strip())
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
