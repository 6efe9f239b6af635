"""The short way for feeds in good order: well-formed RSS 2.0 or Atom 1.0 in UTF-8, some ten times faster than feedparser.

It knows when it does not know: at anything unusual it gives up, and feedparser reads the feed. Tests hold both to the same answers.
"""

import re
from xml.etree.ElementTree import Element, ParseError, XMLParser

from creatorbot.sources.feed_elements import ATOM, Facts, feed_image, name_of, take, take_all
from creatorbot.sources.feed_entry import FeedDocument
from creatorbot.sources.feed_facts import entry_of, feed_of
from creatorbot.sources.feed_moments import NotUnderstoodError

_UNUSUAL = (b"<!doctype", b"<!entity", b"xml:base")
_STYLED, _TRANSFORMED = b"<?xml-stylesheet", re.compile(rb"<\?xml-stylesheet[^>]{0,300}xsl:version")
_DECLARED = re.compile(rb"\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.-]{1,40})[\"']", re.I)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.-]+)", re.I)
_UTF_8 = ("utf-8", "utf8", "us-ascii", "ascii")


def read_quickly(body: bytes, content_type: str = "") -> FeedDocument | None:
    """The facts in this feed, or None when it is not of the plain kind that this reads."""
    if not _is_plain(body, content_type):
        return None
    parser = XMLParser()
    try:
        parser.feed(body)
        return _document(parser.close())
    except (NotUnderstoodError, ParseError, ValueError, LookupError, RecursionError):
        return None


def _is_plain(body: bytes, content_type: str) -> bool:
    declared, charset = _DECLARED.match(body[:300].removeprefix(b"\xef\xbb\xbf")), _CHARSET.search(content_type)
    told = [declared.group(1).decode("ascii")] if declared else []
    told += [charset.group(1)] if charset else []
    # Letters of two or four bytes hide what is looked for.
    if b"\0" in body[:200] or not all(name.lower() in _UTF_8 for name in told):
        return False
    small = body.lower()  # one pattern for either case takes ten times as long
    return not any(words in small for words in _UNUSUAL) and not (_STYLED in small and _TRANSFORMED.search(small))


def _document(root: Element) -> FeedDocument | None:
    kind = root.tag.lower()
    if kind == f"{{{ATOM}}}feed":
        return _read("atom10", root)
    channels = [child for child in root if child.tag.lower() == "channel"]
    if kind != "rss" or len(channels) != 1 or len(root) != 1 or not root.get("version", "").startswith("2."):
        return None
    return _read("rss20", channels[0])


def _read(version: str, place: Element) -> FeedDocument:
    feed: Facts = {}
    entries = []
    has_category = False
    for child in place:
        name = name_of(child)
        if name in ("item", "entry"):
            entries.append(_entry(child))
        elif name == "podcast_liveitem":
            if (status := child.get("status", "").lower()) in ("live", "pending"):
                entries.append(_entry(child, live=status))
        elif name == "image":
            feed_image(child, feed)
        else:
            has_category |= name == "itunes_category"
            take(child, name, feed)
    return feed_of(version, feed, tuple(map(entry_of, entries)), has_category=has_category)


def _entry(place: Element, live: str = "") -> Facts:
    facts: Facts = {"live": live} if live else {}
    take_all(place, facts, deep=False)
    return facts
