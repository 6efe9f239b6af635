"""feedparser behind types: reads feeds of any age and in any state of repair, in any encoding."""

import io
import re
from itertools import accumulate
from typing import Any, cast
from xml.sax import SAXException

import feedparser
from feedparser.mixin import _FeedParserMixin

from creatorbot.errors import InvalidInput
from creatorbot.sources.base import Fetched
from creatorbot.sources.feed_entry import FeedDocument
from creatorbot.sources.feed_facts import Facts, entry_of, feed_of
from creatorbot.sources.feed_prolog import tidied
from creatorbot.sources.loose import document, documents, string

_CATEGORY = b"<itunes:category"
# feedparser knows only "yes", in small letters.
_EXPLICIT = re.compile(rb"(<itunes:explicit>)\s{0,50}(?:yes|true|explicit)\s{0,50}(</)", re.I)
# feedparser's time grows with the square of the depth: 30,000 elements within one another take several seconds.
_DEEPEST = 5_000
_QUOTED = re.compile(rb"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)", re.S)
_TAG = re.compile(rb"<(/?)[A-Za-z][^<>]*?(/?)>")
# To feedparser the title of a live item were the title of the whole feed.
_LIVE = re.compile(rb"<podcast:liveItem\b.{0,20000}?</podcast:liveItem\s*>", re.S | re.I)


_LONGEST_NAME = 300
_looked_through = _FeedParserMixin._sync_author_detail


def _only_the_beginning(parser: Any, key: str = "author") -> None:
    """feedparser looks for a mail address in each name, by a pattern whose time grows with the square of the name's length."""
    context = parser._get_context()
    if isinstance(name := context.get(key), str):
        context[key] = name[:_LONGEST_NAME]
    _looked_through(parser, key)


_FeedParserMixin._sync_author_detail = _only_the_beginning


def read_thoroughly(body: bytes, page: Fetched, most: int) -> FeedDocument | None:
    """The facts in this feed, its first `most` entries; None when there is no feed in it. An entry cut off in its middle is left out.

    Raises InvalidInput for a feed built to be heavy.
    """
    headers = {name: value for name, value in page.headers.items() if name == "content-type" and "charset" in value.lower()}
    body, told = tidied(body)
    headers = headers if told else {}
    if _is_deep(body):
        raise InvalidInput("This feed is too large to be read.", field="address")
    body = _LIVE.sub(b"", body) if 0 < body.count(b"liveItem") < 100 else body
    body = _EXPLICIT.sub(rb"\1yes\2", body)
    # A file object: given bytes or text, feedparser would try to open them as an address or a file name.
    try:
        found = cast(Facts, feedparser.parse(io.BytesIO(body), response_headers=headers, sanitize_html=False, resolve_relative_uris=False))
    except Exception as error:  # feedparser stumbles over ends without beginnings, and over letters that do not exist
        raise InvalidInput("This cannot be read as a feed (RSS or Atom).", field="address") from error
    version, feed, entries = string(found.get("version")), document(found.get("feed")), documents(found.get("entries"), most)
    if not version and not entries:
        return None
    damaged = isinstance(found.get("bozo_exception"), SAXException)
    if damaged and entries and _ends_inside_an_entry(body):
        entries = entries[:-1]
    # A plain dict is asked for: feedparser's own kind of mapping guesses, and gives `published` for `updated`.
    read = tuple(entry_of(dict(entry)) for entry in entries)
    return feed_of(version, dict(feed), read, damaged=damaged, has_category=_CATEGORY in body)


def _is_deep(body: bytes) -> bool:
    if body.count(b"<") - 2 * body.count(b"</") < _DEEPEST and body.count(b"</") < _DEEPEST:
        return False
    depths = accumulate((-1 if end else 0 if alone else 1) for end, alone in _TAG.findall(_QUOTED.sub(b"", body.replace(b"\0", b""))))
    return max(depths, default=0) > _DEEPEST


def _ends_inside_an_entry(body: bytes) -> bool:
    plain = body.replace(b"\0", b"")
    opened = max(plain.rfind(b"<item"), plain.rfind(b"<entry"))
    closed = max(plain.rfind(b"</item"), plain.rfind(b"</entry"))
    return opened > closed and not re.search(rb"</(rss|feed|channel|rdf:RDF)\s*>", plain[opened:], re.I)
