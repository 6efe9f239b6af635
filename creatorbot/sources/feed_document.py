"""The facts of a feed in any format as they are written, none of them judged."""

import re
from itertools import islice

from creatorbot.errors import InvalidInput
from creatorbot.sources.base import Fetched
from creatorbot.sources.feed_entry import FeedDocument
from creatorbot.sources.feed_json import is_json, read_json
from creatorbot.sources.feed_quick import read_quickly
from creatorbot.sources.feed_root import first_element
from creatorbot.sources.feed_thorough import read_thoroughly

MOST_ENTRIES = 500
# feedparser takes a minute over one tag with 50,000 attributes, and its time grows with the square of the depth.
_MOST_ELEMENTS = 60_000
_MOST_TAGS_SLOWLY, _MOST_ESCAPES_SLOWLY = 40_000, 100_000
_FEWER_ENTRIES = (200, 50, 10)
_MOST_ESCAPES = 400_000
_LONG_TAG = re.compile(rb"<[a-zA-Z/?][^<>]{20000}")
_ENTRY = re.compile(rb"<(?:[\w.-]{1,40}:)?(?:item|entry)[\s>]", re.I)
_END = {b"rss": b"</channel></rss>", b"feed": b"</feed>"}


def take_apart(page: Fetched) -> FeedDocument | None:
    """The facts in this feed; None when there is no feed in it. An entry cut off in its middle is left out.

    Of a long feed the first 500 entries are read. Raises InvalidInput for one built to be heavy.
    """
    if is_json(page.body):
        return read_json(page, MOST_ENTRIES)
    body = _first_entries(page.body, MOST_ENTRIES)
    if body.count(b"<") - body.count(b"</") > _MOST_ELEMENTS or body.count(b"&") > _MOST_ESCAPES or _LONG_TAG.search(body):
        raise InvalidInput("This feed is too large to be read.", field="address")
    if found := read_quickly(body, page.headers.get("content-type", "")):
        return found
    for most in (MOST_ENTRIES, *_FEWER_ENTRIES):  # the newest stand first
        fewer = _first_entries(body, most)
        if fewer.count(b"<") <= _MOST_TAGS_SLOWLY and fewer.count(b"&") <= _MOST_ESCAPES_SLOWLY:
            return read_thoroughly(fewer, page, most)
    raise InvalidInput("This feed is too large to be read.", field="address")


def _first_entries(body: bytes, most: int) -> bytes:
    """The feed up to its 500th entry (or however many are asked for), closed properly."""
    starts = [found.start() for found in islice(_ENTRY.finditer(body), most + 1)]
    if len(starts) <= most:
        return body
    end = _END.get(first_element(body))
    return body[: starts[-1]] + end if end else body
