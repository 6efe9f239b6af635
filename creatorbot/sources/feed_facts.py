"""From the names that RSS and Atom use to plain data: the same for both ways in which we read XML."""

import calendar
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from itertools import islice
from typing import cast

from creatorbot.sources import standard_codes
from creatorbot.sources.feed_entry import Attachment, Entry, FeedDocument
from creatorbot.sources.loose import document, documents, string

Facts = Mapping[str, object]
SHORTEST_PACE_S, LONGEST_PACE_S = 300, 86_400
_PERIODS = {"hourly": 3_600, "daily": 86_400, "weekly": 604_800, "monthly": 2_592_000, "yearly": 31_536_000}
_KINDS = {"itunes_episode", "itunes_episodetype", "itunes_season", "yt_videoid"}
_IMAGE = re.compile(r"<img\s[^<>]*?src\s*=\s*[\"']([^\"'<>\s]{1,2000})[^<>]{0,2000}", re.I)
# A dot that counts readers, or a smiley in the text: no cover.
_NO_COVER = re.compile(r"\b(?:width|height)\s*=\s*[\"']?[01](?:px)?[\"'\s/]|wp-smiley|[\"'\s/]emoji[\"'\s/]|//pixel\.|/open\.gif", re.I)
_ENDING = re.compile(r"\.(mp3|m4a|ogg|opus|flac|wav|mp4|webm|mov|jpe?g|png|webp|gif)(?:\?|$)", re.I)
_MEDIA = {"mp4": "video", "webm": "video", "mov": "video", "jpg": "image", "jpeg": "image", "png": "image", "webp": "image", "gif": "image"}
_CODE = re.compile(r"(?:urn:)?(isrc|upc|ean|gtin)[:\s]\s*([\w-]{8,20})", re.I)


def feed_of(version: str, feed: Facts, entries: tuple[Entry, ...], *, damaged: bool = False, has_category: bool = False) -> FeedDocument:
    """The feed with these facts about itself and these entries."""
    links = documents(feed.get("links"))
    return FeedDocument(
        version=version,
        title=string(feed.get("title")),
        generator=string(feed.get("generator")),
        id=string(feed.get("id")).strip(),
        link=string(feed.get("link")).strip(),
        artist=_person(feed),
        image=string(document(feed.get("image")).get("href")) or string(feed.get("logo")),
        about=string(feed.get("subtitle")) or string(feed.get("summary")),
        medium=string(feed.get("podcast_medium")).strip().lower(),
        number=string(feed.get("podcast_guid")).strip(),
        moved_to=string(feed.get("itunes_new-feed-url")).strip(),
        pace_s=_pace(feed),
        links=tuple((string(link.get("rel")), string(link.get("type")), string(link.get("href"))) for link in links),
        licences=tuple(filter(None, _licences(feed))),
        entries=entries,
        explicit=_is_explicit(feed),
        damaged=damaged,
        has_category=has_category,
    )


def entry_of(facts: Facts) -> Entry:
    """The entry with these facts."""
    bodies = [text for part in documents(facts.get("content")) if (text := string(part.get("value"))).strip()]
    summary = string(facts.get("summary"))
    files = tuple(_enclosures(facts))
    return Entry(
        id=string(facts.get("id")).strip(),
        link=string(facts.get("link")).strip(),
        title=string(facts.get("title")),
        text=summary or (bodies[0] if bodies else ""),
        artist=_person(facts),
        tags=tuple(_tags(facts)),
        published=_when(facts.get("published_parsed")),
        updated=_when(facts.get("updated_parsed")),
        enclosures=files,
        pictures=tuple(_pictures(facts, files, [*bodies, summary])),
        licences=tuple(filter(None, _licences(facts))),
        marks=frozenset(_marks(facts)),
        place=(_count(facts.get("itunes_season")), _count(facts.get("itunes_episode"))),
        upc=_code(facts, "upc"),
        isrc=_code(facts, "isrc"),
    )


def medium_of(mime: str, address: str) -> str:
    """ "audio", "video" or "image" by the file's type, else by its ending; "" for others."""
    family = mime.split("/")[0].strip().lower()
    if family in ("audio", "video", "image"):
        return family
    ending = _ENDING.search(address) if not mime else None
    return _MEDIA.get(ending.group(1).lower(), "audio") if ending else ""


def pictures_in(body: str) -> list[str]:
    """The address of the first picture in this markup that may be a cover, in a list; none, an empty one."""
    if "<img" not in body and "<IMG" not in body:
        return []
    covers = (found.group(1) for found in _IMAGE.finditer(body[:50_000]) if not _NO_COVER.search(found.group() + " "))
    return list(islice(covers, 1))


def _person(facts: Facts) -> str:
    """The author's name. Never an e-mail address, which feeds like to put in its place."""
    detail = document(facts.get("author_detail"))
    name, mail = string(detail.get("name")), string(detail.get("email"))
    if mail and len(mail.rsplit(".", 1)[-1]) == 4:
        # feedparser ends an address after four letters: of "a@b.example (Aoife)" it takes "ple (Aoife" for the name.
        name = re.sub(r"^[a-z0-9.-]+(?=\s*\(|\s*$)", "", name).strip(" ()")
    name = name or string(facts.get("author"))
    return "" if "@" in name else name


def _tags(facts: Facts) -> Iterator[str]:
    for tag in documents(facts.get("tags")):
        yield from (string(tag.get("term")) or string(tag.get("label"))).split(",")


def _when(parts: object) -> datetime | None:
    """The UTC time of a struct_time in UTC."""
    if parts is None or isinstance(parts, datetime):
        return parts
    try:
        return datetime.fromtimestamp(calendar.timegm(cast(tuple[int, ...], parts)), UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return None


def _enclosures(facts: Facts) -> Iterator[Attachment]:
    for link in documents(facts.get("links")):
        if link.get("rel") == "enclosure" and (address := string(link.get("href"))):
            mime = string(link.get("type"))
            yield Attachment(address, medium_of(mime, address), mime)
    for content in documents(facts.get("media_content")):
        if address := string(content.get("url")):
            mime = string(content.get("type"))
            yield Attachment(address, string(content.get("medium")).lower() or medium_of(mime, address), mime)


def _pictures(facts: Facts, files: tuple[Attachment, ...], bodies: list[str]) -> Iterator[str]:
    """Addresses of pictures, the likeliest cover first."""
    if image := string(document(facts.get("image")).get("href")):
        yield image
    yield from (file.url for file in files if file.medium == "image")
    yield from (string(picture.get("url")) for picture in documents(facts.get("media_thumbnail")))
    for body in bodies:
        yield from pictures_in(body)


def _licences(facts: Facts) -> Iterator[str]:
    """What may state a licence, the most binding first: links, elements of licence modules, then the line about rights."""
    yield from (string(link.get("href")) for link in documents(facts.get("links")) if link.get("rel") == "license")
    for name in ("license", "podcast_license", "media_license"):
        if value := facts.get(name):
            yield string(value)
            yield from (string(document(value).get(key)) for key in ("href", "url", "content"))
    yield string(facts.get("rights"))


def _marks(facts: Facts) -> Iterator[str]:
    yield from _KINDS & facts.keys()
    if "thr_in-reply-to" in facts:
        yield "answer"
    if string(facts.get("activity_verb")).strip().endswith("/share"):
        yield "boost"
    if string(document(facts.get("media_rating")).get("content")).strip() == "adult":
        yield "adult"
    if _is_explicit(facts):
        yield "explicit"
    if live := string(facts.get("live")):
        yield live


def _is_explicit(facts: Facts) -> bool:
    """Apple's mark. feedparser turns "yes" into True by itself."""
    told = facts.get("itunes_explicit")
    return told is True or string(told).strip().lower() in ("yes", "true", "explicit")


def _count(value: object) -> int:
    told = string(value).strip()
    return int(told) if told.isascii() and told.isdigit() and len(told) < 7 else 0


def _code(facts: Facts, name: str) -> str:
    check = standard_codes.upc if name == "upc" else standard_codes.isrc
    if told := check(facts.get(name)):
        return told
    for field in ("id", "dc_identifier"):
        found = _CODE.fullmatch(string(facts.get(field)).strip())
        if found and (found.group(1).lower() == "isrc") == (name == "isrc"):
            return check(found.group(2))
    return ""


def _pace(feed: Facts) -> int:
    """Seconds between two looks that the feed asks for (`ttl` in minutes, or `sy:updatePeriod`); 0 when it does not say."""
    asked = _count(feed.get("ttl")) * 60
    if not asked:
        period = _PERIODS.get(string(feed.get("sy_updateperiod")).strip().lower(), 0)
        asked = period // max(1, _count(feed.get("sy_updatefrequency")))
    return min(max(asked, SHORTEST_PACE_S), LONGEST_PACE_S) if asked else 0
