"""The facts of a feed in any format as they are written, none of them judged."""

import re
from collections import deque
from dataclasses import replace
from datetime import datetime
from itertools import islice

from creatorbot.errors import InvalidInput
from creatorbot.sources.base import Fetched
from creatorbot.sources.feed_charset import as_utf8
from creatorbot.sources.feed_entry import FeedDocument
from creatorbot.sources.feed_json import is_json, read_json
from creatorbot.sources.feed_moments import NotUnderstoodError, moment_of
from creatorbot.sources.feed_quick import read_quickly
from creatorbot.sources.feed_root import first_element
from creatorbot.sources.feed_thorough import read_thoroughly

MOST_ENTRIES = 500
# feedparser takes a minute over one tag with 50,000 attributes, and its time grows with the square of the depth.
_MOST_ELEMENTS = 60_000
_MOST_TAGS_SLOWLY, _MOST_ESCAPES_SLOWLY = 30_000, 100_000
_FEWER_ENTRIES = (200, 50, 10)
_MOST_ESCAPES = 400_000
_LONG_TAG = re.compile(rb"<[a-zA-Z/?][^<>]{20000}")
_ENTRY = re.compile(rb"<(?:[\w.-]{1,40}:)?(?:item|entry)[\s>]", re.I)
_DATE = re.compile(rb"<(?:pubDate|published|updated|issued|dc:date)\b[^<>]{0,200}>([^<]{1,60})<", re.I)
_END = {b"rss": b"</channel></rss>", b"feed": b"</feed>"}


def take_apart(page: Fetched) -> FeedDocument | None:
    """The facts in this feed; None when there is no feed in it. An entry cut off in its middle is left out.

    Of a long feed the newest 500 entries are read. Raises InvalidInput for one built to be heavy.
    """
    if is_json(page.body):
        return read_json(page, MOST_ENTRIES)
    whole = _begun(page.body)
    body = _newest_entries(whole, MOST_ENTRIES)
    found = _read(body, page)
    return replace(found, shortened=True) if found and body is not whole else found


def _read(body: bytes, page: Fetched) -> FeedDocument | None:
    if body.count(b"<") - body.count(b"</") > _MOST_ELEMENTS or body.count(b"&") > _MOST_ESCAPES or _LONG_TAG.search(body):
        raise InvalidInput("This feed is too large to be read.", field="address")
    if found := read_quickly(body, page.headers.get("content-type", "")):
        return found
    body = as_utf8(body, page.headers.get("content-type", ""))
    for most in (MOST_ENTRIES, *_FEWER_ENTRIES):
        fewer = _newest_entries(body, most)
        if fewer.count(b"<") <= _MOST_TAGS_SLOWLY and fewer.count(b"&") <= _MOST_ESCAPES_SLOWLY:
            return read_thoroughly(fewer, page, most)
    raise InvalidInput("This feed is too large to be read.", field="address")


def _begun(body: bytes) -> bytes:
    """The feed without the blank lines that some programs leave before its declaration, where none may stand."""
    begun = body.removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n")
    return begun if begun[:5] == b"<?xml" else body


def _newest_entries(body: bytes, most: int) -> bytes:
    """The feed with its newest entries, at most so many, closed properly. The newest stand first, unless the dates say otherwise."""
    starts = [found.start() for found in islice(_ENTRY.finditer(body), most + 1)]
    if len(starts) <= most:
        return body
    last = max(body.rfind(b"<item"), body.rfind(b"<entry"))
    oldest, newest = _day_in(body[starts[0] : starts[1]]), _day_in(body[last:])
    if oldest is not None and newest is not None and oldest < newest:
        kept = deque((found.start() for found in _ENTRY.finditer(body)), maxlen=most)
        return body[: starts[0]] + body[kept[0] :]
    end = _END.get(first_element(body))
    return body[: starts[-1]] + end if end else body


def _day_in(entry: bytes) -> datetime | None:
    """The time that this entry tells; None when it tells none that is plainly written."""
    found = _DATE.search(entry[:100_000])
    try:
        return moment_of(found.group(1).decode("ascii", "replace").strip()) if found else None
    except (NotUnderstoodError, ValueError):
        return None
